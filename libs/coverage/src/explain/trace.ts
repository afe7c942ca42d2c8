/**
 * A decision as the list of steps in which its line was judged. Made from what the recorded decision holds, the session, and the policy
 * version that it was decided under: a decision of years ago explains itself, and nobody is folded again for it.
 */
import type { LineDecision } from '#libs/trajectory';
import type { PolicyBook } from '../policy/book';
import { nextOf } from './next';
import { judged } from './trace-judged';
import { stepsOf } from './trace-steps';
import { RULE_BY_ID } from './rules';
import type { SetByHand, Trace, TracedSession } from './trace-shape';

/**
 * The trace of one decision. Never throws on a recorded decision: values that an older engine did not record are left out, and a rule
 * that is not known here decides no step.
 * @param decision as recorded in a PersonDecided
 * @param session the declared line; its age is looked at for whether the threshold applies, and shown only where an age limit decided
 * @param book the policy of the digest that the PersonDecided names
 * @param setByHand who set it by hand; null = nobody did, or it is not told
 */
export function trace(
  decision: LineDecision,
  session: TracedSession,
  book: PolicyBook,
  setByHand: SetByHand | null = null,
): Trace {
  const given = judged(decision, session, book, setByHand);
  const { condition } = decision;
  return {
    line: decision.line,
    date: session.date,
    status: decision.status,
    rule: decision.reason.rule,
    values: decision.reason.values,
    decidedBy: RULE_BY_ID.get(decision.reason.rule)?.step ?? null,
    condition: condition === null ? null : { id: condition, name: given.sheets.conditionName(condition) },
    policy: { version: book.version, digest: book.digest },
    steps: stepsOf(given),
    units: decision.units,
    split: decision.split,
    next: nextOf(given),
  };
}
