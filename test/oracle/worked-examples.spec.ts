/** The worked examples of the counting rules (T1 to T20 as far as there are), and a line on which the two once differed: through the oracle and through the engine with the bundled policy. */
import { compilePolicy, decide as decideByEngine, type PolicyDocument } from '#libs/coverage';
import { loadPolicyFiles } from '#libs/policy-files';
import { lineKey, regimeOf } from '#libs/trajectory';
import type {
  HistoryFact,
  HistoryImportId,
  LineKey,
  PersonFacts,
  PersonId,
  SessionFact,
  StatementFact,
  StatementId,
  TrajectoryFacts,
  TrajectoryId,
} from '#libs/trajectory';
import { purses } from '../rules/purses';
import { oracle, type OracleDecision, type PackageLimits } from './oracle';
import { addDays } from './rules/calendar';

interface Given {
  readonly lines: readonly Line[];
  readonly insurer?: string;
  readonly insuredFrom?: string;
  readonly package?: number;
  readonly switches?: readonly string[];
  readonly imports?: readonly Partial<HistoryFact>[];
  readonly remap?: { readonly from: string; readonly to: string; readonly effectiveDate: string };
  readonly statements?: readonly StatementFact[];
}
type Line = Pick<SessionFact, 'date' | 'diagnosis' | 'csi'> & Partial<SessionFact>;

const EVIDENCE = {
  statementId: 's' as StatementId,
  statedOn: '2026-01-01',
  source: 'letter',
  statedBy: 'practice',
  document: { reference: 'D' },
};

function person(given: Given): PersonFacts {
  const insurer = given.insurer ?? '3343';
  const trajectories = new Map<TrajectoryId, TrajectoryFacts & { sessions: Map<LineKey, SessionFact> }>();
  given.lines.forEach((line, index) => {
    const lineage = given.remap !== undefined && line.diagnosis === given.remap.to ? given.remap.from : line.diagnosis;
    const id = `${regimeOf(line.csi)}-${lineage}` as TrajectoryId;
    const reference = line.reference ?? String(index + 1);
    const session: SessionFact = {
      line: lineKey('04000001', reference),
      practice: '04000001',
      reference,
      list: line.date < '2025-01-01' ? '012' : '073',
      performance: '1000',
      quantity: 1,
      tariffCents: 4000,
      calculatedCents: 4000 * (line.quantity ?? 1),
      declaredCents: 4000 * (line.quantity ?? 1),
      insurer,
      invoice: 'F',
      ageYears: 50,
      deductibleAge: true,
      receivedOn: line.date,
      source: { command: 'test' },
      ...line,
    };
    const stream = trajectories.get(id) ?? {
      id,
      regime: regimeOf(line.csi),
      diagnosis: lineage,
      sessions: new Map<LineKey, SessionFact>(),
      withdrawn: new Map(),
      departed: new Map(),
      overrides: new Map(),
      switches: (given.switches ?? []).map((switchDate) => ({ switchDate, recordedBy: 'command' as const })),
      histories: (given.imports ?? []).map((history) => ({
        importId: 'h' as HistoryImportId,
        startedOn: '2025-01-01',
        count: 0,
        throughDate: '2025-12-31',
        scope: 'elsewhere' as const,
        source: 'form',
        statedBy: 'practice',
        document: { reference: 'H' },
        status: 'asserted' as const,
        ...history,
      })),
      remaps: given.remap === undefined ? [] : [{ ...given.remap, reason: 'closed' }],
      statements: given.statements ?? [],
      absorbedInto: null,
    };
    stream.sessions.set(session.line, session);
    trajectories.set(id, stream);
  });
  const packages =
    given.package === undefined ? [] : [{ insurer, package: `P${given.package}`, from: '2000-01-01', through: null }];
  return {
    personId: 'p' as PersonId,
    insurance: [{ insurer, from: given.insuredFrom ?? '2000-01-01', through: null }],
    diedOn: null,
    packages,
    trajectories,
  };
}

