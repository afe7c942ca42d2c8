/** A remap taken back: what was joined is apart again, and what it would leave astray refuses it. */
import { foldPerson, lineageCodes, type PersonFold, type PersonId } from '#libs/trajectory';
import type { DebitLine } from '../declare-claim-lines/claim-line';
import { loadPersons } from '../person/load';
import { base, debit, declare, give, personId, Policies, register, remap } from '../testing/commands';
import { killWhen } from '../testing/interruptions';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { refusalsOf } from '../testing/statements';
import { RevertRemap } from './command';

const policies = new Policies();
const person: PersonId = personId('one');

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a remap that is taken back, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  let files: number;
  const send = (...lines: readonly DebitLine[]) => {
    files += 1;
    return give(store, policies, declare(`file ${files}`, new Map([[person, lines]])));
  };
  const reversal = (from: string, to: string, key = 'revert'): RevertRemap =>
    new RevertRemap(base(`${key} ${from} ${to}`, person), { from, to, effectiveDate: '2024-07-01', reason: 'the wrong code' });
  const revert = async (from: string, to: string, key?: string): Promise<string[]> =>
    refusalsOf(await give(store, policies, reversal(from, to, key)));
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  const positions = async () =>
    [...(await fold()).decisions.values()].map(({ line, units }) => [line.slice(-1), units[0]?.position]).sort();

  beforeEach(async () => {
    files = 0;
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
  });

  it('leaves the decisions as they were before it, and the trajectories apart', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008'));
    const before = await positions();
    await give(store, policies, remap(person, '9376', '3176'));
    expect(await positions()).not.toEqual(before);
    expect(await revert('9376', '3176')).toEqual(['done']);
    expect(await positions()).toEqual(before);
    const trajectories = [...(await fold()).trajectories.values()];
    expect(trajectories.map((each) => [lineageCodes(each), each.absorbedInto])).toEqual([
      [['9376'], null],
      [['3176'], null],
    ]);
  });

  it('sends later lines under the new code to their own trajectory again', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    await give(store, policies, remap(person, '9376', '3176'));
    await revert('9376', '3176');
    await send(debit(2, '2024-07-08', '3176', '008'));
    expect([...(await fold()).trajectories.values()].map(({ sessions }) => sessions.size)).toEqual([1, 1]);
  });

  it('is refused where there is no such remap, or no longer', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    expect(await revert('9376', '3176', 'early')).toEqual(['remap-unknown from']);
    await give(store, policies, remap(person, '9376', '3176'));
    expect(await revert('9376', '3176')).toEqual(['done']);
    expect(await revert('9376', '3176', 'again')).toEqual(['remap-unknown from']);
  });

  it('is refused while a later remap rests on it', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    await give(store, policies, remap(person, '9376', '3176'));
    await give(store, policies, remap(person, '3176', '3276'));
    expect(await revert('9376', '3176', 'early')).toEqual(['remap-in-use from']);
    expect(await revert('3176', '3276')).toEqual(['done']);
    expect(await revert('9376', '3176')).toEqual(['done']);
  });

  it('is refused where lines have come in under the new code since: they are stored in the trajectory that went on', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    await give(store, policies, remap(person, '9376', '3176'));
    await send(debit(2, '2024-07-08', '3176', '008'));
    expect(await revert('9376', '3176')).toEqual(['lines-under-code to']);
  });

  it('gives back the last trajectory that came in alone, where two codes went to one', async () => {
    await send(
      debit(1, '2024-05-06', '9376', '008'),
      debit(2, '2024-05-13', '9373', '008'),
      debit(3, '2024-07-08', '3176', '008'),
    );
    await give(store, policies, remap(person, '9376', '3176'));
    await give(store, policies, remap(person, '9373', '3176'));
    expect(await revert('9376', '3176', 'early')).toEqual(['remap-in-use from']);
    expect(await revert('9373', '3176')).toEqual(['done']);
    const absorbed = [...(await fold()).trajectories.values()].filter((each) => each.absorbedInto !== null);
    expect(absorbed.map(({ diagnosis }) => diagnosis)).toEqual(['3176']);
  });

  describe('by which a trajectory came in that had taken up or gone on under other codes itself', () => {
    beforeEach(async () => {
      await send(
        debit(1, '2024-05-06', '9373', '008'),
        debit(2, '2024-05-13', '9376', '008'),
        debit(3, '2024-05-20', '3176', '008'),
      );
      await give(store, policies, remap(person, '3176', '3276'));
      await give(store, policies, remap(person, '9376', '3176'));
      await give(store, policies, remap(person, '9373', '3276'));
    });
    const apart = async (): Promise<boolean[]> =>
      [...(await fold()).trajectories.values()].map((each) => each.absorbedInto === null);

    it('lets it go, whole', async () => {
      expect(await apart()).toEqual([true, false, false]);
      expect(await revert('9373', '3276')).toEqual(['done']);
      expect(await apart()).toEqual([true, true, false]);
      expect(await positions()).toEqual([
        ['1', 1],
        ['2', 1],
        ['3', 2],
      ]);
    });

    it('is refused while a later remap goes on from one of those codes', async () => {
      await give(store, policies, remap(person, '9376', '9378'));
      expect(await revert('9373', '3276', 'early')).toEqual(['remap-in-use from']);
      expect(await revert('9376', '9378')).toEqual(['done']);
      expect(await revert('9373', '3276')).toEqual(['done']);
    });

    it('is refused where lines under one of those codes have come in since', async () => {
      await send(debit(4, '2024-06-03', '9376', '008'));
      expect(await revert('9373', '3276')).toEqual(['lines-under-code to']);
    });
  });

  it('is finished by the same command when its process was killed in between', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008'));
    const before = await positions();
    await give(store, policies, remap(person, '9376', '3176'));
    await killWhen(store, policies, reversal('9376', '3176'), () =>
      store.log.some(({ type }) => type === 'AbsorptionReverted.v1'),
    );
    expect(await revert('9376', '3176')).toEqual(['done']);
    expect(await positions()).toEqual(before);
    expect(store.log.filter(({ type }) => type === 'AbsorptionReverted.v1' || type === 'RemapReverted.v1')).toHaveLength(2);
  });
});
