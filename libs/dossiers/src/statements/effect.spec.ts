import { foldPerson, type PersonDecided, type PersonFold } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { loadPersons } from '../person/load';
import type { PolicyRegistry } from '../policy/registry';
import { base, debit, declare, give, personId, Policies, register, remap, type GivenStatement } from '../testing/commands';
import { InMemoryEventStore, ProcessKilled } from '../testing/in-memory-event-store';
import { idOf, refusalsOf, statementsOf } from '../testing/statements';
import { ExtendTerm } from '../extend-term/command';
import { verify } from '../verify/verify';

const person = personId('one');
const policies = new Policies();
const state = statementsOf(person);
const whiplash = { diagnosis: '3038' };

type Line = readonly [date: string, diagnosis: string, csi: string];
/** `count` lines, one every `days` days. */
const row = (from: string, count: number, days: number, diagnosis: string, csi: (n: number) => string): Line[] =>
  Array.from({ length: count }, (_, i) => [
    new Date(Date.parse(`${from}T00:00:00Z`) + i * days * 86_400_000).toISOString().slice(0, 10),
    diagnosis,
    csi(i + 1),
  ]);
const firstTwenty = (n: number): string => (n > 20 ? '001' : '008');

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('what a statement does, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  const done = async (command: GivenStatement): Promise<Extract<CommandResult, { outcome: 'done' }>> => {
    const answer = (await give(store, policies, command)) as CommandResult;
    expect(refusalsOf(answer)).toEqual(['done']);
    return answer as Extract<CommandResult, { outcome: 'done' }>;
  };
  const lines = (given: readonly Line[]) =>
    give(
      store,
      policies,
      declare('lines', new Map([[person, given.map(([date, diagnosis, csi], i) => debit(i + 1, date, diagnosis, csi))]])),
    );
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  /** Position and rule of every line, in order of its number. */
  const outline = async (): Promise<string[]> =>
    [...(await fold()).decisions.values()]
      .sort((a, b) => Number(a.line.split('-')[1]) - Number(b.line.split('-')[1]))
      .map((each) => `${each.units[0]?.position ?? '-'} ${each.reason.rule}`);
  const causes = (): string[] =>
    store
      .stream(`dossier-${person}`)
      .flatMap((event) => (event.type === 'PersonDecided.v1' ? [(event.data as PersonDecided['data']).cause.type] : []));

  beforeEach(async () => {
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
  });
  afterEach(async () => {
    const { findings } = await verify(store.asProcess(), policies as unknown as PolicyRegistry);
    expect(findings).toEqual([]);
  });

  test('an extension opens the term again, its retraction closes it; each ends in one decision', async () => {
    await lines(row('2024-01-02', 28, 4, '3038', firstTwenty));
    const before = await outline();
    expect(before.slice(19)).toEqual([
      '20 within-threshold',
      ...[21, 22, 23].map((n) => `${n} above-threshold`),
      ...[24, 25, 26, 27, 28].map((n) => `${n} past-term`),
    ]);
    const extension = state.extension({ ...whiplash, months: 1 });
    expect((await done(extension)).decided?.decisions.map((each) => each.reason.rule)).toContain('above-threshold');
    expect((await outline()).slice(23)).toEqual([24, 25, 26, 27, 28].map((n) => `${n} above-threshold`));
    await done(state.retraction(idOf(extension)));
    expect(await outline()).toEqual(before);
    expect(causes()).toEqual(['RegisterPerson', 'DeclareClaimLines', 'ExtendTerm', 'RetractStatement']);
    for (const { split, line } of (await fold()).decisions.values())
      expect((await fold()).booked.get(line)).toMatchObject({ basic: split.basic, insured: split.insured });
  });

  test('a new episode counts from 1; what is stated of it holds for it alone', async () => {
    await lines([...row('2024-01-02', 3, 7, '3038', firstTwenty), ...row('2024-09-02', 2, 7, '3038', firstTwenty)]);
    await done(state.newEpisode({ ...whiplash, from: '2024-09-02', event: 'accident', side: 'both' }));
    expect((await outline()).map((each) => each[0])).toEqual(['1', '2', '3', '1', '2']);
    await done(state.clinicalFacts({ ...whiplash, episodeFrom: '2024-09-02', diagnosedOn: '2024-01-01' }));
    expect((await outline()).slice(2)).toEqual(['3 within-threshold', '1 start-too-late', '2 start-too-late']);
  });

  test('[stated-dates-1] [ambiguous-3] an item that is confirmed decides, and positions stay', async () => {
    await lines(row('2024-01-02', 26, 8, '6236', firstTwenty));
    expect((await outline()).at(-1)).toBe('26 above-threshold');
    await done(state.condition({ diagnosis: '6236', item: '1.b.18' }));
    expect((await outline()).at(-1)).toBe('26 past-term');
    await done(state.clinicalFacts({ diagnosis: '6236', item: '1.b.18', conservativeTreatmentEndedOn: '2024-01-31' }));
    expect((await outline()).at(-1)).toBe('26 above-threshold');
  });

  test('a class of COPD opens more sessions from its day on', async () => {
    await lines(row('2024-01-02', 7, 7, '2554', () => '013'));
    expect((await outline()).slice(4)).toEqual(['5 within-cap', '6 past-cap', '7 past-cap']);
    await done(state.careClass({ diagnosis: '2554', from: '2024-02-13', class: 'B1' }));
    expect((await outline()).slice(4)).toEqual(['5 within-cap', '6 past-cap', '7 within-cap']);
  });

  test("[invalid-1] an insurer's consent makes a line valid that asks for one", async () => {
    await lines([['2024-01-02', '9390', '008']]);
    expect(await outline()).toEqual(['- performance-required']);
    const consent = { number: ' M-77 ', from: '2024-01-01', through: null, maximum: null };
    await done(state.authorisation({ diagnosis: '9390', ...consent, item: 'ra-severe' }));
    expect((await outline())[0]).toMatch(/^1 /);
    const { data } = [...(await fold()).trajectories.values()][0]?.statements[0] ?? {};
    expect(data).toMatchObject({ number: 'M-77', through: null });
  });

  test('the same command again, and the same contents on the same document, are done: nothing is recorded', async () => {
    await lines(row('2024-01-02', 2, 7, '3038', firstTwenty));
    const extension = state.extension({ ...whiplash, months: 2 });
    expect((await done(extension)).changed).toBe(true);
    const length = store.log.length;
    expect((await done(extension)).changed).toBe(false);
    const retold = { ...extension.input, source: 'scan of the letter', statedBy: 'back office', episodeFrom: undefined };
    expect((await done(new ExtendTerm(base('retold', person), retold))).changed).toBe(false);
    expect(store.log).toHaveLength(length);
    const later = state.extension({ ...whiplash, months: 2, document: { reference: 'LETTER-2' } }, 'later');
    expect((await done(later)).changed).toBe(true);
    await done(state.retraction(idOf(extension)));
    expect((await done(extension)).changed).toBe(false);
  });

  test('what was stated of an absorbed trajectory holds for the one that it counts in, and is retracted there', async () => {
    await lines([...row('2023-01-02', 2, 7, '9376', firstTwenty), ...row('2024-07-08', 2, 7, '3176', firstTwenty)]);
    const facts = state.clinicalFacts({ diagnosis: '3176', diagnosedOn: '2024-07-01' });
    await done(facts);
    await give(store, policies, remap(person, '9376', '3176'));
    const again = state.clinicalFacts({ diagnosis: '9376', diagnosedOn: '2024-07-01' }, 'of the whole');
    expect((await done(again)).changed).toBe(false);
    await done(state.retraction(idOf(facts)));
    expect((await done(again)).changed).toBe(true);
  });

  test('a process that was killed when the statement was written: the next one books it under its own cause', async () => {
    if (atomic) return;
    await lines(row('2024-01-02', 2, 7, '3038', firstTwenty));
    const extension = state.extension(whiplash);
    const isWritten = (): boolean =>
      store.log.at(-1)?.type === 'TermExtended.v1' && store.log.at(-1)?.metadata.commandId === extension.base.commandId;
    for (let step = 1; !isWritten(); step += 1)
      await expect(
        give(store, policies, extension, { random: () => 0.5, stepsUntilKilled: step, unknownPercent: 0 }),
      ).rejects.toThrow(ProcessKilled);
    await done(state.clinicalFacts({ ...whiplash, diagnosedOn: '2024-01-01' }));
    expect(causes().slice(-2)).toEqual(['ExtendTerm', 'StateClinicalFacts']);
    expect((await done(extension)).changed).toBe(false);
  });
});
