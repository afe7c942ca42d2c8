/**
 * A decision that was set by hand: the money of one valid line is as the override says. Position, count and holds are those that the facts
 * give it, so that nothing else of the person moves but what shares a package with it.
 */
import { divided, mainPurse, OVERRIDDEN, type LineDecision, type OverrideFact, type PurseCents } from '#libs/trajectory';
import { NO_CODES } from './money';
import type { PackageUse } from './package';
import { isExempt, type ValidWork } from './work';

/** Flag of a decision that was set by hand. */
const FLAG = OVERRIDDEN;
const NOT_COVERED: readonly string[] = ['0613'];

/** @param judge what the facts alone make of the line; it counts, and stands beside the override in the reason */
export function decideByHand(
  work: ValidWork,
  override: OverrideFact,
  packages: PackageUse,
  judge: () => LineDecision,
): LineDecision {
  return overridden(
    work,
    override,
    packages.instead(work, judge, (derived) => packageSessionsOf(work, override, derived)),
  );
}

function overridden(work: ValidWork, override: OverrideFact, derived: LineDecision): LineDecision {
  const { session, terms } = work;
  const { split } = override;
  const borne = divided(
    split,
    derived.units.map(({ cents }) => cents),
  );
  const inFull = terms.paysProviderInFull;
  const paidToProvider = split.basic + split.supplementary + (inFull ? split.insured : 0);
  return {
    line: derived.line,
    trajectory: derived.trajectory,
    status: 'decided',
    condition: derived.condition,
    units: derived.units.map(({ position, cents }, i) => ({
      position,
      purse: onlyPurse(borne[i] as PurseCents, cents),
      cents,
      rule: OVERRIDDEN,
    })),
    split: { ...split, refused: 0, undecided: 0 },
    codes: paidToProvider === session.declaredCents ? NO_CODES : codesOf(override, derived),
    deductible: split.basic > 0 && session.deductibleAge && !isExempt(work),
    paidToProvider,
    claimFromInsured: inFull ? split.insured : 0,
    flags: [...derived.flags, FLAG],
    reason: { rule: OVERRIDDEN, values: { ...derived.reason.values, ...told(override, derived) } },
  };
}

/** The purse of a session that one bears alone; null where several do, or there is nothing to bear. */
function onlyPurse(borne: PurseCents, cents: number): LineDecision['units'][number]['purse'] {
  const purse = mainPurse(borne);
  return purse !== null && borne[purse] === cents ? purse : null;
}

/** A held or late line has no code of a decision that pays: what is not paid then is simply not covered. */
function codesOf({ code }: OverrideFact, derived: LineDecision): readonly string[] {
  if (code !== undefined) return [code];
  return derived.status === 'decided' && derived.split.refused === 0 && derived.codes.length > 0 ? derived.codes : NOT_COVERED;
}

/** No ids and no day of the clock: a preview shows what its commit books. */
const told = ({ endsOn }: OverrideFact, { status, reason, split }: LineDecision): LineDecision['reason']['values'] => ({
  overriddenThrough: endsOn,
  derivedStatus: status,
  derivedRule: reason.rule,
  derivedBasic: split.basic,
  derivedSupplementary: split.supplementary,
  derivedInsured: split.insured,
  derivedRefused: split.refused,
  derivedUndecided: split.undecided,
});

/** Sessions of the line that use a unit of the package: those with a cent of it; what is no session uses none. */
const packageSessionsOf = (work: ValidWork, { split }: OverrideFact, { units }: LineDecision): number =>
  work.units === 0
    ? 0
    : divided(
        split,
        units.map(({ cents }) => cents),
      ).filter(({ supplementary }) => supplementary > 0).length;
