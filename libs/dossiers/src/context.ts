import type { AccessWriter } from '#libs/access-log';
import type { EventStore } from '#libs/event-store';
import type { IdentityVault } from '#libs/identity';
import { dutchDay } from '#libs/trajectory';
import type { LineKeyRegister } from './declare-claim-lines/line-key-register';
import type { FoldCache } from './person/fold-cache';
import type { PolicyRegistry } from './policy/registry';
import type { ProposalBook } from './proposals/proposal-book';

/** What the command handlers work with; one per process. */
export class DossierContext {
  constructor(
    readonly store: EventStore,
    readonly vault: IdentityVault,
    readonly policies: PolicyRegistry,
    readonly lineKeys: Pick<LineKeyRegister, 'takenByOthers' | 'follow'>,
    /** Folds of long histories; null = none are kept. */
    readonly foldCache: FoldCache | null = null,
    /** What waits for a second person; null = none are kept. */
    readonly proposals: ProposalBook | null = null,
    /** The present moment; commands that need a date take it from here, never the domain. */
    readonly now: () => Date = () => new Date(),
    /** Records whose data this process works with; null only over a store in memory, which is nobody's data. */
    readonly access: AccessWriter | null = null,
  ) {}

  /** Today in the Netherlands, `YYYY-MM-DD`: claim periods and insurance run by the Dutch calendar. */
  today(): string {
    return dutchDay(this.now());
  }
}
