import { compilePolicy, decide, explain } from '#libs/coverage';
import {
  lineKey,
  regimeOf,
  type PersonFacts,
  type PersonId,
  type SessionFact,
  type TrajectoryFacts,
  type TrajectoryId,
} from '#libs/trajectory';
import { loadPolicyFiles } from './index';

const policy = loadPolicyFiles();
const book = compilePolicy(policy.document, policy.digest);
const list = policy.document.diagnoses[0];

function session(reference: string, date: string, diagnosis: string, csi: string, changes: Partial<SessionFact> = {}): SessionFact {
  return {
    practice: '04000001', reference, line: lineKey('04000001', reference), date, list: '012', performance: '1000', quantity: 1, diagnosis, csi,
    tariffCents: 4000, calculatedCents: 4000, declaredCents: 4000, insurer: '3343', invoice: 'inv', ageYears: 50, deductibleAge: true,
    receivedOn: date, source: { command: 'test' }, ...changes,
  };
} // prettier-ignore

/** One person at 3343 with a Startfit package, one trajectory per regime and code. */
function facts(sessions: readonly SessionFact[], insurer = '3343'): PersonFacts {
  const trajectories = new Map<TrajectoryId, TrajectoryFacts>();
  for (const each of sessions) {
    const id = `${regimeOf(each.csi)}-${each.diagnosis}` as TrajectoryId;
    const known = trajectories.get(id)?.sessions ?? new Map();
    trajectories.set(id, {
      id,
      regime: regimeOf(each.csi),
      diagnosis: each.diagnosis,
      sessions: new Map([...known, [each.line, each]]),
      withdrawn: new Map(),
      departed: new Map(),
      overrides: new Map(),
      switches: [],
      histories: [],
      remaps: [],
      statements: [],
      absorbedInto: null,
    });
  }
  return {
    personId: 'p' as PersonId,
    insurance: [{ insurer, from: '2000-01-01', through: null }],
    diedOn: null,
    packages: [{ insurer: '3343', package: 'Startfit', from: '2017-01-01', through: null }],
    trajectories,
  };
}

const only = (diagnosis: string, csi: string, date: string, changes: Partial<SessionFact> = {}) => {
  const [decision] = decide(facts([session('r', date, diagnosis, csi, changes)]), book);
  if (decision === undefined) throw new Error('no decision');
  return decision;
};

describe('the bundled diagnosis list, release 4.7', () => {
  it('opens 1,492 of its 4,824 codes, 44 of them for one group of providers', () => {
    const codes = (openTo: (value: string) => boolean) =>
      (list?.rows ?? []).filter((row) => openTo(row.openTo)).reduce((sum, row) => sum + row.locations.length, 0);
    expect(codes(() => true)).toBe(1492);
    expect(codes((value) => value !== 'all')).toBe(44);
    expect((list?.locations.length ?? 0) * ((list?.pathologies.length ?? 0) - 1) + 1).toBe(4824);
  });

  it('has 696 codes that adults may use with 009 only, 599 with 001, 008 and 009, 185 with 001 and 008', () => {
    const count = (adult: string) =>
      (list?.rows ?? []).filter((row) => row.adult.join(' ') === adult).reduce((sum, row) => sum + row.locations.length, 0);
    expect([count('009'), count('001 008 009'), count('001 008')]).toEqual([696, 599, 185]);
  });

  it.each([
    ['1323', 'neck osteoarthritis, now 3023'], ['2054', 'COPD at the chest wall, now 2554'], ['9376', 'paraplegia, now 3076 to 3576'], ['9093', 'spondylitis, now 3993'],
  ])('%s is closed (%s)', (code) => {
    expect(book.diagnoses.at('2024-07-01').open.has(code)).toBe(false);
    expect(book.diagnoses.at('2024-07-01').closed(code)?.closed).toBe(true);
  }); // prettier-ignore

  it.each(['7063', '9900', '1437', '', '93', '93760'])('%p is unknown, not closed', (code) => {
    const index = book.diagnoses.at('2024-07-01');
    expect(index.open.get(code) ?? index.closed(code)).toBeNull();
  });

  it.each([
    ['6236', '1.d.5'], ['6200', '1.b.15'], ['4339', '1.d.4'], ['3070', '1.a.2'], ['1969', '1.d.8'], ['9373', '1.a.2'], ['9378', '1.a.2'], ['3970', '1.a.4'],
  ])('%s belongs to several items and is read as %s: the longest term, then the lowest number', (code, item) => {
    expect(book.diagnoses.at('2024-07-01').open.get(code)?.items[0]?.id).toBe(item);
  }); // prettier-ignore
});

