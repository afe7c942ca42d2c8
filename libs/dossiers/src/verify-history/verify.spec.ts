/** A history that is verified: by whom, of what, and that it decides nothing. */
import { decide } from '#libs/coverage';
import { foldPerson, type PersonFold, type PersonId } from '#libs/trajectory';
import { importHistory, base, commandId, debit, declare, give, personId, Policies, register } from '../testing/commands';
import { ImportHistory } from '../import-history/command';
import { RetractHistory } from '../retract-history/command';
import { CORRECTIONS } from '../corrections/kinds';
import { loadPersons } from '../person/load';
import { historyImportId } from '../person/event-ids';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { refusalsOf } from '../testing/statements';
import { VerifyHistory } from './command';

const policies = new Policies();
const person: PersonId = personId('one');
const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const plain = importHistory(person, '9373', 14);
const history = new ImportHistory(plain.base, { ...plain.input, document: { reference: 'BH-1', digest: DIGEST } });
const importId = historyImportId(history.base.commandId);
const verification = (actor: string, change: object = {}, key = actor): VerifyHistory =>
  new VerifyHistory({ ...base(`verify ${key}`, person), actor }, { importId, ...change });

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('an imported history, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  const verify = async (...given: Parameters<typeof verification>): Promise<string[]> =>
    refusalsOf(await give(store, policies, verification(...given)));
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  const statuses = async (): Promise<string[]> =>
    [...(await fold()).trajectories.values()].flatMap(({ histories }) => histories.map(({ status }) => status));

  beforeEach(async () => {
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
    await give(store, policies, declare('lines', new Map([[person, [debit(1, '2024-01-08', '9373', '008')]]])));
    await give(store, policies, history);
  });

  it('[verified-1] is asserted when it is recorded, and the form takes nothing else', async () => {
    expect(await statuses()).toEqual(['asserted']);
    const { diagnosis, startedOn, count, throughDate, scope, source, statedBy, document } = history.input;
    const sent = { diagnosis, startedOn, count, throughDate, scope, source, statedBy, document };
    const problemsOf = (status: object): string[] | undefined =>
      CORRECTIONS['import-history'].input
        .safeParse({ ...sent, ...status })
        .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect([problemsOf({}), problemsOf({ status: 'asserted' })]).toEqual([undefined, undefined]);
    expect(problemsOf({ status: 'verified' })).toEqual([expect.stringMatching(/^status: .*another person.*verify-history/)]);
  });

  it('[verified-2] is verified by another person than who recorded it, once', async () => {
    for (const self of ['test', ' TEST ']) expect(await verify(self)).toEqual(['own-import importId']);
    expect(await statuses()).toEqual(['asserted']);
    expect(await verify('second')).toEqual(['done']);
    expect(await statuses()).toEqual(['verified']);
    expect(store.log.findLast(({ type }) => type === 'HistoryVerified.v1')?.metadata.actor).toBe('second');
    expect(await verify('third')).toEqual(['history-verified importId']);
    // the same command again is done, not refused
    expect(await give(store, policies, verification('second'))).toMatchObject({ outcome: 'done', changed: false });
  });

  it('is verified on the document that it rests on, where that is given again', async () => {
    expect(await verify('second', { documentDigest: DIGEST.replace('9', 'a') }, 'other')).toEqual([
      'document-differs documentDigest',
    ]);
    expect(await verify('second', { documentDigest: DIGEST })).toEqual(['done']);
    expect(store.log.findLast(({ type }) => type === 'HistoryVerified.v1')?.data).toEqual({ importId, documentDigest: DIGEST });
  });

  it('is not verified once it is taken back, nor one that never was', async () => {
    expect(await verify('second', { importId: historyImportId(commandId('none')) }, 'none')).toEqual([
      'history-unknown importId',
    ]);
    await give(store, policies, new RetractHistory(base('retract', person), { importId, reason: 'of somebody else' }));
    expect(await verify('second')).toEqual(['history-unknown importId']);
  });

  it('[verified-3] decides nothing otherwise when it is verified, and books nothing', async () => {
    const { book } = await policies.inEffect();
    const before = decide(await fold(), book);
    expect(await give(store, policies, verification('second'))).toMatchObject({
      outcome: 'done',
      changed: true,
      decided: { decisions: [], withdrawn: [], entries: [] },
    });
    expect(decide(await fold(), book)).toEqual(before);
  });

  it.each([
    ['a day that does not exist', '2023-02-30', ['date-invalid signedOn']],
    ['a day to come', '2025-01-16', ['date-in-future signedOn']],
    ['a day before the count ends', '2023-05-17', ['signed-before-through signedOn']],
    ['the day on which the count ends', '2023-05-18', ['done']],
  ])('[imports-9] is signed on %s: %s', async (_what, signedOn, expected) => {
    const signed = new ImportHistory(base(`signed ${signedOn}`, person), {
      ...{ ...plain.input, signedOn, document: { reference: 'BH-2' } },
    });
    expect(refusalsOf(await give(store, policies, signed))).toEqual(expected);
    if (expected[0] === 'done')
      expect([...(await fold()).trajectories.values()].flatMap(({ histories }) => histories.at(-1)?.signedOn)).toEqual([
        signedOn,
      ]);
  });
});
