import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import type { AppendUnit, UnitOutcome } from '#libs/event-store';
import { loadPolicyFiles } from '#libs/policy-files';
import { FOLD_VERSION, type PersonFold, type PersonId } from '#libs/trajectory';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { ActivatePolicy } from '../activate-policy/command';
import type { DeclareClaimLines, PersonLinesResult } from '../declare-claim-lines/command';
import { DossiersModule } from '../dossiers.module';
import { openDossierRuntime, type DossierRuntime } from '../runtime';
import { RegisterPersons, type Member } from '../register-person/command';
import {
  commandId,
  coveredOnly,
  credit,
  debit,
  declare,
  importHistory,
  personId,
  recordSwitch,
  register,
  remap,
  statePackages,
  type Given,
} from '../testing/commands';
import { verify } from '../verify/verify';
import { EVENTS_TO_KEEP } from './fold-cache';
import { loadPersons, refold } from './load';

const SESSIONS = 110;

/** A row of the cache's table. */
interface Kept {
  readonly fold_version: number;
  readonly revision: string;
  readonly snapshot: string;
}

/** What the engine, the settlement and the plans of commands read of a person. */
const readable = (fold: PersonFold): unknown => ({
  registered: fold.registered,
  insurance: fold.insurance,
  diedOn: fold.diedOn,
  packages: fold.packages,
  reportedSwitches: fold.reportedSwitches,
  trajectories: [...fold.trajectories.values()].map((each) => ({
    ...each,
    sessions: [...each.sessions.values()],
    withdrawn: [...each.withdrawn],
    histories: each.histories,
    importsAndEnded: each.importsAndEnded,
  })),
  decisions: fold.decisions,
  booked: [...fold.booked].filter(([, booking]) => Object.values(booking).some((cents) => cents !== 0)).sort(),
  lastDecided: fold.lastDecided && {
    cause: fold.lastDecided.cause,
    policy: fold.lastDecided.policy,
    seen: fold.lastDecided.seen,
    engine: fold.lastDecided.engine,
  },
  revisions: fold.revisions,
});

