/** What a trace says would come next is held to the engine: the change is made, and the outcome must change just there. */
import type { HistoryFact, SessionFact, StatementFact } from '#libs/trajectory';
import fc from 'fast-check';
import { dayBefore, decide, trace, type NextChange, type PolicyBook, type Trace } from '../index';
import { consentBook, decidedLine, EVERY_RULE } from '../testing/every-rule';
import {
  history,
  packageOf,
  person,
  plusDays,
  session,
  statement,
  weekly,
  type PersonSpec,
  type TrajectorySpec,
} from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
type Lines = readonly SessionFact[];

/** The trace of the last line, and the decisions of more lines once they are there too. */
function last(lines: Lines, more: Partial<TrajectorySpec> = {}, of: Partial<PersonSpec> = {}, policy: PolicyBook = book) {
  const decided = (all: Lines) => decide(person({ ...of, trajectories: [{ ...more, sessions: all }] }), policy);
  const line = lines.at(-1);
  const decision = decided(lines).find((each) => each.line === line?.line);
  if (line === undefined || decision === undefined) throw new Error('no line');
  return {
    decision,
    trace: trace(decision, line, policy),
    /** Purse and rule of each session of the lines that are added. */
    added: (extra: Lines) => {
      const keys = new Set(extra.map((each) => each.line));
      return decided([...lines, ...extra])
        .filter((each) => keys.has(each.line))
        .flatMap(({ units, reason }) => units.map(({ purse, position, rule }) => ({ purse, position, rule, reason })));
    },
  };
}
const next = (of: Trace, kind: NextChange['kind']): NextChange['values'] => {
  const found = of.next.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`no ${kind} in ${JSON.stringify(of.next)}`);
  return found.values;
};
const numberOf = (value: unknown): number => {
  if (typeof value !== 'number') throw new Error(`${String(value)} is no number`);
  return value;
};
/** `count` sessions on the day after the line and the days that follow. */
const after = (date: string, count: number, changes: Partial<SessionFact>): SessionFact[] =>
  Array.from({ length: count }, (_, i) => session(`z${String(i + 1).padStart(3, '0')}`, plusDays(date, i + 1), changes));

