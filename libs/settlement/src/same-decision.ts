import type { LineDecision } from '#libs/trajectory';

export const sameList = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (!same(a[i] as T, b[i] as T)) return false;
  return true;
};
const identical = <T>(x: T, y: T): boolean => x === y;

const sameValues = (a: LineDecision['reason']['values'], b: LineDecision['reason']['values']): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
};

/** Whether both have one status, item, money and codes; units, reason and flags aside. */
export const sameResult = (a: LineDecision, b: LineDecision): boolean =>
  a.status === b.status &&
  a.condition === b.condition &&
  a.deductible === b.deductible &&
  a.paidToProvider === b.paidToProvider &&
  a.claimFromInsured === b.claimFromInsured &&
  a.split.basic === b.split.basic &&
  a.split.supplementary === b.split.supplementary &&
  a.split.insured === b.split.insured &&
  a.split.refused === b.split.refused &&
  a.split.undecided === b.split.undecided &&
  sameList(a.codes, b.codes, identical);

/**
 * Whether two decisions of one line say the same, reason and flags included: a decision whose reason changed is recorded anew
 * even when no cent moves, for the reason is what is shown. That they are of one line is the caller's to know. Runs for every line
 * of a person at every command, hence by hand.
 */
export function sameDecision(a: LineDecision, b: LineDecision): boolean {
  return (
    sameResult(a, b) &&
    a.trajectory === b.trajectory &&
    a.reason.rule === b.reason.rule &&
    sameValues(a.reason.values, b.reason.values) &&
    sameList(
      a.units,
      b.units,
      (x, y) => x.position === y.position && x.purse === y.purse && x.cents === y.cents && x.rule === y.rule,
    ) &&
    sameList(a.flags, b.flags, identical)
  );
}
