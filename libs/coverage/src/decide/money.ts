/** Step 13: cents per purse, the money flow beside them, and the return code of what the provider is not paid. */
import type { LineDecision, Purse, Split, UnitDecision } from '#libs/trajectory';
import type { Invalidity, Work } from './work';

/** Return codes that a line may carry. */
export const MAX_CODES = 3;
export const NO_CODES: readonly string[] = [];
export const NO_FLAGS: readonly string[] = [];
const NO_UNITS: readonly UnitDecision[] = [];

/** Cents of the i-th of q sessions of a line: floor(amount / q), the remainder to the last. */
export function shareOf(declaredCents: number, quantity: number, index: number): number {
  const share = Math.floor(declaredCents / quantity);
  return index === quantity - 1 ? declaredCents - share * (quantity - 1) : share;
}

export function invalidDecision(work: Work, invalid: Invalidity): LineDecision {
  return {
    line: work.session.line,
    trajectory: work.trajectory,
    status: 'invalid',
    condition: null,
    units: NO_UNITS,
    split: { basic: 0, supplementary: 0, insured: 0, refused: work.session.declaredCents, undecided: 0 },
    codes: invalid.codes,
    deductible: false,
    paidToProvider: 0,
    claimFromInsured: 0,
    flags: NO_FLAGS,
    reason: { rule: invalid.rule, values: invalid.values },
  };
}

/** Adds up the units of a decided line; the three purses close the declared amount. */
export function splitOf(units: readonly UnitDecision[]): Split {
  let basic = 0;
  let supplementary = 0;
  let insured = 0;
  for (const unit of units) {
    if (unit.purse === 'basic') basic += unit.cents;
    else if (unit.purse === 'supplementary') supplementary += unit.cents;
    else insured += unit.cents;
  }
  return { basic, supplementary, insured, refused: 0, undecided: 0 };
}

export const unit = (position: number | null, purse: Purse | null, cents: number, rule: string): UnitDecision => ({
  position,
  purse,
  cents,
  rule,
});
