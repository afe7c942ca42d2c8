import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, type Pool } from '#libs/platform';
import { loadPolicyFiles } from '#libs/policy-files';
import type { PersonId } from '#libs/trajectory';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { ActivatePolicy } from '../activate-policy/command';
import { ActivatePolicyHandler } from '../activate-policy/handler';
import { DeclareClaimLinesHandler } from '../declare-claim-lines/handler';
import { loadPersons, type LoadedPerson } from '../person/load';
import { RegisterPersonsHandler } from '../register-person/handler';
import { openDossierRuntime, type DossierRuntime } from '../runtime';
import { StatePackagesHandler } from '../state-packages/handler';
import { debit, declare, register, statePackages } from '../testing/commands';
import { verify } from '../verify/verify';
import { ErasureList } from './erasure-list';

jest.setTimeout(120_000);

describe('erasing a person', () => {
  let database: TestDatabase;
  let pool: Pool;
  let folder: string;
  let runtime: DossierRuntime;
  let list: ErasureList;
  const keyEncryptionKey = { value: randomBytes(32).toString('base64'), create: false as const };
  const open = (erasureList: string | null): Promise<DossierRuntime> =>
    openDossierRuntime({ eventStore: { kind: 'postgres' }, keyEncryptionKey, erasureList }, database.url, 'erasures test');

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool(database.url, { max: 2, applicationName: 'erasures test' });
    folder = await mkdtemp(join(tmpdir(), 'traject-erasures-'));
    list = new ErasureList(join(folder, 'erasures'));
    await list.create();
    runtime = await open(list.file);
    await new ActivatePolicyHandler(runtime.context).execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
    // as the API makes it
    await pool.query('create schema api');
    await pool.query('create table api.idempotency (key_hash bytea primary key, request_hash bytea not null, answer json)');
  });
  afterAll(async () => {
    await runtime.close();
    await pool.end();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('asked for many times at once waits for its turn without taking the connections that it needs', async () => {
    const { personId } = await person();
    const holds = Array.from({ length: 12 }, (_, n) => runtime.erasures.hold(personId, 'jurist', `case ${n}`, '2099-12-31'));
    const placed = await Promise.all(holds);
    expect(placed.map(({ outcome }) => outcome)).toEqual(holds.map(() => 'held'));
  });

  let serial = 0;
  /** A registered person with three lines; `bsn` is only a number to the vault. */
  async function person(): Promise<{ personId: PersonId; bsn: string }> {
    const bsn = String(100_000_000 + (serial += 1));
    const identity = {
      bsn,
      birthDate: '1970-05-05',
      name: 'Planted',
      relationNumbers: [{ insurer: '3343', number: `R${serial}` }],
    };
    const personId = (await runtime.context.vault.registerPersons([identity])).get(bsn) as PersonId;
    await new RegisterPersonsHandler(runtime.context).execute(register(personId));
    const lines = [1, 2, 3].map((n) => debit(serial * 10 + n, `2023-03-0${n}`, '9373', '008'));
    await new DeclareClaimLinesHandler(runtime.context).execute(declare('lines', new Map([[personId, lines]])));
    return { personId, bsn };
  }
  const loaded = async (personId: PersonId): Promise<LoadedPerson> =>
    (await loadPersons(runtime.store, [personId])).get(personId) as LoadedPerson;
  const booked = async (personId: PersonId): Promise<unknown> => [...(await loaded(personId)).fold.booked];

  async function requested(personId: PersonId): Promise<string> {
    const done = await runtime.erasures.request(personId, 'anna', 'asked for by the person on form V-12');
    if (done.outcome !== 'requested') throw new Error(JSON.stringify(done));
    return done.request.requestId;
  }
  async function erased(personId: PersonId): Promise<void> {
    expect(await runtime.erasures.confirm(await requested(personId), 'bert')).toMatchObject({ outcome: 'erased', personId });
  }
  const codes = (done: { readonly refusals?: readonly { readonly code: string }[] }): string[] =>
    (done.refusals ?? []).map(({ code }) => code);

  test('the dry run says what goes, what stays and what stands in the way, and changes nothing', async () => {
    const { personId } = await person();
    await runtime.context.vault.sealNote(personId, 'a note');
    const events = (await loaded(personId)).events.length;
    const preview = await runtime.erasures.preview(personId);
    expect(preview).toMatchObject({
      state: 'known',
      destroyed: { identity: { name: true, relationNumbers: 1 }, notes: 1, documents: 0 },
      stays: { events, trajectories: 1, lines: 3, booked: { insured: 12_000 } },
      ...{ unbooked: 0, holds: [], request: null, listIsConfigured: true },
    });
    expect(JSON.stringify(preview)).not.toMatch(/Planted|1970-05-05/);
    expect((await loaded(personId)).events).toHaveLength(events);
    expect((await runtime.erasures.preview('00000000-0000-4000-8000-000000000000' as PersonId)).state).toBe('unknown');
  });

  test('destroys the key, closes the dossier and leaves every fact, decision and cent as it was', async () => {
    const { personId, bsn } = await person();
    const noteId = await runtime.context.vault.sealNote(personId, 'a note');
    const [before, stateBefore] = [await booked(personId), await loaded(personId)];
    await erased(personId);
    expect(await booked(personId)).toEqual(before);
    const after = await loaded(personId);
    expect([after.fold.erasedAt, after.unseen]).toEqual([(await list.read()).get(personId), []]);
    expect([...after.fold.decisions]).toEqual([...stateBefore.fold.decisions]);
    expect(after.events.at(stateBefore.events.length)?.metadata).toMatchObject({ personId });
    expect(after.events.filter(({ type }) => type === 'PersonErased.v1')).toHaveLength(1);
    const { vault } = runtime.context;
    expect((await vault.resolveByBsn([bsn])).size).toBe(0);
    expect(await vault.readNote(personId, noteId)).toBeNull();
    expect((await runtime.erasures.preview(personId)).state).toBe('erased');
    expect((await verify(runtime.store, runtime.context.policies)).findings).toEqual([]);
  });

  test('every later command is refused, also one that was carried out before, and a policy that is activated books nothing', async () => {
    const { personId } = await person();
    await erased(personId);
    const { events } = await loaded(personId);
    const packages = await new StatePackagesHandler(runtime.context).execute(statePackages(personId));
    expect(codes(packages as never)).toEqual(['person-erased']);
    const [again] = await new RegisterPersonsHandler(runtime.context).execute(register(personId));
    expect(codes(again as never)).toEqual(['person-erased']);
    const line = debit(serial * 10 + 9, '2023-04-01', '9373', '001');
    const [late] = await new DeclareClaimLinesHandler(runtime.context).execute(declare('late', new Map([[personId, [line]]])));
    expect(late?.outcomes).toEqual([{ outcome: 'refused', codes: ['0320'], grantedCents: 0 }]);
    expect((await loaded(personId)).events).toEqual(events);
  });

  test('whoever registers with the same number is a new person', async () => {
    const { personId, bsn } = await person();
    await erased(personId);
    const again = (await runtime.context.vault.registerPersons([{ bsn, birthDate: '1970-05-05' }])).get(bsn) as PersonId;
    expect(again).not.toBe(personId);
    const [registered] = await new RegisterPersonsHandler(runtime.context).execute(register(again));
    expect(registered?.outcome).toBe('done');
  });

  test('copies go: folds of long histories, and answers of the API that hold anything of the person', async () => {
    const [{ personId }, other] = [await person(), await person()];
    const { events, fold } = await loaded(personId);
    const [trajectory] = fold.trajectories.keys();
    const answers: Record<string, object> = {
      registered: { personId, commandId: 'x' },
      'of a command': { commandId: events.at(-1)?.metadata.commandId },
      'that names a trajectory': { facts: [{ stream: `trajectory-${trajectory}` }] },
      'of somebody else': { personId: other.personId },
    };
    for (const [key, answer] of Object.entries(answers))
      await pool.query(`insert into api.idempotency values ($1, '', $2)`, [Buffer.from(key), JSON.stringify(answer)]);
    for (const each of [personId, other.personId])
      await pool.query(`insert into dossiers.folded_person values ($1, 0, 0, 'x')`, [each]);
    expect((await runtime.erasures.preview(personId)).destroyed.copies).toEqual([
      { what: 'folds of long histories', rows: 1 },
      { what: 'kept answers of the API', rows: 3 },
    ]);
    await erased(personId);
    const left = await pool.query<{ key: string }>(`select convert_from(key_hash, 'UTF8') as key from api.idempotency`);
    expect(left.rows.map(({ key }) => key)).toEqual(['of somebody else']);
    expect((await pool.query('select from dossiers.folded_person where person_id = $1', [personId])).rowCount).toBe(0);
    expect((await pool.query('select from dossiers.folded_person where person_id = $1', [other.personId])).rowCount).toBe(1);
  });

  describe('takes two', () => {
    test.each(['anna', ' Anna ', 'ANNA'])('who asked for it cannot confirm it, not as %p either', async (by) => {
      const { personId } = await person();
      const requestId = await requested(personId);
      expect(codes((await runtime.erasures.confirm(requestId, by)) as never)).toEqual(['same-person']);
      expect((await runtime.erasures.preview(personId)).state).toBe('known');
      await expect(
        pool.query('update dossiers.erasure_request set confirmed_by = $2, confirmed_at = now() where request_id = $1', [
          requestId,
          by,
        ]),
      ).rejects.toMatchObject({ constraint: 'confirmed_by_another' });
    });

    test('a request is made once, confirmed once, and confirming it again answers the same', async () => {
      const { personId } = await person();
      const requestId = await requested(personId);
      expect(codes((await runtime.erasures.request(personId, 'cees', 'again')) as never)).toEqual(['request-open']);
      const confirmed = await Promise.all(['bert', 'dirk'].map((by) => runtime.erasures.confirm(requestId, by)));
      expect(confirmed[0]).toEqual(confirmed[1]);
      expect(await runtime.erasures.confirm(requestId, 'bert')).toEqual(confirmed[0]);
      expect(codes((await runtime.erasures.request(personId, 'cees', 'again')) as never)).toEqual(['person-erased']);
    });

    test.each<[string, string, string, string]>([
      ['id-invalid', 'nobody', 'anna', 'why'],
      ['person-unknown', '00000000-0000-4000-8000-000000000000', 'anna', 'why'],
      ['user-invalid', '00000000-0000-4000-8000-000000000000', ' ', 'why'],
      ['reason-invalid', '00000000-0000-4000-8000-000000000000', 'anna', ''],
      ['reason-invalid', '00000000-0000-4000-8000-000000000000', 'anna', 'two\nlines'],
      ['reason-names-person', '00000000-0000-4000-8000-000000000000', 'anna', 'of 111222333'],
    ])('asked for wrongly it is refused: %s', async (code, personId, by, reason) => {
      expect(codes((await runtime.erasures.request(personId as PersonId, by, reason)) as never)).toEqual([code]);
    });

    test('what nobody asked for is not confirmed', async () => {
      expect(codes((await runtime.erasures.confirm('00000000-0000-4000-8000-000000000000', 'bert')) as never)).toEqual([
        'request-unknown',
      ]);
    });
  });

  describe('under a legal hold', () => {
    const holdOn = async (personId: PersonId, until: string): Promise<string> => {
      const done = await runtime.erasures.hold(personId, 'jurist', 'court case 26/104', until);
      if (done.outcome !== 'held') throw new Error(JSON.stringify(done));
      return done.hold.holdId;
    };

    test('is refused, when it is asked for and when it is confirmed, until the hold is released', async () => {
      const { personId } = await person();
      const requestId = await requested(personId);
      const holdId = await holdOn(personId, '2099-12-31');
      const refusedNow = await runtime.erasures.confirm(requestId, 'bert');
      expect(refusedNow).toMatchObject({ refusals: [{ code: 'legal-hold' }] });
      expect(JSON.stringify(refusedNow)).toContain('until 2099-12-31: court case 26/104');
      expect(codes((await runtime.erasures.request(personId, 'cees', 'again')) as never)).toEqual(['legal-hold']);
      expect((await runtime.erasures.preview(personId)).holds).toMatchObject([{ holdId, until: '2099-12-31' }]);
      expect((await list.read()).has(personId)).toBe(false);
      expect(await runtime.erasures.release(holdId, 'jurist')).toEqual({ outcome: 'released', personId });
      expect(codes((await runtime.erasures.release(holdId, 'jurist')) as never)).toEqual(['hold-unknown']);
      expect((await runtime.erasures.confirm(requestId, 'bert')).outcome).toBe('erased');
      expect(codes((await runtime.erasures.hold(personId, 'jurist', 'late', '2099-12-31')) as never)).toEqual(['person-erased']);
    });

    test('that is over is none; a day that is over, or does not exist, is refused', async () => {
      const { personId } = await person();
      const holdId = await holdOn(personId, '2099-12-31');
      await pool.query(`update dossiers.legal_hold set until = current_date - 2 where hold_id = $1`, [holdId]);
      for (const [until, code] of [
        ['2020-01-01', 'date-past'],
        ['2099-02-30', 'date-invalid'],
      ] as const)
        expect(codes((await runtime.erasures.hold(personId, 'jurist', 'why', until)) as never)).toEqual([code]);
      await erased(personId);
    });
  });

  describe('is held to the list whenever the database is opened', () => {
    test('who is in the list and not erased here, after a restore or a crash, is erased before anything is answered', async () => {
      const [{ personId, bsn }, other] = [await person(), await person()];
      const requestId = await requested(personId);
      const before = await booked(personId);
      await list.add(personId, '2026-11-25T09:30:00.000Z');
      const opened = await Promise.all([1, 2].map(() => open(list.file)));
      for (const each of opened) {
        expect((await each.context.vault.resolveByBsn([bsn, other.bsn])).size).toBe(1);
        await each.close();
      }
      const { fold, events } = await loaded(personId);
      expect(fold.erasedAt).toBe('2026-11-25T09:30:00.000Z');
      expect(events.filter(({ type }) => type === 'PersonErased.v1')).toHaveLength(1);
      expect(await booked(personId)).toEqual(before);
      // there is nothing left to confirm
      expect(codes((await runtime.erasures.confirm(requestId, 'bert')) as never)).toEqual(['request-unknown']);
    });

    test('somebody in the list whom this database has never known is no fault', async () => {
      await list.add('11111111-1111-4111-8111-111111111111' as PersonId, '2026-11-25T09:30:00.000Z');
      await (await open(list.file)).close();
    });

    test('a list that is missing, damaged, not configured or older than the database opens nothing, and says what to do', async () => {
      const older = new ErasureList(join(folder, 'older'));
      await older.create();
      const damaged = join(folder, 'damaged');
      await writeFile(damaged, 'traject-erasure-list');
      await expect(open(join(folder, 'none'))).rejects.toMatchObject({ name: 'ErasureListError', code: 'missing' });
      await expect(open(damaged)).rejects.toMatchObject({ code: 'damaged' });
      await expect(open(null)).rejects.toMatchObject({ code: 'not-configured' });
      await expect(open(older.file)).rejects.toMatchObject({ code: 'behind' });
    });

    test('without a list nobody is erased', async () => {
      const fresh = await createTestDatabase();
      const without = await openDossierRuntime(
        { eventStore: { kind: 'postgres' }, keyEncryptionKey },
        fresh.url,
        'erasures test',
      );
      await expect(without.erasures.confirm('00000000-0000-4000-8000-000000000000', 'bert')).rejects.toMatchObject({
        code: 'not-configured',
      });
      await without.close();
      await fresh.drop();
    });
  });
});
