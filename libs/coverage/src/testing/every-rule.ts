/** A person for every rule that can settle a line, under the policy of the tests: the last decision of the line named `r` is by it. */
import type { LineDecision, PersonFacts, SessionFact } from '#libs/trajectory';
import { decide, type PolicyBook } from '../index';
import { history, override, packageOf, person, session, statement, weekly, type PersonSpec, type TrajectorySpec } from './facts';
import { bookOf, insurer, otherInsurer } from './policy';

export interface RuleCase {
  readonly facts: PersonFacts;
  readonly book: PolicyBook;
}

const book = bookOf();
/** Osteoarthritis needs the consent of the insurer. */
export const consentBook = bookOf({
  insurers: [
    { ...insurer, authorisationFor: [{ from: '2006-01-01', value: ['2.6-5'], source: 'page of the insurer' }] },
    otherInsurer,
  ],
});

const of = (trajectory: TrajectorySpec, more: Partial<PersonSpec> = {}): RuleCase => ({
  facts: person({ trajectories: [trajectory], ...more }),
  book,
});
const only = (changes: Partial<SessionFact>, date = '2025-03-03', more: Partial<PersonSpec> = {}): RuleCase =>
  of({ sessions: [session('r', date, changes)] }, more);
/** `count` sessions a week apart, the last of which is the line. */
const row = (from: string, count: number, changes: Partial<SessionFact> = {}): SessionFact[] => {
  const lines = weekly('s', from, count, changes);
  return [...lines.slice(0, -1), session('r', lines.at(-1)?.date ?? from, changes)];
};
const at7095 = { insurance: [{ insurer: '7095', from: '2000-01-01', through: null }] };
const covid = { diagnosis: '9363', csi: '020' };

export const EVERY_RULE: Readonly<Record<string, RuleCase>> = {
  'not-insured': only({}, '2025-03-03', { insurance: [{ insurer: '3343', from: '2024-01-01', through: '2024-12-31' }] }),
  'after-death': only({}, '2025-03-03', { diedOn: '2025-03-02' }),
  performance: only({ performance: '9999', quantity: 9 }),
  'unknown-code': only({ diagnosis: '0000' }),
  'closed-code': only({ diagnosis: '9376' }, '2024-07-01'),
  indication: only({ csi: '999' }),
  provider: only({ diagnosis: '6483' }),
  combination: only({ csi: '009' }),
  'age-limit': only({ diagnosis: '6210', ageYears: 30 }),
  'performance-required': only({ diagnosis: '9390', csi: '001' }),
  'too-late': only({ receivedOn: '2026-03-04' }, '2025-03-03', at7095),
  'start-too-late': of({
    sessions: [session('r', '2024-04-16', { diagnosis: '4021' })],
    statements: [statement('ClinicalFactsStated.v1', { diagnosedOn: '2024-01-15' })],
  }),
  'hold-switch': of({ sessions: [session('r', '2024-01-08')], switches: ['2024-01-01'] }),
  'hold-asserted': only({ csi: '001' }),
  'hold-earlier': of({ sessions: [session('a', '2025-01-06', { csi: '001' }), session('r', '2025-01-13')] }),
  authorisation: { ...only({ diagnosis: '7023', csi: '012' }), book: consentBook },
  'within-threshold': of({ sessions: row('2025-01-06', 3, { diagnosis: '4021' }) }, { packages: [packageOf('Nine')] }),
  'above-threshold': of(
    { sessions: row('2025-01-06', 2), histories: [history(19, '2024-12-30')] },
    {
      insurance: [{ insurer: '3343', from: '2025-01-01', through: null }],
    },
  ),
  'no-threshold-under-18': only({ csi: '001', ageYears: 12, deductibleAge: false }),
  'no-threshold': only({ diagnosis: '9390', csi: '001', performance: '10039' }),
  'within-cap': of({ sessions: row('2024-01-01', 2, { diagnosis: '2554', csi: '014' }) }),
  'past-cap': of({ sessions: row('2025-01-06', 13, { diagnosis: '7023', csi: '012' }) }, { packages: [packageOf('Nine')] }),
  'past-term': of({ sessions: row('2024-02-01', 22, { diagnosis: '3038' }) }, { packages: [packageOf('Nine')] }),
  'term-not-opened': only(covid, '2024-07-01'),
  'long-session': of({ sessions: [...weekly('s', '2025-01-06', 20), session('r', '2025-07-01', { performance: '1700' })] }),
  overridden: of(
    {
      sessions: row('2025-01-06', 2),
      histories: [history(19, '2024-12-30')],
      overrides: [override(session('r', '2025-01-13'), [1500, 0, 2500])],
    },
    { insurance: [{ insurer: '3343', from: '2025-01-01', through: null }] },
  ),
  'no-entitlement': only({ diagnosis: '4026', csi: '009' }, '2025-03-03', { packages: [packageOf('Nine')] }),
};

export interface Decided {
  readonly decision: LineDecision;
  readonly session: SessionFact;
  readonly all: readonly LineDecision[];
}

/** The decision on the line with this reference. */
export function decidedLine({ facts, book: policy }: RuleCase, reference = 'r'): Decided {
  const all = decide(facts, policy);
  const decision = all.find((each) => each.line.endsWith(`/${reference}`));
  const line = sessionsOf(facts).find((each) => each.line === decision?.line);
  if (decision === undefined || line === undefined) throw new Error(`no line ${reference}`);
  return { decision, session: line, all };
}

export const sessionsOf = (facts: PersonFacts): SessionFact[] =>
  [...facts.trajectories.values()].flatMap((each) => [...each.sessions.values()]);