const LIMITS: PackageLimits[] = [10, 18].map((limit) => ({
  insurer: '3343',
  name: `P${limit}`,
  from: '2000-01-01',
  through: null,
  limit,
  manualLimit: null,
}));
const policy = loadPolicyFiles().document;
/** The bundled policy with the packages of the examples. */
const document: PolicyDocument = {
  ...policy,
  insurers: policy.insurers.map((each) =>
    each.insurer !== '3343'
      ? each
      : {
          ...each,
          packages: LIMITS.map(({ name, from, limit }) => ({ name, periods: [{ from, limit, source: 'worked example' }] })),
        },
  ),
};
const book = compilePolicy(document, 'worked examples');
const READERS: readonly (readonly [string, (facts: PersonFacts) => readonly Omit<OracleDecision, 'asksHistory'>[]])[] = [
  ['the oracle', (facts) => oracle(facts, LIMITS)],
  ['the engine', (facts) => decideByEngine(facts, book)],
];
/** So many sessions, so many days apart; 008 up to the twentieth. */
const course = (diagnosis: string, from: string, count: number, days: number, done = 0): Line[] =>
  Array.from({ length: count }, (_, index) => ({
    date: addDays(from, index * days),
    diagnosis,
    csi: done + index < 20 ? '008' : '001',
  }));

