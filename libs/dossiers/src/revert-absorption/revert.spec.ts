/** An absorption taken back apart from its remap: senseless while the remap stands, and the way out where none does. */
import { foldPerson, type PersonDecided, type PersonFold, type PersonId, type TrajectoryId } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { dossierStream, trajectoryStream } from '#libs/trajectory';
import { trajectoryId } from '../person/event-ids';
import { MoveSession } from '../move-session/command';
import { loadPersons } from '../person/load';
import {
  base,
  commandId,
  debit,
  declare,
  give,
  personId,
  Policies,
  PRACTICE,
  register,
  remap,
  statePackages,
} from '../testing/commands';
import { RevertRemap } from '../revert-remap/command';
import { InMemoryEventStore, ProcessKilled, type ProcessFaults } from '../testing/in-memory-event-store';
import { killedAt } from '../testing/interruptions';
import { refusalsOf } from '../testing/statements';
import { RevertAbsorption } from './command';
import { RevertAbsorptionHandler } from './handler';

const policies = new Policies();
const person: PersonId = personId('one');
const [survivor, absorbed] = [trajectoryId(person, 'annex', '9376'), trajectoryId(person, 'annex', '3176')];

describe('an absorption that is taken back apart from its remap', () => {
  let store: InMemoryEventStore;
  const revert = async (id: TrajectoryId, key: string, faults?: ProcessFaults): Promise<string[]> => {
    const context = { store: store.asProcess(faults), policies } as unknown as DossierContext;
    const command = new RevertAbsorption(base(key, person), { trajectoryId: id, reason: 'a mistake' });
    return refusalsOf(await new RevertAbsorptionHandler(context).execute(command));
  };
  const fold = async (): Promise<PersonFold> =>
    foldPerson(person, (await loadPersons(store.asProcess(), [person])).get(person)?.events ?? []);
  /** What no command records: the absorption without the remap, as one of an earlier version could leave it. */
  const absorb = async (): Promise<void> => {
    const { revisions } = await fold();
    const stream = trajectoryStream(absorbed);
    const id = commandId('absorption');
    const event = { id, type: 'TrajectoryAbsorbed.v1', data: { into: survivor, reason: 'a mistake' } };
    const metadata = { personId: person, commandId: id, actor: 'test' };
    const expectedRevision = revisions.get(stream) ?? -1;
    await store.asProcess().append([{ streams: [{ stream, expectedRevision, events: [{ ...event, metadata }] }] }]);
  };

  beforeEach(async () => {
    store = new InMemoryEventStore(true);
    await give(store, policies, register(person));
    const lines = [debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008')];
    await give(store, policies, declare('lines', new Map([[person, lines]])));
  });

  it('[absorption-6] is refused while a remap makes their codes one lineage, which would have two trajectories then', async () => {
    await give(store, policies, remap(person, '9376', '3176'));
    expect(await revert(absorbed, 'early')).toEqual(['absorption-in-use trajectoryId']);
    expect((await fold()).trajectories.get(absorbed)?.absorbedInto).toBe(survivor);
  });

  it('[absorption-6] lets the trajectory count by itself again where no remap carries the absorption', async () => {
    await absorb();
    expect(await revert(absorbed, 'late')).toEqual(['done']);
    const after = await fold();
    expect(after.trajectories.get(absorbed)?.absorbedInto).toBeNull();
    expect([...after.decisions.values()].map(({ trajectory, units }) => [trajectory, units[0]?.position])).toEqual([
      [survivor, 1],
      [absorbed, 1],
    ]);
    expect(store.stream(dossierStream(person)).at(-1)?.type).toBe('PersonDecided.v1');
  });

  it('is refused where lines under its code have come in since: they are stored in the other one', async () => {
    await absorb();
    await give(store, policies, declare('later', new Map([[person, [debit(3, '2024-07-15', '3176', '008')]]])));
    expect(await revert(absorbed, 'late')).toEqual(['lines-under-code trajectoryId']);
  });

  it('asks of a moved line for the code that it counts under, not for the one that was declared', async () => {
    const move = (reference: string, diagnosis: string) =>
      give(
        store,
        policies,
        new MoveSession(base(`${reference} ${diagnosis}`, person), { practice: PRACTICE, reference, diagnosis }),
      );
    // declared under the code of the absorbed one, and moved to the other before
    await move('R-2', '9376');
    await absorb();
    await give(store, policies, declare('later', new Map([[person, [debit(3, '2024-07-15', '9373', '008')]]])));
    await move('R-3', '3176');
    expect(await revert(absorbed, 'late')).toEqual(['lines-under-code trajectoryId']);
    await move('R-3', '9373');
    expect(await revert(absorbed, 'later')).toEqual(['done']);
  });

  it('is refused of what is not absorbed', async () => {
    expect(await revert(survivor, 'survivor')).toEqual(['absorption-unknown trajectoryId']);
    expect(await revert('none' as TrajectoryId, 'nobody')).toEqual(['absorption-unknown trajectoryId']);
  });

  it.each([
    ['an absorption taken back alone', 'RevertAbsorption'],
    ['one taken back with its remap, of which no more was written', 'RevertRemap'],
  ])('%s by a process that was then killed is booked as %s, without transactions over streams', async (_, type) => {
    store = new InMemoryEventStore(false);
    await give(store, policies, register(person));
    const lines = [debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008')];
    await give(store, policies, declare('lines', new Map([[person, lines]])));
    const isAlone = type === 'RevertAbsorption';
    await (isAlone ? absorb() : give(store, policies, remap(person, '9376', '3176')));
    const wrong = { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'the wrong code' };
    const reverted = (): number => store.log.filter((event) => /^(Absorption|Remap)Reverted/.test(event.type)).length;
    for (let step = 1; reverted() === 0; step += 1) {
      const given = isAlone
        ? revert(absorbed, 'stopped', killedAt(step))
        : give(store, policies, new RevertRemap(base('stopped', person), wrong), killedAt(step));
      await expect(given).rejects.toThrow(ProcessKilled);
    }
    expect(reverted()).toBe(1);
    await give(store, policies, statePackages(person));
    const decisions = store.stream(dossierStream(person)).filter((event) => event.type === 'PersonDecided.v1');
    expect(decisions.slice(-2).map(({ data }) => (data as PersonDecided['data']).cause.type)).toEqual([type, 'StatePackages']);
  });
});
