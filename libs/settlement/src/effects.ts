import { OVERRIDDEN, type LineDecision, type LineKey, type PersonState, type SettlementEntry } from '#libs/trajectory';
import { sameList, sameResult } from './same-decision';
import type { Settlement } from './settle';

/** What a settlement does to one line. */
export interface LineEffect {
  readonly line: LineKey;
  /** The decision that stood; null = the line had none. */
  readonly before: LineDecision | null;
  /** The decision that stands then; null = the line is taken out. */
  readonly after: LineDecision | null;
  /** Money that moves; null = none. */
  readonly entry: SettlementEntry | null;
}

/**
 * The lines on which a settlement changes what a person sees of them: status, item, positions, purses, cents, codes or money flow, ascending by
 * line. A decision of which only the reason's numbers, the flags or the trajectory it is counted in change is recorded anew all the same, but it is no effect.
 */
export function effectsOf(before: Pick<PersonState, 'decisions'>, settlement: Settlement): LineEffect[] {
  const entries = new Map(settlement.entries.map((entry) => [entry.line, entry]));
  const after = new Map<LineKey, LineDecision | null>(settlement.decisions.map((decision) => [decision.line, decision]));
  for (const line of settlement.withdrawn) after.set(line, null);
  // Money can also move where the decision stands: when what was booked is not what it says.
  for (const line of entries.keys()) if (!after.has(line)) after.set(line, before.decisions.get(line) ?? null);
  return [...after]
    .map(([line, decision]): LineEffect => ({
      line,
      before: before.decisions.get(line) ?? null,
      after: decision,
      entry: entries.get(line) ?? null,
    }))
    .filter((each) => each.entry !== null || !looksTheSame(each.before, each.after))
    .sort((a, b) => (a.line < b.line ? -1 : 1));
}

/** Whether nobody outside sees a difference between the two: their outcomes (`outcomeOf`) are the same. Runs for every line of a preview, hence by hand. */
export function looksTheSame(before: LineDecision | null, after: LineDecision | null): boolean {
  if (before === null || after === null) return before === after;
  const byHand = before.reason.rule === OVERRIDDEN;
  return (
    sameResult(before, after) &&
    sameList(before.units, after.units, (x, y) => x.position === y.position && x.purse === y.purse && x.cents === y.cents) &&
    byHand === (after.reason.rule === OVERRIDDEN) &&
    (!byHand || SET_BY_HAND.every((name) => before.reason.values[name] === after.reason.values[name]))
  );
}

/** Of a decision set by hand: until when, and what would be decided without. */
const SET_BY_HAND = [
  ...(['overriddenThrough', 'derivedStatus', 'derivedBasic', 'derivedSupplementary', 'derivedInsured'] as const),
  ...(['derivedRefused', 'derivedUndecided'] as const),
];

/** What a decision says to those outside, in a fixed order; all of it JSON. */
export const outcomeOf = (decision: LineDecision): readonly unknown[] => [
  decision.status,
  decision.condition,
  decision.units.map(({ position, purse, cents }) => [position, purse, cents]),
  [decision.split.basic, decision.split.supplementary, decision.split.insured, decision.split.refused, decision.split.undecided],
  decision.codes,
  decision.deductible,
  decision.paidToProvider,
  decision.claimFromInsured,
  // of others the list stays as it was: digests of proposals that wait are over it
  ...(decision.reason.rule === OVERRIDDEN ? SET_BY_HAND.map((name) => decision.reason.values[name]) : []),
];