describe.each(READERS)('the worked examples by %s', (_name, read) => {
  const decide = (given: Given): readonly Omit<OracleDecision, 'asksHistory'>[] => read(person(given));

  test('T1: a frozen shoulder with a package of 18', () => {
    const decisions = decide({ lines: course('4021', '2023-02-01', 30, 7), package: 18 });
    expect(purses(decisions)).toBe('s'.repeat(18) + 'ii' + 'b'.repeat(10));
    expect(decisions.map(({ deductible }) => deductible)).toEqual(decisions.map((_, index) => index >= 20));
    const late = decide({
      lines: [...course('4021', '2023-02-01', 21, 7), ...course('4021', '2024-01-31', 2, 1, 21)],
      package: 18,
    });
    // the last day of the twelve months, and the first day after: with a new year's package
    expect(purses(late).slice(21)).toBe('bs');
  });

  test('T2: a chronic indication with a package of 10', () => {
    const decisions = decide({ lines: course('9372', '2023-01-02', 23, 5), package: 10 });
    expect(purses(decisions)).toBe('s'.repeat(10) + 'i'.repeat(10) + 'bbb');
  });

  test('T4: fourteen sessions elsewhere; until the form is there all lines wait, also 008 (the hold after a recorded switch)', () => {
    const lines = course('9372', '2026-01-05', 8, 7, 14);
    const before = decide({ lines, insuredFrom: '2026-01-01', switches: ['2026-01-01'] });
    expect(purses(before)).toBe('h'.repeat(8));
    expect(before[7]?.codes).toEqual(['0613', '8072']);
    // without a recorded switch only the first line that asserts 001, and what follows, waits
    expect(purses(decide({ lines: lines.slice(6), insuredFrom: '2026-01-01' }))).toBe('hh');
    expect(purses(decide({ lines, insuredFrom: '2026-01-01' }))).toBe('iiiiiihh');
    const imports = [{ startedOn: '2025-03-01', count: 14, throughDate: '2025-12-31' }];
    const after = decide({ lines, insuredFrom: '2026-01-01', switches: ['2026-01-01'], imports });
    expect(after.map(({ units }) => units[0]?.position)).toEqual([15, 16, 17, 18, 19, 20, 21, 22]);
    expect(purses(after)).toBe('i'.repeat(6) + 'bb');
  });

  test('T6: hip and knee share twelve sessions in twelve months', () => {
    const hip = Array.from({ length: 8 }, (_, index) => addDays('2018-04-01', index * 7));
    const knee = Array.from({ length: 5 }, (_, index) => addDays('2018-09-01', index * 7));
    const lines = [...hip.map((date) => ({ date, diagnosis: '6223', csi: '012' })), ...knee.map((date) => ({ date, diagnosis: '7023', csi: '012' }))]; // prettier-ignore
    expect(purses(decide({ lines }))).toBe('b'.repeat(12) + 'i');
    const few = [...lines.slice(0, 8), ...['2019-03-31', '2019-04-01'].map((date) => ({ date, diagnosis: '7023', csi: '012' }))];
    expect(purses(decide({ lines: few }))).toBe('b'.repeat(9) + 'i');
  });

  test('T8: whiplash, three months, with the extension nine from the start in one step', () => {
    const lines = [
      ...course('3038', '2024-02-01', 21, 1),
      ...['2024-04-30', '2024-05-01', '2024-10-31', '2024-11-01'].map((date) => ({ date, diagnosis: '3038', csi: '001' })),
    ];
    expect(purses(decide({ lines })).slice(21)).toBe('biii');
    const statements: StatementFact[] = [{ type: 'TermExtended.v1', data: EVIDENCE }];
    expect(purses(decide({ lines, statements })).slice(21)).toBe('bbbi');
  });

  test('T10: recovery care ends with the terms that began before July 2024', () => {
    const lines = ['2024-06-28', '2024-12-27', '2024-12-28'].map((date) => ({ date, diagnosis: '9363', csi: '020' }));
    expect(purses(decide({ lines }))).toBe('bbi');
    expect(purses(decide({ lines: [{ date: '2024-07-02', diagnosis: '9363', csi: '020' }] }))).toBe('i');
    expect(purses(decide({ lines: [{ date: '2024-08-01', diagnosis: '9363', csi: '021' }] }))).toBe('i');
  });

  test('T11: a stroke under an old code goes on under the new one', () => {
    const lines = [...course('9376', '2019-03-01', 20, 7), { date: '2020-02-01', diagnosis: '9372', csi: '001' }];
    expect(purses(decide({ lines }))).toBe('i'.repeat(20) + 'h');
    const remap = { from: '9376', to: '9372', effectiveDate: '2020-01-01' };
    const joined = decide({ lines, remap });
    expect(joined[20]).toMatchObject({ condition: '1.a.1', codes: [], units: [{ position: 21, purse: 'basic' }] });
  });

  test('T12: 57 sessions are carried over to the new code', () => {
    const lines = [...course('9374', '2023-01-02', 57, 7), { date: '2024-07-08', diagnosis: '9474', csi: '001' }];
    const remap = { from: '9374', to: '9474', effectiveDate: '2024-07-01' };
    expect(decide({ lines, remap })[57]).toMatchObject({ condition: '1.a.5', units: [{ position: 58, purse: 'basic' }] });
  });

  test("T16: a child's eighteen are per calendar year", () => {
    const child = { diagnosis: '7231', csi: '003', ageYears: 9, deductibleAge: false };
    const dates = [
      ...Array.from({ length: 12 }, (_, index) => addDays('2025-10-01', index * 7)),
      ...Array.from({ length: 19 }, (_, index) => addDays('2026-01-02', index * 4)),
    ];
    const decisions = decide({ lines: dates.map((date) => ({ ...child, date })) });
    expect(purses(decisions)).toBe('b'.repeat(12 + 18) + 'i');
    expect(decisions[30]?.units[0]?.position).toBe(31);
  });

  test('T19: without the credited twelfth session the 21st is the twentieth', () => {
    const lines = course('9372', '2023-01-02', 25, 7).map((line, index) => ({ ...line, reference: `r${index}` }));
    expect(purses(decide({ lines }))).toBe('i'.repeat(20) + 'bbbbb');
    const recounted = decide({ lines: lines.filter((_, index) => index !== 11) });
    expect(purses(recounted)).toBe('i'.repeat(20) + 'bbbb');
    expect(recounted[19]).toMatchObject({ units: [{ position: 20, purse: 'insured' }] });
  });

  test('T20: a late line takes its place by the date of its session', () => {
    const lines = course('9372', '2025-01-06', 21, 7);
    const late: Line = { date: '2025-02-04', diagnosis: '9372', csi: '008', receivedOn: '2025-11-20', reference: 'late' };
    const decisions = decide({ lines: [...lines, late] });
    expect(decisions[5]).toMatchObject({ line: '04000001/late', units: [{ position: 6 }] });
    expect(purses(decisions)).toBe('i'.repeat(20) + 'bb');
  });
});

describe.each(READERS)('a line of severe axial spondyloarthritis under a remapped code, by %s', (_name, read) => {
  const lines: Line[] = [{ date: '2019-02-04', diagnosis: '3993', csi: '008' }];
  const remappedTo = (to: string) => read(person({ lines, remap: { from: '3993', to, effectiveDate: '2017-06-24' } }))[0];

  test('is asked for its proof where the new code has no item of Annex 1, for it keeps its own', () => {
    expect(remappedTo('2554')).toMatchObject({ status: 'invalid', codes: ['8058'] });
  });

  test('is not asked for it where the new code gives it another item', () => {
    expect(remappedTo('9372')).toMatchObject({ status: 'decided', condition: '1.a.1', units: [{ position: 1 }] });
  });
});
