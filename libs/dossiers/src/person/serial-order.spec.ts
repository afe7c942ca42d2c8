import fc from 'fast-check';
import type { RecordedEvent } from '#libs/event-store';
import { DeclareClaimLines, type PersonLinesResult } from '../declare-claim-lines/command';
import type { ClaimLine, DebitLine } from '../declare-claim-lines/claim-line';
import {
  credit,
  debit,
  declare,
  give,
  importHistory,
  personId,
  Policies,
  recordSwitch,
  register,
  remap,
  statePackages,
  type Given,
} from '../testing/commands';
import { InMemoryEventStore, ProcessKilled, type ProcessFaults } from '../testing/in-memory-event-store';
import { statementsOf } from '../testing/statements';
import { verify } from '../verify/verify';
import type { PolicyRegistry } from '../policy/registry';
import { foldPerson, type CommandId, type PersonDecided, type PersonFold, type PersonId } from '#libs/trajectory';
import { DECIDED, DECIDED_BY_FINDER, eventId } from './event-ids';
import { loadPersons } from './load';

const PERSONS = ['one', 'other'].map(personId);
const CODES = ['9373', '9376', '7022'] as const;
const policies = new Policies();
beforeEach(() => policies.reset());

const RUNS = Number(process.env['TRAJECT_SERIAL_ORDER_RUNS'] ?? 40);
// a run takes less than a tenth of a second on a quiet machine
jest.setTimeout(Math.max(60_000, RUNS * 500));

const randomOf = (seed: number): (() => number) => {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 0x1000000;
  };
};

/** Lines over three trajectories of a person, ten of each; what order they come in, and with whom, is drawn. */
const allLines = (person: number): DebitLine[] =>
  CODES.flatMap((code, c) =>
    Array.from({ length: 10 }, (_, i) => {
      const date = new Date(Date.UTC(2024, 0, 8 + c + 14 * i)).toISOString().slice(0, 10);
      return debit(person * 100 + c * 10 + i, date, code, code === '7022' ? '009' : i < 7 ? '008' : '001');
    }),
  );

interface Case {
  /** What may come in any order, also at the same time; the next phase only after all of it. */
  readonly phases: readonly (readonly Given[])[];
  readonly seed: number;
}

const arbitraryCase: fc.Arbitrary<Case> = fc
  .record({
    order: fc.shuffledSubarray(
      PERSONS.flatMap((_, p) => allLines(p).map((line) => ({ p, line }))),
      { minLength: 4, maxLength: 40 },
    ),
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 8 }),
    corrections: fc.subarray(
      PERSONS.flatMap((person) => [
        recordSwitch(person, '9373'),
        importHistory(person, '9373', 14),
        importHistory(person, '9376', 3),
        statePackages(person),
      ]),
    ),
    credited: fc.nat({ max: 3 }),
    after: fc.array(fc.nat({ max: 1 }), { maxLength: 2 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
  })
  .map(({ order, cuts, corrections, credited, after, seed }) => {
    const batches: Given[] = [];
    for (let at = 0, cut = 0; at < order.length; cut += 1) {
      const size = cuts[cut % cuts.length] as number;
      const lines = new Map<PersonId, ClaimLine[]>();
      for (const { p, line } of order.slice(at, at + size)) {
        const person = PERSONS[p] as PersonId;
        lines.set(person, [...(lines.get(person) ?? []), line]);
      }
      batches.push(declare(`lines ${cut}`, lines));
      at += size;
    }
    const random = randomOf(seed);
    const mixed = [...batches, ...corrections].sort(() => random() - 0.5);
    const taken = new Map<PersonId, ClaimLine[]>();
    for (const { p, line } of order.slice(0, credited))
      taken.set(PERSONS[p] as PersonId, [...(taken.get(PERSONS[p] as PersonId) ?? []), credit(line.source as never, line)]);
    const credits = new Map(
      [...taken].map(([person, lines]) => [
        person,
        lines.map((line, i) => ({ ...line, reference: `C-${i}`, source: { file: 'f-2' as never, record: i } })),
      ]),
    );
    const remapped = [...new Set(after)].map((p) => remap(PERSONS[p] as PersonId, '9376', '3176'));
    // refused alike where the lines that were drawn began no such trajectory
    const stated = PERSONS.map(statementsOf).flatMap((state) => [
      state.condition({ diagnosis: '9373', item: '1.a.3' }),
      state.clinicalFacts({ diagnosis: '9376', diagnosedOn: '2023-12-01' }),
    ]);
    return { phases: [[register(...PERSONS)], mixed, [declare('credits', credits)], stated, remapped], seed };
  });

