import type { HistoryFact, LineDecision, PersonFacts, SessionFact } from '#libs/trajectory';
import fc from 'fast-check';
import { decide } from '../index';
import { history, packageOf, person, plusDays, session } from '../testing/facts';
import { bookOf, document } from '../testing/policy';

const book = bookOf();

const COMBINATIONS = [
  ['9373', '008'], ['9373', '001'], ['3176', '008'], ['3176', '001'], ['9376', '008'], ['9376', '001'], ['4021', '008'], ['4021', '009'],
  ['4026', '009'], ['7023', '012'], ['6223', '012'], ['2554', '014'], ['2554', '016'], ['9363', '020'], ['7326', '003'], ['0000', '008'],
] as const; // prettier-ignore

const line = fc.record({
  day: fc.integer({ min: 0, max: 900 }),
  combination: fc.constantFrom(...COMBINATIONS),
  performance: fc.constantFrom('1000', '1000', '1000', '1200', '1900', '1864'),
  quantity: fc.constantFrom(1, 1, 1, 2, 3, 4),
  tariffCents: fc.integer({ min: 0, max: 9999 }),
  practice: fc.constantFrom('04000001', '04000002'),
  startTime: fc.constantFrom(undefined, undefined, '09:30', '14:00'),
});
const imported = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  day: fc.integer({ min: -200, max: 700 }),
  scope: fc.constantFrom('elsewhere' as const, 'everything' as const),
});
const persons = fc.record({
  lines: fc.array(line, { maxLength: 60 }),
  imports: fc.array(imported, { maxLength: 2 }),
  switchDay: fc.option(fc.integer({ min: 0, max: 700 })),
  package: fc.constantFrom('Nine', 'Ten', 'Manual', 'Unlimited', 'Ended', null),
  insuredFrom: fc.integer({ min: -400, max: 300 }),
  insurer: fc.constantFrom('3343', '7095'),
  absorbed: fc.boolean(),
});
type Person = typeof persons extends fc.Arbitrary<infer T> ? T : never;

const START = '2022-11-01';

/** Streams per regime and code as the command side makes them; `order` says in which order the lines arrived. */
function factsOf(spec: Person, order: (sessions: SessionFact[]) => SessionFact[]): PersonFacts {
  const sessions = spec.lines.map((each, i) => {
    const [diagnosis, csi] = each.combination;
    const child = csi === '003';
    return session(`r${i}`, plusDays(START, each.day), {
      diagnosis,
      csi,
      performance: each.performance,
      quantity: each.quantity,
      tariffCents: each.tariffCents,
      practice: each.practice,
      ...(each.startTime === undefined ? {} : { startTime: each.startTime }),
      ageYears: child ? 9 : 50,
      deductibleAge: !child,
    });
  });
  const byStream = new Map<string, SessionFact[]>();
  for (const each of order(sessions)) {
    const key = `${each.diagnosis}/${each.csi === '001' ? '008' : each.csi}`;
    byStream.set(key, [...(byStream.get(key) ?? []), each]);
  }
  const histories = spec.imports.map((each, i) =>
    history(each.count, plusDays(START, each.day), {
      scope: each.scope,
      importId: `h${i}` as HistoryFact['importId'],
      startedOn: plusDays(START, Math.min(each.day, 0) - 30),
    }),
  );
  const switches = spec.switchDay === null ? [] : [plusDays(START, spec.switchDay)];
  return person({
    insurance: [{ insurer: spec.insurer, from: plusDays(START, spec.insuredFrom), through: null }],
    packages: spec.package === null ? [] : [packageOf(spec.package, '2022-01-01', null, spec.insurer)],
    trajectories: [...byStream.entries()].map(([key, list]) => ({
      id: key,
      sessions: list,
      ...(key === '9376/008'
        ? {
            histories: order === reversed ? [...histories].reverse() : histories,
            switches,
            remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }],
          }
        : {}),
      ...(key === '3176/008' && spec.absorbed && byStream.has('9376/008') ? { absorbedInto: '9376/008' } : {}),
    })),
  });
}

const asIs = (sessions: SessionFact[]) => sessions;
const reversed = (sessions: SessionFact[]) => [...sessions].reverse();
const sum = ({ split }: LineDecision): number =>
  split.basic + split.supplementary + split.insured + split.refused + split.undecided;

describe('for any facts', () => {
  it('the order of arrival makes no difference', () => {
    fc.assert(
      fc.property(persons, fc.integer({ min: 1, max: 59 }), (spec, turn) => {
        const rotated = (sessions: SessionFact[]) => [...sessions.slice(turn), ...sessions.slice(0, turn)];
        const decisions = decide(factsOf(spec, asIs), book);
        expect(decide(factsOf(spec, reversed), book)).toEqual(decisions);
        expect(decide(factsOf(spec, rotated), book)).toEqual(decisions);
      }),
      { numRuns: 150 },
    );
  });

  it('[money-1] every line gets exactly one decision, and what it decides closes the declared amount', () => {
    fc.assert(
      fc.property(persons, (spec) => {
        const facts = factsOf(spec, asIs);
        const declared = new Map(
          [...facts.trajectories.values()].flatMap((each) => [...each.sessions.values()]).map((each) => [each.line, each]),
        );
        const decisions = decide(facts, book);
        expect(new Set(decisions.map((each) => each.line)).size).toBe(declared.size);
        for (const decision of decisions) {
          const { declaredCents, quantity } = declared.get(decision.line) ?? { declaredCents: -1, quantity: -1 };
          expect(sum(decision)).toBe(declaredCents);
          if (decision.status !== 'invalid') {
            expect(decision.units).toHaveLength(quantity);
            expect(decision.units.reduce((total, unit) => total + unit.cents, 0)).toBe(declaredCents);
          }
          expect(decision.paidToProvider).toBeLessThanOrEqual(declaredCents);
          expect([...decision.codes].sort()).toEqual(decision.codes);
          if (decision.status === 'decided' && decision.paidToProvider === declaredCents) expect(decision.codes).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('a package never pays more sessions in a calendar year than its limit, nor more manual therapy than its sub-limit', () => {
    const limits = new Map(document.insurers[0]?.packages.map((each) => [each.name, each.periods[0]]));
    fc.assert(
      fc.property(persons, (spec) => {
        const facts = factsOf(spec, asIs);
        const sessions = new Map(
          [...facts.trajectories.values()].flatMap((each) => [...each.sessions.values()]).map((each) => [each.line, each]),
        );
        const used = new Map<string, number>();
        for (const decision of decide(facts, book)) {
          const declared = sessions.get(decision.line);
          const units = decision.units.filter((unit) => unit.purse === 'supplementary' && unit.cents > 0).length;
          const year = declared?.date.slice(0, 4) ?? '';
          used.set(year, (used.get(year) ?? 0) + units);
          if (declared?.performance === '1200') used.set(`manual ${year}`, (used.get(`manual ${year}`) ?? 0) + units);
        }
        const limit = limits.get(spec.package ?? '');
        for (const [key, count] of used) {
          const bound = key.startsWith('manual')
            ? (limit?.manualLimit ?? Infinity)
            : limit === undefined
              ? 0
              : (limit.limit ?? Infinity);
          expect(count).toBeLessThanOrEqual(bound);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('what is stored of a reason stays small', () => {
    fc.assert(
      fc.property(persons, (spec) => {
        for (const decision of decide(factsOf(spec, asIs), book)) {
          expect(JSON.stringify(decision.reason).length).toBeLessThanOrEqual(160);
        }
      }),
      { numRuns: 50 },
    );
  });
});
