import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { Corrections, DossierContext, DossiersModule, openDossierRuntime } from '#libs/dossiers';
import type { EventStore } from '#libs/event-store';
import type { CommandId, PersonId } from '#libs/trajectory';
import { PRACTICE, Story, outline } from './story';

const [WRONG, RIGHT, CHILD] = ['111222333', '123456782', '111111110'];
const KEK = Buffer.alloc(32, 9).toString('base64');
const dates = ['2024-01-08', '2024-01-15', '2024-01-22'];

class Killed extends Error {}

/** The store of a process that is killed before anything of this event type is written. */
const killedBefore = (store: EventStore, type: string): EventStore => ({
  capabilities: store.capabilities,
  append: (units) =>
    units.some(({ streams }) => streams.some(({ events }) => events.some((event) => event.type === type)))
      ? Promise.reject(new Killed())
      : store.append(units),
  readStreams: (reads) => store.readStreams(reads),
  readLog: (after, limit) => store.readLog(after, limit),
  listStreams: (category, after, limit) => store.listStreams(category, after, limit),
  subscribe: (options) => store.subscribe(options),
  close: () => Promise.resolve(),
});

describe('A claim carried the wrong person: a session is moved to the right one', () => {
  let story: Story;
  let persons: readonly [PersonId, PersonId, PersonId];
  const input = () => ({ practice: PRACTICE, reference: 'W-2', toPerson: persons[1] });

  beforeAll(async () => {
    story = await Story.open({ TRAJECT_KEK: KEK });
    const member = (birth: string) => [`member,${birth},V. Voorbeeld,,,,,,,`, 'insurance,,,,3343,,2015-01-01,,,'];
    await story.members({ [WRONG]: member('1970-05-05'), [RIGHT]: member('1961-06-07'), [CHILD]: member('2012-01-02') });
    await story.claimFile('one.pm304', [
      { bsn: WRONG, lines: dates.map((date, i) => ({ date, reference: `W-${i + 1}`, csi: '008' })) },
      { bsn: RIGHT, birthDate: '1961-06-07', lines: [{ date: '2024-01-09', reference: 'R-1', csi: '008' }] },
      { bsn: CHILD, birthDate: '2012-01-02', lines: [{ date: '2024-01-09', reference: 'K-1', csi: '009' }] },
    ]);
    await story.ingest('one.pm304');
    const idOf = async (bsn: string): Promise<PersonId> => (await story.dossier(bsn)).personId as PersonId;
    persons = [await idOf(WRONG), await idOf(RIGHT), await idOf(CHILD)];
  });
  afterAll(() => story.close());

  it('shows both persons, and waits for a second clerk', async () => {
    const asked = ['move-session-to-person', '--person', persons[0], '--input', JSON.stringify(input())];
    const { stdout } = await story.run([...asked, '--preview']);
    expect(stdout).toContain(`of person ${persons[1]}, who receives it`);
    expect(stdout).toContain('needs a second person: other-person');
    const waits = await story.run([...asked, '--reason', 'clerical-error']);
    expect([waits.code, waits.stdout]).toEqual([5, expect.stringContaining('waits for a second person')]);
    await story.verifyIsClean();
  });

  it('killed between the two persons it is with neither; verify finds it, finish-moves brings it to the second and tells its money', async () => {
    const runtime = await openDossierRuntime(
      { eventStore: { kind: 'postgres' }, keyEncryptionKey: { value: KEK, create: false } },
      story.database.url,
      'killed',
    );
    const { store, vault, policies, lineKeys } = runtime.context;
    const context = new DossierContext(killedBefore(store, 'SessionMovedIn.v1'), vault, policies, lineKeys);
    const app = await NestFactory.createApplicationContext(DossiersModule.forContext(context), { logger: false });
    const order = {
      ...{ personId: persons[0], kind: 'move-session-to-person' as const, input: input(), actor: 'anna' },
      ...{ commandId: '7d1c3c51-0000-4000-8000-000000000001' as CommandId, warrant: { approvedBy: 'bert' } },
    };
    await expect(app.get(Corrections).carryOut(order)).rejects.toThrow(Killed);
    const toChild = {
      ...{ ...order, input: { ...input(), reference: 'W-3', toPerson: persons[2] } },
      commandId: 'b21f0c52-0000-4000-8000-000000000002' as CommandId,
    };
    await expect(app.get(Corrections).carryOut(toChild)).rejects.toThrow(Killed);
    await app.close();
    await runtime.close();
    const found = await story.run(['verify', '--json']);
    expect([found.code, JSON.parse(found.stdout)]).toEqual([
      4,
      expect.objectContaining({
        findings: ['W-2', 'W-3'].map((each): unknown =>
          expect.objectContaining({ kind: 'move-unfinished', line: `${PRACTICE}/${each}` }),
        ),
      }),
    ]);
    expect(outline((await story.dossier(WRONG)).trajectories[0])).toEqual(['1 insured']);
    const { moves, payments } = await story.json<{ moves: object[]; payments: string[] }>(['finish-moves']);
    expect(moves).toEqual([
      { line: `${PRACTICE}/W-2`, from: persons[0], to: persons[1], commandId: order.commandId, outcome: 'arrived' },
      { line: `${PRACTICE}/W-3`, from: persons[0], to: persons[2], commandId: toChild.commandId, outcome: 'arrived' },
    ]);
    // W-2 is granted for the second person what it was for the first; for somebody under 18 W-3 is invalid
    expect(payments).toEqual(['payments-b21f0c52-0000.csv', 'payments-b21f0c52-0000.json']);
    expect(JSON.parse(await readFile(story.path(payments[1] ?? ''), 'utf8'))).toMatchObject([
      {
        cause: { type: 'MoveSessionToPerson', id: toChild.commandId },
        lines: [{ reference: 'W-3', grantedBeforeCents: 4000, grantedNowCents: 0 }],
      },
    ]);
    await story.verifyIsClean();
    const { sessions } = (await story.dossier(RIGHT)).trajectories[0] ?? { sessions: [] };
    expect(sessions.map(({ reference, decision }) => [reference, decision?.units[0]?.position])).toEqual([
      ['R-1', 1],
      ['W-2', 2],
    ]);
    expect(await story.json(['finish-moves'])).toEqual({ moves: [], payments: [] });
  });

  it('explain says of the first person that the line went to another one, and when', async () => {
    const asked = ['explain', '--bsn-from-stdin', '--line', `${PRACTICE}/W-2`];
    const { stdout } = await story.run(asked, WRONG);
    expect(stdout).toMatch(/Moved to another person on \d{4}-\d{2}-\d{2}: nothing stands on it here any more\./);
    const told = await story.json<{ session: { movedAwayAt: string }; known: { status: string }[] }>(asked, WRONG);
    expect(told.session.movedAwayAt).toMatch(/^\d{4}-\d{2}-\d{2}T/);
    expect(told.known.map(({ status }) => status)).toEqual(['decided', 'moved']);
  });

  it('a credit names the person that it is with now', async () => {
    const credit = (reference: string) => ({
      date: dates[1] ?? '',
      reference,
      csi: '008',
      debitCredit: 'C' as const,
      relatedReference: 'W-2',
    });
    await story.claimFile('first.pm304', [{ bsn: WRONG, lines: [credit('C-1')] }]);
    await story.claimFile('second.pm304', [{ bsn: RIGHT, birthDate: '1961-06-07', lines: [credit('C-2')] }]);
    await story.ingest('first.pm304', 'second.pm304');
    expect((await story.returned('first.pm305')).get('C-1')?.codes).toEqual(['8017']);
    expect((await story.returned('second.pm305')).get('C-2')).toEqual({ granted: -4000, codes: [] });
    await story.verifyIsClean();
  });
});