/** Everything once, in order, undisturbed, on a store with transactions. */
async function undisturbed(phases: Case['phases']): Promise<InMemoryEventStore> {
  const store = new InMemoryEventStore(true);
  for (const command of phases.flat()) await give(store, policies, command);
  return store;
}

/** Each command in processes that meet each other, get no answers and are killed, given again until it is done. */
async function disturbed(
  store: InMemoryEventStore,
  { phases, seed }: Case,
  activate: () => void = () => policies.activate(),
): Promise<Map<Given, unknown>> {
  const random = randomOf(seed);
  const answers = new Map<Given, unknown>();
  let killed = 0;
  const faults = (mayDie: boolean): ProcessFaults => ({
    random,
    stepsUntilKilled: mayDie && random() < 0.5 ? Math.floor(random() * 9) : null,
    unknownPercent: 15,
  });
  for (const phase of phases) {
    let waiting = [...phase];
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round === 1) activate();
      // two processes may have been given the same command
      const twice = waiting.filter(() => random() < 0.2);
      const together = [...waiting, ...twice].slice(0, 2 + Math.floor(random() * 4));
      const results = await Promise.allSettled(together.map((command) => give(store, policies, command, faults(round < 6))));
      results.forEach((result, i) => {
        if (result.status === 'fulfilled') answers.set(together[i] as Given, result.value);
        else if (result.reason instanceof ProcessKilled) killed += 1;
        else throw result.reason;
      });
      waiting = waiting.filter((command) => !answers.has(command)).sort(() => random() - 0.5);
    }
  }
  deaths += killed;
  return answers;
}
let deaths = 0;

const foldOf = async (store: InMemoryEventStore, person: PersonId): Promise<PersonFold> => {
  const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
  expect(loaded?.unseen).toEqual([]);
  return foldPerson(person, loaded?.events ?? []);
};

/** What is decided and booked per line; lines that sum to nothing are as good as never booked. */
const effectsOf = (fold: PersonFold): object => ({
  decisions: Object.fromEntries([...fold.decisions].sort(([a], [b]) => (a < b ? -1 : 1))),
  booked: Object.fromEntries(
    [...fold.booked]
      .filter(([, booked]) => Object.values(booked).some((cents) => cents !== 0))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ),
});

/** The commands of a person by their decisions: how many closed the command, and how many a part of it. */
function decisionsOf(
  store: InMemoryEventStore,
  person: PersonId,
): Map<CommandId, { whole: number; parts: number; facts: number }> {
  const counted = new Map<CommandId, { whole: number; parts: number; facts: number }>();
  for (const event of store.log.filter((each) => each.metadata.personId === person)) {
    const command = event.metadata.commandId as CommandId;
    const count = counted.get(command) ?? { whole: 0, parts: 0, facts: 0 };
    counted.set(command, count);
    if (event.type !== 'PersonDecided.v1') count.facts += 1;
    else {
      expect((event.data as PersonDecided['data']).cause.command).toBe(command);
      if ([DECIDED, DECIDED_BY_FINDER].some((key) => event.id === eventId(command, event.stream, key))) count.whole += 1;
      else count.parts += 1;
    }
  }
  return counted;
}

/** Facts in trajectories that a decision of another command was the first to see. */
function takenFromOthers(store: InMemoryEventStore, person: PersonId): RecordedEvent[] {
  let before: PersonDecided['data']['seen'] = {};
  return store.stream(`dossier-${person}`).flatMap((event) => {
    if (event.type !== 'PersonDecided.v1') return [];
    const { seen, cause } = event.data as PersonDecided['data'];
    const fresh = Object.entries(seen).flatMap(([stream, revision]) =>
      stream.startsWith('trajectory-') ? store.stream(stream).slice((before[stream] ?? -1) + 1, revision + 1) : [],
    );
    before = seen;
    return fresh.filter((each) => each.metadata.commandId !== cause.command);
  });
}

