/** What stands beside a decision that was set by hand: the one that the facts alone would give. */
import { divided, mainPurse, OVERRIDDEN, type LineDecision, type Split } from '#libs/trajectory';

const cents = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** The split that would stand without; null where nothing was set by hand. */
export function derivedSplit({ rule, values }: LineDecision['reason']): Split | null {
  if (rule !== OVERRIDDEN) return null;
  return {
    basic: cents(values.derivedBasic),
    supplementary: cents(values.derivedSupplementary),
    insured: cents(values.derivedInsured),
    refused: cents(values.derivedRefused),
    undecided: cents(values.derivedUndecided),
  };
}

/**
 * The decision as it would be without the override, as far as the recorded one tells: which session of a line of several has which purse
 * is told by their number, not by their order.
 */
export function withoutOverride(decision: LineDecision): LineDecision {
  const split = derivedSplit(decision.reason);
  if (split === null) return decision;
  const { values } = decision.reason;
  const rule = String(values.derivedRule);
  const borne = divided(
    split,
    decision.units.map((unit) => unit.cents),
  );
  return {
    ...decision,
    split,
    status: values.derivedStatus === 'held' ? 'held' : 'decided',
    units: decision.units.map((unit, i) => ({ ...unit, rule, purse: mainPurse(borne[i] ?? split) })),
    flags: decision.flags.filter((flag) => flag !== OVERRIDDEN),
    reason: { rule, values },
  };
}
