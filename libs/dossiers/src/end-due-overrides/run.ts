/** Ends the overrides whose last day has passed: a decision never looks at the clock, so this has to be run every day. */
import type { CommandBus } from '@nestjs/cqrs';
import type { AccessWriter } from '#libs/access-log';
import type { CausedPaymentChanges, IsoDate, OverrideFact, PersonFacts, PersonId } from '#libs/trajectory';
import { inGroups } from '../campaigns/groups';
import type { DossierContext } from '../context';
import { lapseCommandId } from '../person/event-ids';
import { loadPersons } from '../person/load';
import { toldOf } from '../payment-specification/told';
import { EndLapsedOverrides } from './command';

/** Loaded at once. */
const PERSONS = 100;

export interface DueReport {
  /** Persons whose overrides ended now, and how many ended. */
  readonly persons: number;
  readonly ended: number;
  /** Persons of whom they could not be ended, with what was answered. */
  readonly refused: readonly { readonly personId: PersonId; readonly codes: readonly string[] }[];
  /** Grants that moved: for the payment specifications. */
  readonly payments: readonly CausedPaymentChanges[];
}

/** Overrides in effect whose last day lies before the day. */
export const overridesDue = ({ trajectories }: PersonFacts, today: IsoDate): readonly OverrideFact[] =>
  [...trajectories.values()].flatMap(({ overrides }) => [...overrides.values()].filter(({ endsOn }) => endsOn < today));

/**
 * Each person in a command of their own, decided anew and booked once, so that it may be stopped and run again at any time: what has ended
 * is passed over, and the id of a command follows from what it ends. Who is changed is on record before and after.
 * @param candidates persons that may have such overrides; others are passed over
 */
export async function endDueOverrides(
  context: Pick<DossierContext, 'store' | 'today'>,
  bus: Pick<CommandBus, 'execute'>,
  access: Pick<AccessWriter, 'change'>,
  candidates: AsyncIterable<PersonId>,
  actor: string,
): Promise<DueReport> {
  const today = context.today();
  const report = { persons: 0, ended: 0, refused: [] as DueReport['refused'][number][], payments: [] as CausedPaymentChanges[] };
  for await (const ids of inGroups(candidates, PERSONS))
    for (const [personId, { fold }] of await loadPersons(context.store, ids)) {
      const due =
        fold.erasedAt === null
          ? overridesDue(fold, today)
              .map((each) => each.overrideId)
              .sort()
          : [];
      if (due.length === 0) continue;
      const command = new EndLapsedOverrides({ personId, commandId: lapseCommandId(personId, due), actor }, due);
      const result = await access.change(
        { event: 'overrides-end-due', action: 'change', object: 'dossier', persons: [personId] },
        () => bus.execute(command),
        ({ outcome }) => (outcome === 'done' ? 'success' : 'refused'),
      );
      if (result.outcome === 'refused') report.refused.push({ personId, codes: result.refusals.map(({ code }) => code) });
      else {
        report.persons += 1;
        report.ended += due.length;
        report.payments.push(...toldOf(result, result.commandId));
      }
    }
  return report;
}