const SERIES = { numRuns: RUNS, seed: Number(process.env['TRAJECT_SERIAL_ORDER_SEED'] ?? 20250103) };

describe.each([
  ['a store with transactions', true],
  ['a store without transactions over streams', false],
])('the serial order of a person on %s', (_name, atomic) => {
  it('whatever meets, gets no answer or is killed: decisions and net bookings are those of one undisturbed run', async () => {
    deaths = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async (given) => {
        policies.reset();
        const reference = await undisturbed(given.phases);
        const store = new InMemoryEventStore(atomic);
        const answers = await disturbed(store, given);
        for (const person of PERSONS) {
          expect(effectsOf(await foldOf(store, person))).toEqual(effectsOf(await foldOf(reference, person)));
          expect(takenFromOthers(store, person)).toEqual([]);
          for (const [command, { whole, parts, facts }] of decisionsOf(store, person)) {
            // a command that was stopped between its streams and found by another is decided in part, and then closed
            expect({ command, whole }).toEqual({ command, whole: 1 });
            if (atomic) expect(parts).toBe(0);
            else if (facts > 0) expect(parts).toBeLessThan(4);
          }
        }
        const { findings } = await verify(store.asProcess(), policies as unknown as PolicyRegistry);
        expect(findings).toEqual([]);
        // given again, everything changes nothing and a declaration answers the same
        const length = store.log.length;
        for (const command of given.phases.flat()) {
          const again = await give(store, policies, command);
          if (command instanceof DeclareClaimLines) expect(outcomesOf(again)).toEqual(outcomesOf(answers.get(command)));
        }
        expect(store.log.slice(length).map((event) => event.metadata.actor)).toEqual(store.log.slice(length).map(() => 'policy'));
      }),
      SERIES,
    );
    expect(deaths).toBeGreaterThan(0);
  });

  it('whatever an activated policy moves is told by one command, each time that command is given', async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async (given) => {
        policies.reset();
        const store = new InMemoryEventStore(atomic);
        await disturbed(store, given, () => void policies.activateCoveredOnly());
        const commands = given.phases.flat();
        for (const command of commands) await give(store, policies, command);
        const length = store.log.length;
        const told: string[] = [];
        for (const command of commands) told.push(...toldByActivation(await give(store, policies, command)));
        expect(store.log).toHaveLength(length);
        const booked = store.log.flatMap((event) => {
          const { cause, entries } = event.data as PersonDecided['data'];
          if (event.type !== 'PersonDecided.v1' || cause.type !== 'ActivatePolicy') return [];
          // at the end of a dossier, booked by a command that was done already: it waits for the person's next command
          const later = store.stream(event.stream).slice(event.revision + 1);
          if (!later.some((each) => isOwnDecision(each))) return [];
          return entries.flatMap(({ line, paidToProvider = 0 }) => (paidToProvider === 0 ? [] : [`${line} ${paidToProvider}`]));
        });
        moved += booked.length;
        expect(told.sort()).toEqual(booked.sort());
      }),
      SERIES,
    );
    expect(moved).toBeGreaterThan(0);
  });
});

/** What the return message and the payment specification are made from. */
const outcomesOf = (answer: unknown): object[] =>
  (answer as readonly PersonLinesResult[]).map(({ outcomes, changes, standing }) => ({ outcomes, changes, standing }));

/** A decision that its own command booked, and no activation. */
const isOwnDecision = ({ id, type, stream, data, metadata }: RecordedEvent): boolean =>
  type === 'PersonDecided.v1' &&
  (data as PersonDecided['data']).cause.type !== 'ActivatePolicy' &&
  id === eventId(metadata.commandId as CommandId, stream, DECIDED);

/** Lines and differences that the answer tells under the activation. */
function toldByActivation(answer: unknown): string[] {
  const results = (Array.isArray(answer) ? answer : [answer]) as readonly { readonly standing?: PersonLinesResult['standing'] }[];
  return results
    .flatMap(({ standing = [] }) => standing)
    .filter(({ cause }) => cause.type === 'ActivatePolicy')
    .flatMap(({ changes }) => changes)
    .map((each) => `${each.practice}/${each.reference} ${each.grantedNowCents - each.grantedBeforeCents}`);
}
