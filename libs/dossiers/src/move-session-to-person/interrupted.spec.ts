/** A move between persons whose process is killed at every step there is: nothing is counted or paid twice, and nothing is lost. */
import { foldPerson, type CausedPaymentChanges, type LineKey, type PersonFold, type PersonId } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { toldOf } from '../payment-specification/told';
import { loadPersons } from '../person/load';
import {
  base,
  contextOf,
  debit,
  declare,
  give,
  personId,
  Policies,
  PRACTICE,
  register,
  statePackages,
} from '../testing/commands';
import { InMemoryEventStore, ProcessKilled } from '../testing/in-memory-event-store';
import { killedAt } from '../testing/interruptions';
import { refusalsOf } from '../testing/statements';
import { verify } from '../verify/verify';
import { arrive, moveBackId } from './arrive';
import { MoveSessionToPerson } from './command';
import { MoveSessionToPersonHandler } from './handler';
import { partsOfMove, toldOfParts } from './payments';
import { unfinishedMoves } from './unfinished';

const policies = new Policies();
const [wrong, right] = [personId('wrong'), personId('right')];
const line = `${PRACTICE}/R-2` as LineKey;
const move = new MoveSessionToPerson(base('move', wrong), { practice: PRACTICE, reference: 'R-2', toPerson: right });

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a move between persons that is interrupted, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  const begin = async (): Promise<void> => {
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(wrong, right));
    const lines = [1, 2, 3].map((n) => debit(n, `2024-01-0${n + 1}`, '9373', '008'));
    await give(store, policies, declare('lines', new Map([[wrong, lines]])));
    await give(store, policies, declare('own', new Map([[right, [debit(9, '2024-01-09', '9373', '008')]]])));
  };
  beforeEach(begin);

  const fold = async (person: PersonId): Promise<PersonFold> =>
    foldPerson(person, (await loadPersons(store.asProcess(), [person])).get(person)?.events ?? []);
  /** What is decided and booked of the line, over both persons. */
  const standing = async () => {
    const both = [await fold(wrong), await fold(right)];
    const paid = both.map(({ booked }) => booked.get(line)?.paidToProvider ?? 0);
    return { counted: both.filter(({ decisions }) => decisions.has(line)).length, paid: paid[0]! + paid[1]! };
  };
  const findings = async () =>
    (await verify(store.asProcess(), policies as never)).findings.map(({ kind, line: of }) => [kind, of]);
  /** Kills the move after so many steps; false = it ends before. */
  const killedAfter = async (step: number): Promise<boolean> => {
    const ended = give(store, policies, move, killedAt(step));
    try {
      await ended;
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(ProcessKilled);
      return true;
    }
  };
  const typesOf = (): string[] => store.log.map(({ type }) => type).filter((type) => type.startsWith('SessionMoved'));

  it('[move-person-2] never counts or pays the line twice, and the same command finishes it, wherever it was killed', async () => {
    const found = new Set<string>();
    for (let step = 1; await killedAfter(step); step += 1) {
      const { counted, paid } = await standing();
      expect(counted).toBeLessThanOrEqual(1);
      expect([0, 4000]).toContain(paid);
      for (const [kind] of await findings()) found.add(kind ?? '');
      expect(await give(store, policies, move)).toMatchObject({ outcome: 'done' });
      expect(await standing()).toEqual({ counted: 1, paid: 4000 });
      expect((await fold(right)).decisions.get(line)?.units[0]?.position).toBe(1);
      expect(typesOf()).toEqual(['SessionMovedOut.v1', 'SessionMovedIn.v1']);
      expect(await findings()).toEqual([]);
      const length = store.log.length;
      expect(await give(store, policies, move)).toMatchObject({ outcome: 'done', changed: false });
      expect(store.log).toHaveLength(length);
      await begin();
    }
    expect([...found].sort()).toEqual(atomic ? ['move-unfinished'] : ['move-unfinished', 'unbooked']);
  });

  /** Killed between the decision on the first person and the first event of the second. */
  const leaveInTransit = async (): Promise<void> => {
    for (let step = 1; await killedAfter(step); step += 1) {
      if (typesOf().length === 1 && (await fold(wrong)).decidedCommands.has(move.base.commandId)) return;
      await begin();
    }
    throw new Error('it never came to that point');
  };

  /** Of every grant that is told what it was and what it is, in the order in which it is told. */
  const grants = (told: readonly CausedPaymentChanges[]) =>
    told.flatMap(({ changes }) => changes.map((each) => [each.reference, each.grantedBeforeCents, each.grantedNowCents]));
  const LEFT = ['R-2', 4000, 0];
  const ARRIVED = ['R-2', 0, 4000];
  /** Under 18 the line is invalid: nothing is granted for it any more. */
  const CHILD = '2010-01-02';

  it.each<[string, string | undefined, unknown[]]>([
    ['grown up', undefined, [LEFT, ARRIVED]],
    ['under 18', CHILD, [LEFT]],
  ])('given again it tells both halves of the money, wherever it was killed: to somebody %s', async (_who, birthDate, told) => {
    for (let step = 1; ; step += 1) {
      const dying = contextOf(store, policies, killedAt(step), birthDate);
      const killed = await new MoveSessionToPersonHandler(dying).execute(move).catch((error: unknown) => error);
      for (const _again of [1, 2]) {
        const answer = (await new MoveSessionToPersonHandler(contextOf(store, policies, undefined, birthDate)).execute(
          move,
        )) as Extract<CommandResult, { outcome: 'done' }>;
        const persons = [answer, ...(answer.receiving === undefined ? [] : [answer.receiving])];
        expect(grants(persons.flatMap((each) => toldOf(each, move.base.commandId)))).toEqual(told);
      }
      if (!(killed instanceof ProcessKilled)) return;
      await begin();
    }
  });

  it.each<[string, string | undefined, unknown[]]>([
    ['grown up', undefined, [LEFT, ARRIVED]],
    ['under 18', CHILD, [LEFT]],
  ])('finished by somebody else it tells both halves as well: to somebody %s', async (_who, birthDate, told) => {
    await leaveInTransit();
    await give(store, policies, statePackages(wrong));
    const context = contextOf(store, policies, undefined, birthDate);
    for await (const transit of unfinishedMoves(context.store)) {
      const payments = toldOfParts(await partsOfMove(context.store, transit, await arrive(context, transit)));
      expect(grants(payments)).toEqual(told);
      expect(new Set(payments.map(({ cause }) => cause.id))).toEqual(new Set([move.base.commandId]));
    }
    expect(typesOf()).toHaveLength(2);
  });

  it('left in between it is found, and finished by whoever looks for such lines, under its own command', async () => {
    await leaveInTransit();
    expect(await standing()).toEqual({ counted: 0, paid: 0 });
    expect(await findings()).toEqual([['move-unfinished', line]]);
    // the others go on meanwhile, and nothing of the line comes back with them
    await give(store, policies, statePackages(wrong));
    await give(store, policies, statePackages(right));
    expect(await findings()).toEqual([['move-unfinished', line]]);
    for await (const transit of unfinishedMoves(store.asProcess()))
      expect(await arrive(contextOf(store, policies), transit)).toMatchObject({ outcome: 'arrived' });
    expect((await fold(right)).lastDecided?.cause).toEqual({ command: move.base.commandId, type: 'MoveSessionToPerson' });
    expect(store.log.at(-1)?.metadata).toMatchObject({ actor: 'test', personId: right });
    expect(await findings()).toEqual([]);
    const length = store.log.length;
    expect(await give(store, policies, move)).toMatchObject({ outcome: 'done' });
    expect(store.log).toHaveLength(length);
  });

  /** The dossier is closed, as an erasure does. */
  const eraseReceiver = async (): Promise<void> => {
    const closing = { type: 'PersonErased.v1', data: { personId: right, erasedAt: '2025-01-15T12:00:00.000Z' } };
    const stream = `dossier-${right}`;
    await store.asProcess().append([
      {
        streams: [
          {
            ...{ stream, expectedRevision: store.stream(stream).length - 1 },
            events: [{ ...closing, id: 'erasure', metadata: { personId: right, commandId: 'erasure', actor: 'test' } }],
          },
        ],
      },
    ]);
  };

  it('[move-person-2] begun for one person, the same command does not finish for another', async () => {
    await give(store, policies, register(personId('third')));
    await leaveInTransit();
    const length = store.log.length;
    const other = new MoveSessionToPerson(move.base, { ...move.input, toPerson: personId('third') });
    expect(refusalsOf(await give(store, policies, other))).toEqual(['moved-to-other toPerson']);
    expect(store.log).toHaveLength(length);
    expect(await give(store, policies, move)).toMatchObject({ outcome: 'done', receiving: { personId: right } });
  });

  it('goes back to whom it left when the other was erased in between', async () => {
    const before = (await fold(wrong)).decisions.get(line);
    await leaveInTransit();
    await eraseReceiver();
    const answer = await give(store, policies, move);
    expect(answer).toMatchObject({ outcome: 'refused', refusals: [{ code: 'person-erased' }] });
    expect((await fold(wrong)).decisions.get(line)).toEqual(before);
    expect(await standing()).toEqual({ counted: 1, paid: 4000 });
    expect(await findings()).toEqual([]);
    const length = store.log.length;
    expect(await give(store, policies, move)).toEqual(answer);
    expect(store.log).toHaveLength(length);
  });

  it('sent back by somebody else it tells the departure and the return, each under its own cause', async () => {
    await leaveInTransit();
    await eraseReceiver();
    const context = contextOf(store, policies);
    for await (const transit of unfinishedMoves(context.store)) {
      const arrival = await arrive(context, transit);
      expect(arrival.outcome).toBe('returned');
      const payments = toldOfParts(await partsOfMove(context.store, transit, arrival));
      expect([grants(payments), payments.map(({ cause }) => cause.id)]).toEqual([
        [LEFT, ARRIVED],
        [move.base.commandId, moveBackId(move.base.commandId)],
      ]);
    }
    expect(await standing()).toEqual({ counted: 1, paid: 4000 });
  });

  it('sent back, by itself or by somebody else before, the same command tells what whoever finishes it tells, each time', async () => {
    for (const isFinished of [false, true]) {
      await begin();
      await leaveInTransit();
      await eraseReceiver();
      const context = contextOf(store, policies);
      if (isFinished) for await (const transit of unfinishedMoves(context.store)) await arrive(context, transit);
      for (const _again of [1, 2]) {
        const answer = (await give(store, policies, move)) as Extract<CommandResult, { outcome: 'refused' }>;
        const payments = toldOfParts(answer.undone ?? []);
        expect([grants(payments), payments.map(({ cause }) => cause.id)]).toEqual([
          [LEFT, ARRIVED],
          [move.base.commandId, moveBackId(move.base.commandId)],
        ]);
      }
    }
  });

  it('[move-person-2] erased after arrival, given again: nothing is written', async () => {
    await give(store, policies, move);
    await eraseReceiver();
    const length = store.log.length;
    expect(await give(store, policies, move)).toMatchObject({
      ...{ outcome: 'done', changed: false },
      receiving: { personId: right, decided: { cause: { command: move.base.commandId } } },
    });
    expect(store.log).toHaveLength(length);
    expect(await standing()).toEqual({ counted: 1, paid: 4000 });
    expect(await findings()).toEqual([]);
  });

  it('erased when the arrival was written and not decided, given again: it does not go back', async () => {
    for (let step = 1; await killedAfter(step); step += 1) {
      if (typesOf().length === 2) break;
      await begin();
    }
    await eraseReceiver();
    const length = store.log.length;
    expect(await give(store, policies, move)).toMatchObject({ outcome: 'done', changed: false });
    expect(store.log).toHaveLength(length);
  });
});
