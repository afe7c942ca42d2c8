/** What the database itself holds of campaigns, and that what is kept adds up. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openPool, type Pool } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { CampaignClaimLostError } from './campaign-book';
import { PostgresCampaignBook } from './postgres-campaign-book';
import { installCampaigns } from './schema';
import type { CampaignPerson, NewCampaign } from './shape';
import { contentDigest, NO_CENTS, withPerson, NO_TOTALS } from './totals';

const DIGEST = 'a'.repeat(64);

describe('the campaigns that are kept', () => {
  let database: TestDatabase;
  let pool: Pool;
  let book: PostgresCampaignBook;
  let id: string;

  const person = (n: number, change: Partial<CampaignPerson> = {}): CampaignPerson => ({
    ...{ personId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as PersonId, status: 'previewed', effects: DIGEST },
    ...{ remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'closed' }], trajectories: 1, lines: 2 },
    ...{ released: 1, centsMoved: n * 100, cents: { ...NO_CENTS, basic: n * 100, insured: -n * 100 }, code: null, problem: null },
    ...change,
  });
  const campaign = (): NewCampaign => ({
    ...{ campaignId: id, source: { kind: 'policy' }, content: contentDigest({ kind: 'policy' }), reason: 'new policy' },
    ...{ canary: 2, tolerancePercent: 1.5, policy: { digest: DIGEST, version: '1' }, proposedBy: 'Anna' },
  });
  const approved = async (...persons: CampaignPerson[]): Promise<void> => {
    await book.create(campaign());
    await book.keepPersons(id, persons);
    const totals = await book.totals(id);
    await book.move(id, ['draft'], 'previewed', { totals, digest: DIGEST });
    expect(await book.move(id, ['previewed'], 'approved', { by: 'bert' })).toBe(true);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool(database.url, { max: 3, applicationName: 'test' });
    await Promise.all([installCampaigns(pool), installCampaigns(pool)]);
    book = new PostgresCampaignBook(pool);
  });
  afterAll(async () => {
    await pool?.end();
    await database?.drop();
  });
  beforeEach(() => {
    id = randomUUID();
  });

  it('are given back as they were made', async () => {
    expect(await book.create(campaign())).toMatchObject({ ...campaign(), status: 'draft', stage: 'canary', totals: null });
    expect(await book.create({ ...campaign(), reason: 'another' })).toMatchObject({ reason: 'new policy' });
    const row = { line: 2, from: '9376', to: '3176', effectiveDate: '2024-07-01', item: null, practice: null };
    const mapping = { ...campaign(), campaignId: randomUUID(), source: { kind: 'mapping' as const, rows: [row] } };
    await book.create(mapping);
    const [listed, before] = await book.list(2);
    expect([listed?.source, before?.campaignId]).toEqual([{ kind: 'mapping' }, id]);
    expect((await book.read(mapping.campaignId))?.source).toEqual(mapping.source);
    await book.keepPersons(id, [person(1), person(2)]);
    await book.keepPersons(id, [person(2, { lines: 9 }), person(3)]);
    expect(await book.persons(id, ['previewed'], null, 10)).toEqual([person(1), person(2), person(3)]);
    expect(await book.kept(id, [person(3).personId, person(4).personId])).toEqual(new Set([person(3).personId]));
  });

  it('are approved by another person: the database refuses the one who proposed', async () => {
    await book.create(campaign());
    await book.move(id, ['draft'], 'previewed', { totals: NO_TOTALS, digest: DIGEST });
    await expect(book.move(id, ['previewed'], 'approved', { by: ' anna ' })).rejects.toThrow(/another_person_approves/);
    await expect(book.move(id, ['previewed'], 'approved')).rejects.toThrow(/another_person_approves/);
    expect(await book.move(id, ['previewed'], 'approved', { by: 'bert' })).toBe(true);
    await expect(book.move(id, ['approved'], 'approved', { by: 'carl' })).rejects.toThrow(/what was approved, and by whom/);
  });

  it('are approved as they were seen only, and begin anew without anything of the preview before', async () => {
    await book.create(campaign());
    await book.keepPersons(id, [person(1)]);
    await book.move(id, ['draft'], 'previewed', { totals: NO_TOTALS, digest: DIGEST });
    expect(await book.move(id, ['previewed'], 'approved', { by: 'bert', agreed: 'b'.repeat(64) })).toBe(false);
    expect(await book.beginAnew(id, { digest: 'c'.repeat(64), version: '2' })).toBe(true);
    expect(await book.read(id)).toMatchObject({
      ...{ status: 'draft', totals: null, digest: null, previewRound: 2, policy: { version: '2' } },
    });
    expect(await book.persons(id, ['previewed'], null, 10)).toEqual([]);
    await book.move(id, ['draft'], 'previewed', { totals: NO_TOTALS, digest: DIGEST });
    expect(await book.move(id, ['previewed'], 'approved', { by: 'bert', agreed: DIGEST })).toBe(true);
  });

  it('keep nothing of a preview that another one has followed, by whoever still was at it', async () => {
    await book.create(campaign());
    await book.beginAnew(id, { digest: 'c'.repeat(64), version: '2' });
    await book.keepPersons(id, [person(1)], 1);
    expect(await book.persons(id, ['previewed'], null, 10)).toEqual([]);
    expect(await book.move(id, ['draft'], 'previewed', { totals: NO_TOTALS, digest: DIGEST, round: 1 })).toBe(false);
    await book.keepPersons(id, [person(2)], 2);
    expect(await book.persons(id, ['previewed'], null, 10)).toEqual([person(2)]);
    expect(await book.move(id, ['draft'], 'previewed', { totals: NO_TOTALS, digest: DIGEST, round: 2 })).toBe(true);
  });

  it('that cannot forget the persons of a preview keep all of it', async () => {
    await book.create(campaign());
    await book.keepPersons(id, [person(1)]);
    await book.move(id, ['draft'], 'previewed', { totals: NO_TOTALS, digest: DIGEST });
    await pool.query(`
      create function corrections.fails() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
      create trigger a_fault before delete on corrections.campaign_person for each row execute function corrections.fails()`);
    await expect(book.beginAnew(id, campaign().policy)).rejects.toThrow(/no room/);
    await pool.query('drop trigger a_fault on corrections.campaign_person; drop function corrections.fails()');
    expect(await book.read(id)).toMatchObject({ status: 'previewed', digest: DIGEST, previewRound: 1 });
  });

  it('are never deleted, and never about something else', async () => {
    await approved(person(1));
    const change = (sql: string) => pool.query(sql, [id]);
    await expect(change('delete from corrections.campaign where campaign_id = $1')).rejects.toThrow(/never deleted/);
    await expect(change('update corrections.campaign set canary = 0 where campaign_id = $1')).rejects.toThrow(/never changes/);
    await expect(change(`update corrections.campaign set totals = '{}' where campaign_id = $1`)).rejects.toThrow(/approved/);
    await expect(change('update corrections.campaign_person set lines = 0 where campaign_id = $1')).rejects.toThrow(/previewed/);
    await expect(book.keepPersons(id, [person(2)])).rejects.toThrow(/stay as they are/);
    await expect(change('delete from corrections.campaign_person where campaign_id = $1')).rejects.toThrow(/stay as they are/);
    expect(await book.beginAnew(id, campaign().policy)).toBe(false);
    await expect(book.move(id, ['approved'], 'done')).rejects.toThrow(/does not become done/);
  });

  it('add up: what was previewed, what is booked, and what can still be reached', async () => {
    const left = person(9, { status: 'refused', effects: null, code: 'two-histories', problem: 'retract one' });
    await approved(person(1), person(2), person(3), left);
    const all = [person(1), person(2), person(3)].reduce((sum, each) => withPerson(sum, each), NO_TOTALS);
    expect((await book.read(id))?.totals).toEqual({ ...all, leftAlone: { 'two-histories': 1 } });
    expect((await book.next(id, 2)).map(({ personId }) => personId)).toEqual([person(1).personId, person(2).personId]);
    await book.record(id, [{ personId: person(2).personId, status: 'begun' }]);
    expect(await book.next(id, 2)).toEqual([person(2, { status: 'begun' })]);
    await book.record(id, [
      { personId: person(2).personId, status: 'booked' },
      { personId: person(3).personId, status: 'exception', code: 'effects-moved', problem: 'look again' },
    ]);
    expect(await book.progress(id)).toEqual({
      ...{ booked: 1, exceptions: 1, toDo: 1, bookedTotals: withPerson(NO_TOTALS, person(2)) },
      expectedTotals: [person(1), person(2)].reduce((sum, each) => withPerson(sum, each), NO_TOTALS),
    });
    expect((await book.outliers(id, 2)).map(({ centsMoved }) => centsMoved)).toEqual([900, 300]);
    await expect(book.record(id, [{ personId: person(2).personId, status: 'exception', code: 'x' }])).rejects.toThrow(
      /does not become/,
    );
  });

  it('are in tables that another process that starts does not wait for, nor lock', async () => {
    await book.create(campaign());
    const writer = await pool.connect();
    try {
      await writer.query('begin');
      await writer.query('update corrections.campaign set preview_round = 2 where campaign_id = $1', [id]);
      await writer.query('delete from corrections.campaign_person where campaign_id = $1', [id]);
      const installed = installCampaigns(pool).then(() => 'installed');
      expect(await Promise.race([installed, delay(5_000, 'waits', { ref: false })])).toBe('installed');
    } finally {
      await writer.query('rollback');
      writer.release();
    }
    await pool.query('alter table corrections.campaign drop column preview_round');
    await installCampaigns(pool);
    expect(await book.read(id)).toMatchObject({ previewRound: 1 });
  });

  it('are run by one process at a time', async () => {
    const other = await book.claimed(id, () => book.claimed(id, () => Promise.resolve('both')));
    expect(other).toBeNull();
    expect(await book.claimed(id, () => Promise.resolve('one'))).toBe('one');
  });

  it('are let go by whoever loses the connection that holds them, who is told while at work', async () => {
    const holder = "select pid from pg_locks where locktype = 'advisory' and objid = hashtext($1)::oid and granted";
    const cut = book.claimed(id, async (lost) => {
      await pool.query(`select pg_terminate_backend(pid) from (${holder}) as held`, [id]);
      for (const end = Date.now() + 10_000; !lost.aborted && Date.now() < end;) await delay(10);
      expect(lost.aborted).toBe(true);
      return book.claimed(id, () => Promise.resolve('another is at it'));
    });
    await expect(cut).rejects.toThrow(CampaignClaimLostError);
    expect(await book.claimed(id, () => Promise.resolve('one'))).toBe('one');
  });
});