describe('threshold: adding sessions up to the stated position changes the purse at exactly that one', () => {
  it.each([
    ['2009-03-02', '2011-01-01'],
    ['2011-10-03', '2012-01-01'],
    ['2024-01-01', '2024-01-01'],
  ])('a trajectory from %s, sessions that come after %s, whatever was imported, in lines of one or more', (start, from) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (own, quantity, known) => {
          const lines = [...weekly('a', start, own - 1), session('r', plusDays(start, 7 * own), { quantity })];
          const of = last(
            lines,
            known === 0 ? {} : { histories: [history(known, dayBefore(start), { startedOn: dayBefore(start) })] },
          );
          const position = numberOf(of.decision.units.at(-1)?.position);
          if (of.decision.units.at(-1)?.purse === 'basic') return;
          const values = next(of.trace, 'threshold');
          const missing = numberOf(values.position) - position;
          const date = lines.at(-1)?.date ?? '';
          const added = of.added(after(date > from ? date : from, missing, {}));
          expect(added.at(-1)).toMatchObject({ position: values.position, purse: 'basic' });
          expect(added.slice(0, -1).every(({ purse }) => purse !== 'basic')).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('where sessions given as a child are left out, they are on top of it', () => {
    const without = bookOf({
      interpretations: book.document.interpretations.map((each) =>
        each.name === 'countSessionsBeforeAge18' ? { ...each, values: [{ from: '2006-01-01', value: false }] } : each,
      ),
    });
    const lines = [...weekly('c', '2024-01-01', 5, { csi: '001', ageYears: 17 }), session('r', '2024-03-04', { ageYears: 18 })];
    const of = last(lines, {}, {}, without);
    expect(next(of.trace, 'threshold')).toEqual({ position: 26, before: null });
    expect(of.added(after('2024-03-04', 20, { ageYears: 18 })).map(({ purse }) => purse)).toEqual([
      ...Array<string>(19).fill('insured'),
      'basic',
    ]);
  });

  it('is bounded by the term, and not told once the term is over', () => {
    const shoulder = { diagnosis: '4021' };
    const of = last(weekly('s', '2024-01-01', 2, shoulder));
    expect(next(of.trace, 'threshold')).toEqual({ position: 21, before: '2025-01-01' });
    const inTerm = of.added([...after('2024-03-01', 18, shoulder), session('y', '2024-12-31', shoulder)]);
    expect(inTerm.at(-1)?.purse).toBe('basic');
    const outside = of.added([...after('2024-03-01', 18, shoulder), session('y', '2025-01-01', shoulder)]);
    expect(outside.at(-1)?.purse).toBe('insured');
    expect(last([...weekly('s', '2024-01-01', 2, shoulder), session('y', '2025-01-01', shoulder)]).trace.next).not.toContainEqual(
      expect.objectContaining({ kind: 'threshold' }),
    );
  });
});

describe('cap: as many sessions as are left are basic, the one after them is not', () => {
  it.each<[string, Partial<SessionFact>, number]>([
    ['osteoarthritis', { diagnosis: '7023', csi: '012' }, 12],
    ['pelvic', { diagnosis: '6486', csi: '010', performance: '1600' }, 9],
    ['COPD class A', { diagnosis: '2554', csi: '013' }, 5],
    ['COPD class B1', { diagnosis: '2554', csi: '014' }, 27],
    ['child', { diagnosis: '7326', csi: '003', ageYears: 9, deductibleAge: false }, 18],
  ])('%s', (_, line, cap) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: cap - 1 }), fc.integer({ min: 1, max: 4 }), (own, quantity) => {
        const date = plusDays('2024-01-08', own);
        const of = last([...after('2024-01-01', own - 1, line), session('r', date, { ...line, quantity })]);
        if (of.decision.units.at(-1)?.purse !== 'basic') return;
        const left = numberOf(next(of.trace, 'cap').left);
        expect(left).toBe(cap - (own - 1) - quantity);
        const added = of.added(
          after(date, left + 1, line).map((each, i) => ({
            ...each,
            reference: `y${i}`,
            line: `04000001/y${String(i).padStart(3, '0')}` as SessionFact['line'],
          })),
        );
        expect(added.map(({ purse }) => purse)).toEqual([...Array<string>(left).fill('basic'), 'insured']);
      }),
      { numRuns: 30 },
    );
  });

  it.each<[string, Partial<SessionFact>, number, string]>([
    ['COPD class B1', { diagnosis: '2554', csi: '014' }, 28, '2025-01-01'],
    ['child', { diagnosis: '7326', csi: '003', ageYears: 9, deductibleAge: false }, 19, '2025-01-01'],
  ])('%s: the first day of the next period, and not the day before', (_, line, count, from) => {
    const of = last(Array.from({ length: count }, (_each, i) => session(`a${i + 10}`, plusDays('2024-01-01', i), line)));
    expect(of.decision.reason.rule).toBe('past-cap');
    expect(next(of.trace, 'cap-renews')).toEqual({ from });
    expect(of.added([session('y', dayBefore(from), line)])[0]?.purse).toBe('insured');
    expect(of.added([session('y', from, { ...line, ...(line.csi === '014' ? { csi: '016' } : {}) })])[0]?.purse).toBe('basic');
  });

  it('class A has none in following years: nothing is promised', () => {
    const of = last(
      Array.from({ length: 6 }, (_, i) => session(`a${i}`, plusDays('2024-01-01', i), { diagnosis: '2554', csi: '013' })),
    );
    expect(of.decision.reason.rule).toBe('past-cap');
    expect(of.trace.next.map(({ kind }) => kind)).not.toContain('cap-renews');
  });
});

describe('term: the day before its end is basic, the day itself is not', () => {
  it.each<[string, Partial<SessionFact>, number]>([
    ['osteoarthritis', { diagnosis: '7023', csi: '012' }, 1],
    ['frozen shoulder above the threshold', { diagnosis: '4021' }, 21],
    ['a child with whiplash', { diagnosis: '3038', csi: '001', ageYears: 12, deductibleAge: false }, 1],
    ['COVID, that ended for all', { diagnosis: '9363', csi: '020' }, 1],
  ])('%s', (_, line, own) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (days) => {
        const start = plusDays('2024-01-01', days);
        const of = last(Array.from({ length: own }, (_each, i) => session(`a${i + 10}`, plusDays(start, i), line)));
        const date = String(next(of.trace, 'term-end').date);
        expect(of.added([session('y', dayBefore(date), line)])[0]?.purse).toBe('basic');
        expect(of.added([session('y', date, line)])[0]).toMatchObject({ purse: 'insured', rule: 'past-term' });
      }),
      { numRuns: 30 },
    );
  });

  it('an extension lets it end later, on the day that is told', () => {
    const whiplash = { diagnosis: '3038', csi: '001' };
    const known = { histories: [history(25, '2024-01-31', { startedOn: '2024-01-10' })] };
    const of = last([session('r', '2024-05-01', whiplash)], known);
    expect(next(of.trace, 'extension')).toEqual({ months: 6, end: '2024-10-10' });
    const statements = [statement('TermExtended.v1', {})];
    const extended = (date: string) => last([session('r', date, whiplash)], { ...known, statements }).decision.reason.rule;
    expect([extended('2024-05-01'), extended('2024-10-09'), extended('2024-10-10')]).toEqual([
      ...['above-threshold', 'above-threshold', 'past-term'],
    ]);
    const confirmed = last([session('r', '2024-10-10', whiplash)], { ...known, statements });
    expect(confirmed.trace.next.map(({ kind }) => kind)).toEqual(['episode', 'package-stated', ...dates(confirmed.trace)]);
  });

  it('a confirmed new episode from the day that is told counts from 1', () => {
    const lines = [
      ...weekly('s', '2023-01-02', 3, { diagnosis: '4021' }),
      ...weekly('t', '2024-01-08', 18, { diagnosis: '4021' }),
    ];
    const of = last(lines);
    expect(of.decision.reason.rule).toBe('past-term');
    const { from } = next(of.trace, 'episode');
    const statements = [statement('NewEpisodeConfirmed.v1', { from: String(from), event: 'other-side' })];
    expect(last(lines, { statements }).decision.reason).toMatchObject({ rule: 'within-threshold', values: { position: 1 } });
  });
});
const dates = ({ next: changes }: Trace): string[] =>
  changes.filter(({ kind }) => kind === 'confirm-date').map(({ kind }) => kind);

