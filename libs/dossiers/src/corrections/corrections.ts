/** Corrections by staff: seen before they are made, made as they were seen, and by two people where the policy asks for it. */
import { CommandBus } from '@nestjs/cqrs';
import { Injectable } from '@nestjs/common';
import { v4 as randomUuid } from 'uuid';
import type { CommandId, PersonId } from '#libs/trajectory';
import type { CommandBase, CommandResult } from '../command-result';
import { DossierContext } from '../context';
import type { Review, Warrant } from '../person/command';
import { previewOf } from '../preview/preview';
import type { Preview } from '../preview/shape';
import type { Refusal } from '../refusal';
import { CORRECTIONS } from './kinds';
import type { CorrectionKind } from './names';

export interface Correction {
  readonly personId: PersonId;
  readonly kind: CorrectionKind;
  /** As it came of the kind's form. */
  readonly input: unknown;
}

export interface CorrectionOrder extends Correction {
  readonly commandId: CommandId;
  readonly actor: string;
  readonly warrant: Warrant;
  /** Digest of the effects that were agreed to; left out = whatever it does, as far as one person may decide that. */
  readonly effects?: string;
}

type Refused = Extract<CommandResult, { outcome: 'refused' }>;

/** `moved`: it would do something else than was agreed to; `needs-approval`: nobody has approved these effects. Neither has written anything. */
export type CorrectionOutcome =
  | CommandResult
  | { readonly outcome: 'moved'; readonly preview: Preview }
  | { readonly outcome: 'needs-approval'; readonly preview: Preview };

const MOVED: readonly Refusal[] = [
  { code: 'effects-moved', field: 'effects', problem: 'it would do something else than was agreed to; look at it again' },
];
const NEEDS_APPROVAL: readonly Refusal[] = [
  {
    code: 'needs-approval',
    field: '',
    problem: 'a second person must agree to this; give it as a correction, which is then proposed',
  },
];

@Injectable()
export class Corrections {
  constructor(
    private readonly bus: CommandBus,
    private readonly context: DossierContext,
  ) {}

  /** What the correction would do now if `actor` made it; writes nothing. */
  async preview(
    { personId, kind, input }: Correction,
    actor: string,
  ): Promise<{ readonly outcome: 'previewed'; readonly preview: Preview } | Refused> {
    const look = new Look(this.context.today());
    const base: CommandBase = {
      personId,
      commandId: randomUuid() as CommandId,
      actor,
      review: look.review,
      isPreview: true,
    };
    const result = await this.bus.execute(CORRECTIONS[kind].command(base, input));
    if (look.preview !== null) return { outcome: 'previewed', preview: look.preview };
    if (result.outcome === 'refused') return result;
    throw new Error(`a preview of ${kind} was carried out`);
  }

  /**
   * Makes the correction, if it does what was agreed to and one person may decide it or a second one has approved (`warrant.approvedBy`). What it does
   * is computed anew on what is read just before it is written.
   */
  async carryOut({ personId, kind, input, commandId, actor, warrant, effects }: CorrectionOrder): Promise<CorrectionOutcome> {
    const look = new Look(this.context.today(), (preview) => {
      if (effects !== undefined && preview.digest !== effects) return MOVED;
      return preview.needsApproval.length > 0 && warrant.approvedBy === undefined ? NEEDS_APPROVAL : [];
    });
    const base: CommandBase = { personId, commandId, actor, warrant, review: look.review };
    const result = await this.bus.execute(CORRECTIONS[kind].command(base, input));
    if (result.outcome === 'done' || look.preview === null) return result;
    if (result.refusals === MOVED) return { outcome: 'moved', preview: look.preview };
    if (result.refusals === NEEDS_APPROVAL) return { outcome: 'needs-approval', preview: look.preview };
    return result;
  }
}

/** For a command that comes without a preview: refuses what one person may not decide. */
export const reviewForOne =
  (today: string): Review =>
  (effects) =>
    previewOf(effects, today).needsApproval.length > 0 ? NEEDS_APPROVAL : [];

/** Keeps what it was shown last. */
class Look {
  preview: Preview | null = null;

  constructor(
    private readonly today: string,
    private readonly judge: (preview: Preview) => readonly Refusal[] = () => [],
  ) {}

  readonly review: Review = (effects) => {
    this.preview = previewOf(effects, this.today);
    return this.judge(this.preview);
  };
}
