/** A line moved to another trajectory of its person: what it moves, how it is undone, and what refuses it. */
import { foldPerson, lineKey, type PersonFold, type PersonId, type TrajectoryId } from '#libs/trajectory';
import type { DebitLine } from '../declare-claim-lines/claim-line';
import { loadPersons } from '../person/load';
import {
  base,
  credit,
  debit,
  declare,
  give,
  importHistory,
  personId,
  Policies,
  PRACTICE,
  register,
  remap,
  statePackages,
} from '../testing/commands';
import { killedAt, killWhen } from '../testing/interruptions';
import { InMemoryEventStore, ProcessKilled } from '../testing/in-memory-event-store';
import { refusalsOf } from '../testing/statements';
import { RevertRemap } from '../revert-remap/command';
import { MoveSession, type SessionMove } from './command';

const policies = new Policies();
const person: PersonId = personId('one');

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a session that is moved, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  let given: number;
  const send = (...lines: readonly (DebitLine | ReturnType<typeof credit>)[]) => {
    given += 1;
    return give(store, policies, declare(`file ${given}`, new Map([[person, lines]])));
  };
  const moveOf = (reference: string, to: Partial<SessionMove>, key = `move ${given}`): MoveSession =>
    new MoveSession(base(key, person), { practice: PRACTICE, reference, ...to });
  const move = async (reference: string, to: Partial<SessionMove>): Promise<string[]> => {
    given += 1;
    return refusalsOf(await give(store, policies, moveOf(reference, to)));
  };
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  const under = async (code: string): Promise<TrajectoryId> =>
    [...(await fold()).trajectories.values()].find(({ diagnosis }) => diagnosis === code)?.id as TrajectoryId;
  const told = async () =>
    [...(await fold()).decisions.values()]
      .map(({ line, condition, units }) => [line.split('/')[1], condition, units[0]?.position])
      .sort();

  beforeEach(async () => {
    given = 0;
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
    await send(
      ...[1, 2, 3].map((n) => debit(n, `2024-01-0${n}`, '9372', '008')),
      ...[5, 6].map((n) => debit(n, `2024-01-0${n}`, '4021', '008')),
    );
  });

  it('counts there with the item of that trajectory, and the others close up: one decision, under its own cause', async () => {
    const before = store.log.length;
    expect(await move('R-2', { trajectory: await under('4021') })).toEqual(['done']);
    expect(await told()).toEqual([
      ['R-1', '1.a.1', 1],
      ['R-2', '1.b.7', 1],
      ['R-3', '1.a.1', 2],
      ['R-5', '1.b.7', 2],
      ['R-6', '1.b.7', 3],
    ]);
    const written = store.log.slice(before);
    expect(written.map(({ type }) => type).sort()).toEqual(['PersonDecided.v1', 'SessionMovedIn.v1', 'SessionMovedOut.v1']);
    expect((await fold()).lastDecided?.cause.type).toBe('MoveSession');
    expect(new Set(written.map(({ metadata }) => metadata.commandId)).size).toBe(1);
  });

  it('keeps what was declared', async () => {
    const line = lineKey(PRACTICE, 'R-2');
    const before = (await fold()).trajectories.get(await under('9372'))?.sessions.get(line);
    await move('R-2', { trajectory: await under('4021') });
    const after = (await fold()).trajectories.get(await under('4021'))?.sessions.get(line);
    expect(after).toEqual({ ...before, moved: { move: 1, under: '4021' } });
  });

  it('begins a trajectory under a code that has none', async () => {
    expect(await move('R-2', { diagnosis: '9374' })).toEqual(['done']);
    expect((await fold()).trajectories.get(await under('9374'))?.sessions.size).toBe(1);
    expect((await told())[1]?.slice(2)).toEqual([1]);
  });

  it('[move-5] moved back every decision is what it was', async () => {
    await give(store, policies, importHistory(person, '9372', 19));
    await give(store, policies, statePackages(person));
    const before = (await fold()).decisions.get(lineKey(PRACTICE, 'R-2'));
    const [all, home] = [await told(), await under('9372')];
    await move('R-2', { trajectory: await under('4021') });
    expect(await told()).not.toEqual(all);
    expect(await move('R-2', { trajectory: home })).toEqual(['done']);
    expect(await told()).toEqual(all);
    expect((await fold()).decisions.get(lineKey(PRACTICE, 'R-2'))).toEqual(before);
  });

  it('[move-2] into a trajectory that is named counts under its own code where the lineage has it, else under the first', async () => {
    await give(store, policies, remap(person, '4021', '9394'));
    await send(debit(9, '2024-08-01', '9394', '008'));
    await move('R-9', { diagnosis: '9372' });
    const of = async (reference: string) =>
      [...(await fold()).trajectories.values()].flatMap(({ sessions }) => sessions.get(lineKey(PRACTICE, reference)) ?? [])[0]
        ?.moved;
    expect(await of('R-9')).toEqual({ move: 1, under: '9372' });
    await move('R-9', { trajectory: await under('4021') });
    expect(await of('R-9')).toEqual({ move: 2, under: '9394' });
    await move('R-1', { trajectory: await under('4021') });
    expect(await of('R-1')).toEqual({ move: 1, under: '4021' });
  });

  it('is credited where it is', async () => {
    await move('R-2', { trajectory: await under('4021') });
    await send(credit(1, debit(2, '2024-01-02', '9372', '008')));
    expect((await told()).map(([reference]) => reference)).toEqual(['R-1', 'R-3', 'R-5', 'R-6']);
    expect(await move('R-2', { trajectory: await under('9372') })).toEqual(['line-credited reference']);
  });

  it('keeps a remap from being taken back that its code rests on', async () => {
    await give(store, policies, remap(person, '4021', '9394'));
    await move('R-2', { diagnosis: '9394' });
    const reversal = { from: '4021', to: '9394', effectiveDate: '2024-07-01', reason: 'the wrong code' };
    expect(refusalsOf(await give(store, policies, new RevertRemap(base('revert', person), reversal)))).toEqual([
      'lines-under-code to',
    ]);
  });

  it('[move-4] stays in the regime of its indication, and under codes that admit it', async () => {
    await send(debit(7, '2024-01-07', '4021', '009'));
    const others = [...(await fold()).trajectories.values()].filter(({ regime }) => regime === 'none');
    expect(await move('R-2', { trajectory: others[0]?.id })).toEqual(['regime-differs trajectory']);
    expect(await move('R-2', { diagnosis: '6223' })).toEqual(['code-not-admitted diagnosis']);
    expect(await move('R-2', { diagnosis: '9999' })).toEqual(['diagnosis-unknown diagnosis']);
  });

  it('is refused where it cannot be, with the field', async () => {
    const nowhere = '9a000000-0000-4000-8000-00000000000f' as TrajectoryId;
    expect(await move('R-2', {})).toEqual(['target-missing trajectory']);
    expect(await move('R-2', { diagnosis: '4021', trajectory: nowhere })).toEqual(['target-missing trajectory']);
    expect(await move('R-99', { diagnosis: '4021' })).toEqual(['line-unknown reference']);
    expect(await move('R-2', { trajectory: nowhere })).toEqual(['trajectory-unknown trajectory']);
    expect(await move('R-2', { diagnosis: '9372' })).toEqual(['same-trajectory diagnosis']);
    expect(await move('R-2', { trajectory: await under('9372') })).toEqual(['same-trajectory trajectory']);
    const nobody = new MoveSession(base('nobody', personId('nobody')), {
      practice: PRACTICE,
      reference: 'R-2',
      diagnosis: '4021',
    });
    expect(refusalsOf(await give(store, policies, nobody))).toEqual(['person-unknown personId']);
  });

  it('given twice is moved once', async () => {
    const command = moveOf('R-2', { trajectory: await under('4021') });
    await give(store, policies, command);
    const length = store.log.length;
    expect(await give(store, policies, command)).toMatchObject({ outcome: 'done', changed: false });
    expect(store.log).toHaveLength(length);
  });

  it('stopped between the streams counts once, and is finished', async () => {
    const command = moveOf('R-2', { trajectory: await under('4021') });
    const types = () => store.log.map(({ type }) => type);
    await killWhen(store, policies, command, () => types().includes('SessionMovedIn.v1'));
    await give(store, policies, statePackages(person));
    expect(await told()).toHaveLength(5);
    await give(store, policies, command);
    expect((await told())[1]).toEqual(['R-2', '1.b.7', 1]);
    expect(types().filter((type) => type.startsWith('SessionMoved'))).toEqual(['SessionMovedIn.v1', 'SessionMovedOut.v1']);
  });

  it('stopped between the streams and then credited, nothing of the line stands, wherever the credit was stopped too', async () => {
    const command = moveOf('R-2', { trajectory: await under('4021') });
    const types = () => store.log.map(({ type }) => type);
    await killWhen(store, policies, command, () => types().includes('SessionMovedIn.v1'));
    const taken = declare('credit', new Map([[person, [credit(1, debit(2, '2024-01-02', '9372', '008'))]]]));
    for (let step = 1; step < 50; step += 1) {
      const ended = await give(store, policies, taken, killedAt(step)).catch((error: unknown) => {
        expect(error).toBeInstanceOf(ProcessKilled);
        return null;
      });
      // others go on in between
      await give(store, policies, declare(`later ${step}`, new Map([[person, [debit(10 + step, '2024-02-01', '9373', '008')]]])));
      if (ended !== null) break;
    }
    expect(await give(store, policies, taken)).toMatchObject([{ outcomes: [{ outcome: 'credited' }] }]);
    const line = lineKey(PRACTICE, 'R-2');
    const after = await fold();
    expect([...after.trajectories.values()].filter(({ sessions }) => sessions.has(line))).toEqual([]);
    expect([after.decisions.has(line), after.booked.get(line)?.paidToProvider]).toEqual([false, 0]);
    await give(store, policies, command);
    expect((await fold()).decisions.has(line)).toBe(false);
  });
});