describe('package: as many sessions as are left in the year are paid, the one after them is not', () => {
  it.each(['Nine', 'Ten', 'Eighteen'])('%s', (name) => {
    const none = { diagnosis: '4026', csi: '009' };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }), (own, quantity) => {
        const of = last(
          [...after('2025-01-05', own - 1, none), session('r', '2025-02-03', { ...none, quantity })],
          {},
          { packages: [packageOf(name)] },
        );
        if (of.decision.units.at(-1)?.purse !== 'supplementary') return;
        const { left, year } = next(of.trace, 'package');
        expect(year).toBe('2025');
        const added = of.added(weekly('y', '2025-02-10', numberOf(left) + 1, none));
        expect(added.map(({ purse }) => purse)).toEqual([...Array<string>(numberOf(left)).fill('supplementary'), 'insured']);
      }),
      { numRuns: 30 },
    );
  });

  it('manual therapy has its own number', () => {
    const manual = { diagnosis: '4026', csi: '009', performance: '1200' };
    const of = last([session('r', '2025-01-06', manual)], {}, { packages: [packageOf('Manual')] });
    expect(next(of.trace, 'package')).toMatchObject({ left: 4, manualLeft: 1 });
    expect(of.added(weekly('y', '2025-02-10', 2, manual)).map(({ purse }) => purse)).toEqual(['supplementary', 'insured']);
    expect(of.added(weekly('y', '2025-02-10', 5, { ...manual, performance: '1000' })).map(({ purse }) => purse)).toEqual([
      ...Array<string>(4).fill('supplementary'),
      'insured',
    ]);
  });

  it('used up, it is counted anew from the day that is told; where there is none, one that is in force pays', () => {
    const none = { diagnosis: '4026', csi: '009' };
    const of = last(weekly('a', '2025-01-06', 10, none), {}, { packages: [packageOf('Nine')] });
    const { from } = next(of.trace, 'package-renews');
    expect(of.added([session('y', dayBefore(String(from)), none)])[0]?.purse).toBe('insured');
    expect(of.added([session('y', String(from), none)])[0]?.purse).toBe('supplementary');
    const without = last([session('r', '2025-01-06', none)]);
    const { date } = next(without.trace, 'package-stated');
    const packages = [packageOf('Nine', String(date), String(date))];
    expect(last([session('r', '2025-01-06', none)], {}, { packages }).decision.split.supplementary).toBe(4000);
  });

  it('without a limit nothing is counted down; where the package is not reached none is promised', () => {
    const unlimited = last([session('r', '2025-01-06')], {}, { packages: [packageOf('Unlimited')] });
    expect(unlimited.trace.next.map(({ kind }) => kind)).toEqual(['threshold']);
    const copd = last(
      Array.from({ length: 6 }, (_, i) => session(`a${i}`, plusDays('2024-01-01', i), { diagnosis: '2554', csi: '013' })),
    );
    expect(copd.trace.next).toEqual([]);
  });
});

