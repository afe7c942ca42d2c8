/** The bundled policy and short ways to ask it: the tests that name the counting rules decide by the files that the product brings. */
import { compilePolicy, decide, type PolicyBook, type PolicyDocument } from '#libs/coverage';
import { loadPolicyFiles } from '#libs/policy-files';
import type { LineDecision, SessionFact } from '#libs/trajectory';
import { person, session, weekly, type PersonSpec, type TrajectorySpec } from '../../libs/coverage/src/testing/facts';

const loaded = loadPolicyFiles();
export const policy: PolicyDocument = loaded.document;
export const book: PolicyBook = compilePolicy(policy, loaded.digest);

/** The bundled policy with one interpretation read otherwise, on every date. */
export const bookReading = (name: string, value: string | number | boolean | null): PolicyBook =>
  compilePolicy(
    {
      ...policy,
      interpretations: policy.interpretations.map((each) =>
        each.name === name ? { ...each, values: [{ from: '2006-01-01', value }] } : each,
      ),
    },
    `${name} ${value}`,
  );

export const INSURED_AT_7095 = [{ insurer: '7095', from: '2000-01-01', through: null }];

/** What is decided of a person with these trajectories, in session order. */
export const decided = (
  trajectories: readonly TrajectorySpec[],
  more: Omit<PersonSpec, 'trajectories'> = {},
  by: PolicyBook = book,
): LineDecision[] => decide(person({ ...more, trajectories }), by);

/** The decision on one line by itself: a stroke under 008 in March 2024, unless said. */
export function alone(
  changes: Partial<SessionFact> = {},
  date = '2024-03-04',
  more: Omit<PersonSpec, 'trajectories'> = {},
  by: PolicyBook = book,
): LineDecision {
  const [decision] = decided([{ sessions: [session('r', date, { diagnosis: '9372', ...changes })] }], more, by);
  if (decision === undefined) throw new Error('no decision');
  return decision;
}

/** `count` sessions a week apart as a careful practice declares them: 008 up to the twentieth, 001 from there. */
export const course = (prefix: string, from: string, count: number, changes: Partial<SessionFact> = {}): SessionFact[] =>
  weekly(prefix, from, count, { diagnosis: '9372' }).map((line, i) => ({ ...line, csi: i < 20 ? '008' : '001', ...changes }));

export const positions = (decisions: readonly LineDecision[]): (number | null)[] =>
  decisions.flatMap((each) => each.units.map((unit) => unit.position));
export const rules = (decisions: readonly LineDecision[]): string[] => decisions.map((each) => each.reason.rule);
export const statuses = (decisions: readonly LineDecision[]): string[] => decisions.map((each) => each.status);
export const conditions = (decisions: readonly LineDecision[]): (string | null)[] => decisions.map((each) => each.condition);