describe('the cache of folded persons', () => {
  let database: TestDatabase;
  let client: Client;
  let runtime: DossierRuntime;
  let app: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>;
  /** Of this test alone; the lines' references too, for a reference is used once in a practice. */
  let person: PersonId;
  let firstLine: number;
  let tests = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    const keyEncryptionKey = { value: Buffer.alloc(32, 7).toString('base64'), create: false } as const;
    runtime = await openDossierRuntime({ eventStore: { kind: 'postgres' }, keyEncryptionKey }, database.url, 'test');
    app = await NestFactory.createApplicationContext(DossiersModule.forContext(runtime.context), { logger: ['error', 'warn'] });
    await app.get(CommandBus).execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
  });
  afterAll(async () => {
    await app?.close();
    await runtime?.close();
    await client?.end();
    await database?.drop();
  });
  beforeEach(async () => {
    tests += 1;
    person = personId(`fold cache ${tests}`);
    firstLine = tests * 1000;
    await give(register(person));
  });

  const give = (command: Given): Promise<unknown> => app.get(CommandBus).execute(command);
  const line = (n: number, date: string, diagnosis = '9373') =>
    debit(firstLine + n, date, diagnosis, diagnosis === '7022' ? '009' : '008');
  const declared = (name: string, ...lines: Parameters<typeof credit>[1][]): DeclareClaimLines =>
    declare(name, new Map([[person, lines]]));
  const longHistory = (): DeclareClaimLines =>
    declared(
      'long history',
      ...Array.from({ length: SESSIONS }, (_, i) =>
        line(i, new Date(Date.UTC(2023, 6, 3 + 3 * i)).toISOString().slice(0, 10), i % 5 === 4 ? '7022' : '9373'),
      ),
    );

  async function kept(): Promise<Kept | undefined> {
    const { rows } = await client.query<Kept>(
      'select fold_version, revision, snapshot from dossiers.folded_person where person_id = $1',
      [person],
    );
    return rows[0];
  }
  async function put(row: Kept): Promise<void> {
    await client.query(
      `insert into dossiers.folded_person (person_id, fold_version, revision, snapshot) values ($1, $2, $3, $4)
       on conflict (person_id) do update set fold_version = $2, revision = $3, snapshot = $4`,
      [person, row.fold_version, row.revision, row.snapshot],
    );
  }
  const headOf = async (stream: string): Promise<number> =>
    (await runtime.store.readStreams([{ stream }]))[0]?.at(-1)?.revision ?? -1;

  async function load(withCache: boolean) {
    const cache = withCache ? runtime.context.foldCache : null;
    const loaded = (await loadPersons(runtime.store, [person], cache)).get(person);
    if (loaded === undefined) throw new Error('the person was not loaded');
    return loaded;
  }

  /** Holds the fold from the cache against the one from the streams alone, and the store against itself. */
  async function expectSame(): Promise<void> {
    const fromStreams = await load(false);
    const fromCache = await load(true);
    expect(fromCache.events.length).toBeLessThan(fromStreams.events.length);
    expect(readable(fromCache.fold)).toEqual(readable(fromStreams.fold));
    expect(readable(refold(fromCache))).toEqual(readable(fromStreams.fold));
    expect([fromCache.unseen, fromStreams.unseen]).toEqual([[], []]);
    expect(new Set([...fromCache.earlier, ...fromCache.fold.decidedCommands.keys()])).toEqual(
      new Set(fromStreams.fold.decidedCommands.keys()),
    );
    await expectClean();
  }
  async function expectClean(): Promise<void> {
    expect((await verify(runtime.store, runtime.context.policies)).findings).toEqual([]);
  }

  /** Gives the command and answers what became of each of its appends. */
  async function appendsOf(command: Given): Promise<(readonly UnitOutcome['outcome'][])[]> {
    const outcomes: UnitOutcome['outcome'][][] = [];
    const append = runtime.store.append.bind(runtime.store);
    const spy = jest.spyOn(runtime.store, 'append').mockImplementation(async (units: readonly AppendUnit[]) => {
      const answers = await append(units);
      outcomes.push(answers.map((each) => each.outcome));
      return answers;
    });
    try {
      await give(command);
    } finally {
      spy.mockRestore();
    }
    return outcomes;
  }

  it('keeps no short history', async () => {
    await give(declared('one line', line(1, '2024-01-08')));
    expect(await kept()).toBeUndefined();
    await expectClean();
  });

  it.each([
    ['the snapshots that the commands keep', false],
    ['the first snapshot, whatever came after', true],
  ])('gives the same person after every kind of command: %s', async (_name, isFirstSnapshotPutBack) => {
    const first = longHistory();
    const answer = await give(first);
    expect(answer).toMatchObject([{ outcomes: Array.from({ length: SESSIONS }, () => ({ outcome: 'decided' })) }]);
    const snapshot = (await kept()) as Kept;
    expect(snapshot).toMatchObject({ fold_version: FOLD_VERSION, revision: String(await headOf(`dossier-${person}`)) });
    await expectSame();
    const late = line(900, '2023-07-04');
    const other = line(901, '2024-07-08', '9376');
    const credited = credit(firstLine + 902, late);
    const steps: readonly (readonly [string, Given])[] = [
      ['a late line', declared('late', late)],
      ['a credit', declare('credit', new Map([[person, [credited]]]))],
      ['a statement of packages', statePackages(person)],
      ['a history import', importHistory(person, '9373', 14)],
      ['a switch', recordSwitch(person, '9373')],
      ['a switch of a code that is new', recordSwitch(person, '3176')],
      ['a line under a code that is new', declared('other', other)],
      ['a remap that absorbs the new trajectory', remap(person, '9373', '9376')],
      ['a remap to a code that nothing is under', remap(person, '9376', '9378')],
      ['a line under the code it was remapped to', declared('remapped', line(903, '2024-09-09', '9378'))],
    ];
    const linked = (await load(false)).fold.trajectories.size;
    for (const [step, command] of steps) {
      if (isFirstSnapshotPutBack) await put(snapshot);
      const before = await headOf(`dossier-${person}`);
      expect([step, await appendsOf(command)]).toEqual([step, [['appended']]]);
      expect([step, (await headOf(`dossier-${person}`)) > before]).toEqual([step, true]);
      if (isFirstSnapshotPutBack) await put(snapshot);
      await expectSame();
      const log = (await load(false)).events.length;
      expect((await give(first)) as object[]).toMatchObject([{ outcomes: (answer as { outcomes: object }[])[0]?.outcomes }]);
      expect([step, (await load(false)).events.length]).toEqual([step, log]);
    }
    const { trajectories } = (await load(true)).fold;
    expect(trajectories.size).toBe(linked + 2);
    expect([...trajectories.values()].filter((each) => each.absorbedInto !== null)).toHaveLength(1);
  });

  it('answers the same to corrections that are given again, from the streams of what lies before the snapshot', async () => {
    await give(longHistory());
    const commands = [statePackages(person), recordSwitch(person, '9373'), importHistory(person, '9373', 14)];
    for (const command of commands) await give(command);
    // enough for a snapshot that holds them all
    const more = Array.from({ length: EVENTS_TO_KEEP }, (_, i) =>
      line(500 + i, new Date(Date.UTC(2024, 5, 3 + i)).toISOString().slice(0, 10)),
    );
    await give(declared('more', ...more));
    expect((await kept())?.revision).toBe(String(await headOf(`dossier-${person}`)));
    const { events } = await load(false);
    expect((await load(true)).events).toEqual([]);
    for (const command of commands) expect(await give(command)).toMatchObject({ outcome: 'done', changed: false });
    expect((await load(false)).events).toHaveLength(events.length);
    await expectSame();
  });

  describe('that has been tampered with', () => {
    /** The kept row, with the streams that are named so many revisions ahead. */
    async function moveAhead(by: number, isAhead: (stream: string) => boolean): Promise<void> {
      const row = (await kept()) as Kept;
      const snapshot = JSON.parse(row.snapshot) as { revisions: [string, number][] };
      snapshot.revisions = snapshot.revisions.map(([stream, revision]) => [stream, isAhead(stream) ? revision + by : revision]);
      await put({ ...row, snapshot: JSON.stringify(snapshot) });
    }
    const next = () => declared('next', line(900, '2023-07-04'));

    it.each([
      ['the dossier', /^dossier-/],
      ['a trajectory', /^trajectory-/],
      ['every stream', /./],
    ])('costs a conflict and one attempt from the streams when a snapshot is ahead of %s', async (_name, streams) => {
      await give(longHistory());
      await moveAhead(3, (stream) => streams.test(stream));
      expect(await appendsOf(next())).toEqual([['conflict'], ['appended']]);
      await expectSame();
      expect((await load(true)).fold.decisions.size).toBe(SESSIONS + 1);
      // the right one stands in its place
      expect(await appendsOf(statePackages(person))).toEqual([['appended']]);
      await expectSame();
    });

    it('is not read where a row is of another version of the fold, and a right one takes its place', async () => {
      await give(longHistory());
      const row = (await kept()) as Kept;
      await put({ fold_version: FOLD_VERSION + 1, revision: '1000000', snapshot: 'of a form that this version cannot read' });
      expect((await load(true)).events).toEqual((await load(false)).events);
      expect(await appendsOf(next())).toEqual([['appended']]);
      const replaced = (await kept()) as Kept;
      expect(replaced.fold_version).toBe(FOLD_VERSION);
      expect(Number(replaced.revision)).toBe(Number(row.revision) + 1);
      await expectSame();
    });

    it('may be emptied at any time, and fills again', async () => {
      await give(longHistory());
      await client.query('truncate dossiers.folded_person');
      expect((await load(true)).events).toEqual((await load(false)).events);
      expect(await appendsOf(next())).toEqual([['appended']]);
      expect(await kept()).toBeDefined();
      await expectSame();
    });
  });

  // the last: everybody is decided anew by the version it activates
  it('keeps nothing that ends in a decision of which nobody was told yet', async () => {
    await give(longHistory());
    const content = JSON.stringify(coveredOnly(loadPolicyFiles().document));
    const digest = createHash('sha256').update(content).digest('hex');
    await give(new ActivatePolicy({ digest, version: 'covered only', content }, 'test') as never);
    // a member import decides all of it anew, and tells nobody
    const [member] = register(person).members;
    const command = commandId(`import ${person}`);
    await give(new RegisterPersons([{ ...(member as Member), commandId: command, insurance: [] }], 'test'));
    const { events } = await load(true);
    expect(events.filter(({ type }) => type === 'PersonDecided.v1')).toHaveLength(2);
    const [answer] = (await give(declared('next', line(900, '2023-07-04')))) as readonly PersonLinesResult[];
    expect(answer?.standing.map(({ cause, changes }) => [cause.type, cause.id, changes.length])).toEqual([
      ['ActivatePolicy', digest, 42],
      ['RegisterPerson', command, SESSIONS - 42],
    ]);
    await expectClean();
  });
});