describe('hold: what is told releases it', () => {
  it('an import that answers the switch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 4 }), (count, own) => {
        const lines = weekly('a', '2024-01-08', own);
        const of = last(lines, { switches: ['2024-01-01'] });
        expect(of.decision.status).toBe('held');
        const { switch: switched } = next(of.trace, 'history-for-switch');
        const histories = [history(count, dayBefore(String(switched)))];
        expect(last(lines, { switches: ['2024-01-01'], histories }).decision.status).toBe('decided');
      }),
      { numRuns: 20 },
    );
  });

  it('any imported history, where the provider asserts that the first sessions are over', () => {
    const lines = [session('r', '2025-01-06', { csi: '001' })];
    const of = last(lines);
    expect(of.trace.next).toEqual([{ kind: 'history', values: {} }]);
    const insurance = [{ insurer: '3343', from: '2025-01-01', through: null }];
    for (const count of [0, 20])
      expect(last(lines, { histories: [history(count, '2024-12-30')] }, { insurance }).decision.status).toBe('decided');
  });

  it('the release of the session that is held before it', () => {
    const lines = [...weekly('a', '2025-01-06', 2), session('b', '2025-01-27', { csi: '001' }), session('r', '2025-02-03')];
    const of = last(lines);
    expect(next(of.trace, 'release')).toEqual({ position: 3 });
    expect(decide(person({ trajectories: [{ sessions: lines }] }), book)[2]).toMatchObject({
      status: 'held',
      units: [{ position: 3 }],
    });
    const released = lines.map((each) => ({ ...each, csi: '008' }));
    expect(last(released).decision.status).toBe('decided');
  });
});

describe('dates and consents', () => {
  it('a date to confirm is the one that the condition asks for: stating it decides otherwise', () => {
    const lines = [session('r', '2024-04-16', { diagnosis: '4021' })];
    const of = last(lines);
    expect(next(of.trace, 'confirm-date')).toEqual({ event: 'diagnosis' });
    const stated = (diagnosedOn: string): StatementFact[] => [statement('ClinicalFactsStated.v1', { diagnosedOn })];
    const tooLate = last(lines, { statements: stated('2024-01-15') });
    expect(tooLate.decision.reason.rule).toBe('start-too-late');
    const { event, start, months } = next(tooLate.trace, 'correct-date');
    expect([event, start, months]).toEqual(['diagnosis', '2024-04-16', 3]);
    expect(last(lines, { statements: stated('2024-01-16') }).decision.reason.rule).toBe('within-threshold');
  });

  it('a consent that covers the date opens the basic insurance', () => {
    const lines = [session('r', '2025-03-03', { diagnosis: '7023', csi: '012' })];
    const of = last(lines, {}, {}, consentBook);
    const { date } = next(of.trace, 'consent');
    const consent = { number: '1', from: String(date), through: String(date), maximum: null };
    const statements = [statement('AuthorisationGranted.v1', consent)];
    expect(last(lines, { statements }, {}, consentBook).decision.split.basic).toBe(4000);
  });

  it('an earlier start makes a closed code and a COVID term acceptable', () => {
    const at7095 = { insurance: [{ insurer: '7095', from: '2000-01-01', through: null }] };
    const closed = [session('r', '2024-06-03', { diagnosis: '9376', insurer: '7095' })];
    const before = (date: unknown, count: number): { histories: HistoryFact[] } => ({
      histories: [history(count, dayBefore(String(date)), { startedOn: dayBefore(String(date)) })],
    });
    const of = last(closed, {}, at7095);
    expect(of.decision.reason.rule).toBe('closed-code');
    expect(last(closed, before(next(of.trace, 'earlier-start').before, 1), at7095).decision.status).toBe('decided');
    const covid = [session('r', '2024-07-01', { diagnosis: '9363', csi: '020' })];
    const notOpened = last(covid);
    const opened = last(covid, before(next(notOpened.trace, 'earlier-start').before, 1));
    expect([notOpened.decision.split.basic, opened.decision.split.basic]).toEqual([0, 4000]);
  });

  it('an insurance period that covers the date makes the line valid', () => {
    const lines = [session('r', '2025-03-03')];
    const of = last(lines, {}, { insurance: [{ insurer: '3343', from: '2024-01-01', through: '2024-12-31' }] });
    const { date, insurer } = next(of.trace, 'insurance');
    const insurance = [{ insurer: String(insurer), from: String(date), through: null }];
    expect(last(lines, {}, { insurance }).decision.status).toBe('decided');
  });
});

it('nothing is promised where nothing ahead changes it', () => {
  for (const rule of ['after-death', 'too-late', 'no-threshold-under-18']) {
    const found = EVERY_RULE[rule];
    if (found === undefined) throw new Error(rule);
    const { decision, session: line } = decidedLine(found);
    expect([rule, trace(decision, line, found.book).next]).toEqual([rule, []]);
  }
});