describe('the bundled policy decides', () => {
  it('frozen shoulder by twelve months, stroke without a term', () => {
    expect(only('4021', '008', '2025-01-06')).toMatchObject({ condition: '1.b.7', flags: ['date-to-confirm'] });
    expect(book.conditions.get('1.b.7')?.terms.at('2025-01-06').termMonths).toBe(12);
    expect(book.conditions.get('1.a.1')?.terms.at('2025-01-06').termMonths).toBeNull();
  });

  it('nine sessions a year from Startfit at 3343, then the insured, who is charged', () => {
    const lines = Array.from({ length: 10 }, (_, i) => session(`r${i}`, `2025-01-1${i}`, '9373', '008'));
    const decisions = decide(facts(lines), book);
    expect(decisions.map((each) => each.split.supplementary)).toEqual([...Array<number>(9).fill(4000), 0]);
    expect(decisions[9]).toMatchObject({ paidToProvider: 4000, claimFromInsured: 4000 });
  });

  it('a closed code at 3343 through June 2024; at 7095 only where it started before 2020', () => {
    expect(only('9376', '008', '2024-06-30').status).toBe('decided');
    expect(only('9376', '008', '2024-07-01').codes).toEqual(['8009']);
    expect(decide(facts([session('r', '2024-06-30', '9376', '008', { insurer: '7095' })], '7095'), book)[0]?.codes).toEqual([
      '8009',
    ]);
  });

  it('rheumatoid arthritis from the first session since 2025, only with its own codes', () => {
    expect(only('9390', '001', '2025-01-06', { performance: '10039' })).toMatchObject({ split: { basic: 4000 } });
    expect(only('9390', '001', '2025-01-06').codes).toEqual(['8058']);
    expect(only('9390', '008', '2024-12-30', { performance: '10040' })).toMatchObject({ reason: { rule: 'within-threshold' } });
  });

  it('reserved codes need their providers; skin and CZ codes count as closed', () => {
    expect(only('6475', '008', '2025-01-06').codes).toEqual(['0562']);
    expect(only('6475', '008', '2025-01-06', { performance: '1600' }).codes).toEqual([]);
    expect(only('6489', '008', '2025-01-06', { performance: '2000' }).codes).toEqual([]);
    expect(only('9317', '003', '2025-01-06', { ageYears: 8, performance: '1100' }).codes).toEqual([]);
    expect(only('9317', '003', '2025-01-06', { ageYears: 8 }).codes).toEqual(['0562']);
    expect(only('1199', '009', '2025-01-06').codes).toEqual(['8009']);
    expect(only('6479', '009', '2025-01-06').codes).toEqual(['8009']);
  });

  it('9379 is for the young only: past 16 nothing of it is open', () => {
    expect(only('9379', '001', '2025-01-06', { ageYears: 16 })).toMatchObject({ condition: '1.a.6', split: { basic: 4000 } });
    expect(only('9379', '001', '2025-01-06', { ageYears: 17 }).codes).toEqual(['8058']);
    expect(only('9379', '001', '2025-01-06', { ageYears: 18 }).codes).toEqual(['8058']);
  });

  it('every open code decides without an error for every indication it admits, and explains itself', () => {
    const index = book.diagnoses.at('2025-01-06');
    let lines = 0;
    for (const [code] of index.open) {
      for (const csi of ['001', '008', '009', '003', '012']) {
        const child = csi === '003';
        const decision = only(code, csi, '2025-01-06', { ageYears: child ? 9 : 50 });
        expect(decision.split.refused === 4000).toBe(decision.status === 'invalid');
        if (lines++ % 97 === 0) expect(explain(decision, book).sentence).not.toMatch(/[{}]|undefined/);
      }
    }
    expect(lines).toBe(1492 * 5);
  });
});
