import { hashOf } from './entry';
import type { AccessHead } from './head';
import { anEntry } from './testing/entries';
import { laboratory, type Laboratory } from './testing/laboratory';
import { verifyAccessLog } from './verify';

describe('verifying the access log', () => {
  let lab: Laboratory;
  beforeEach(async () => {
    lab = await laboratory();
    const log = await lab.open();
    await log.record(Array.from({ length: 10 }, () => anEntry()));
  });
  afterEach(() => lab.dispose());

  const verified = async (heads: readonly AccessHead[] = []) => (await verifyAccessLog(lab.pool, heads)).broken;
  /** Writes the chain anew from a row on, as somebody would who knows how it is made. */
  const rehash = async (from: number): Promise<void> => {
    const { rows } = await lab.pool.query<{ seq: string; hash: Buffer; content: string }>(
      'select * from access.read_chain(0, 100)',
    );
    let hash = rows[from - 2]?.hash ?? Buffer.alloc(0);
    for (const row of rows.slice(from - 1)) {
      hash = hashOf(hash, Number(row.seq), row.content);
      await lab.tamper(`update access.entry set hash = '\\x${hash.toString('hex')}' where seq = ${row.seq}`);
    }
    await lab.tamper(`update access.head set hash = '\\x${hash.toString('hex')}'`);
  };
  const FORGED = `content = replace(content, '"user":"someone"', '"user":"nobody"')`;

  test('an untouched log is whole, also an empty one, and also while others write', async () => {
    expect(await verifyAccessLog(lab.pool, [])).toMatchObject({ rows: 10, broken: null });
    const log = await lab.open();
    const writing = Promise.all(Array.from({ length: 50 }, () => log.record([anEntry()])));
    for (let i = 0; i < 10; i += 1) expect(await verified()).toBeNull();
    await writing;
    expect(await verifyAccessLog(lab.pool, [])).toMatchObject({ rows: 60, broken: null });
    const empty = await laboratory();
    await empty.open();
    expect(await verifyAccessLog(empty.pool, [])).toMatchObject({ rows: 0, broken: null });
    await empty.dispose();
  });

  test('walks many pages', async () => {
    const log = await lab.open();
    await log.record(Array.from({ length: 4_990 }, () => anEntry()));
    const seen: number[] = [];
    expect(await verifyAccessLog(lab.pool, [], (rows) => seen.push(rows))).toMatchObject({ rows: 5_000, broken: null });
    expect(seen).toEqual([2_000, 4_000, 5_000]);
  });

  test('a row whose text was changed', async () => {
    await lab.tamper(`update access.entry set ${FORGED} where seq = 4`);
    expect(await verified()).toMatchObject({ kind: 'changed', seq: 4 });
  });

  test('a row that was changed with its own hash: the next one does not follow from it', async () => {
    const { rows } = await lab.pool.query<{ hash: Buffer; content: string }>('select * from access.read_chain(2, 2)');
    const forged = (rows[1]?.content ?? '').replace('"someone"', '"nobody"');
    const hash = hashOf(rows[0]?.hash ?? Buffer.alloc(0), 4, forged).toString('hex');
    await lab.tamper(`update access.entry set content = '${forged}', hash = '\\x${hash}' where seq = 4`);
    expect(await verified()).toMatchObject({ kind: 'changed', seq: 5 });
  });

  test('a row that is filed under somebody else', async () => {
    await lab.tamper(
      'alter table access.entry alter column person_id drop expression',
      `update access.entry set person_id = '00000000-0000-4000-8000-000000000000' where seq = 7`,
    );
    expect(await verified()).toMatchObject({ kind: 'changed', seq: 7, detail: expect.stringContaining('person') as string });
  });

  test('a row that was taken out of the middle, and the first one', async () => {
    await lab.tamper('delete from access.entry where seq = 5');
    expect(await verified()).toMatchObject({ kind: 'missing', seq: 5 });
    await lab.tamper('delete from access.entry where seq in (1, 2)');
    expect(await verified()).toMatchObject({ kind: 'missing', seq: 1, detail: 'rows up to 2 are gone' });
  });

  test('rows that were renumbered to close a gap', async () => {
    await lab.tamper('delete from access.entry where seq = 5', 'update access.entry set seq = seq - 1 where seq = 6');
    expect(await verified()).toMatchObject({ kind: 'changed', seq: 5 });
  });

  test('a row that was put before the first', async () => {
    await lab.tamper(
      'alter table access.entry drop constraint entry_seq_check',
      `insert into access.entry (seq, hash, content) select -3, sha256(''), replace(content, id::text, gen_random_uuid()::text) from access.entry where seq = 1`,
    );
    expect(await verified()).toMatchObject({ kind: 'inserted', seq: -3 });
  });

  test('a row that was put after the last, though it follows from it', async () => {
    await lab.tamper(
      `insert into access.entry (seq, hash, content)
       select 11, sha256(h.hash || int8send(11) || convert_to(c.text, 'UTF8')), c.text from access.head h,
         (select replace(content, id::text, gen_random_uuid()::text) as text from access.entry where seq = 1) c`,
    );
    expect(await verified()).toMatchObject({ kind: 'inserted', seq: 11 });
  });

  test('an end that was cut off', async () => {
    await lab.tamper('delete from access.entry where seq > 8');
    expect(await verified()).toMatchObject({ kind: 'cut-off', seq: 9, detail: expect.stringContaining('up to 10') as string });
  });

  test('an end that was cut off together with the head shows against a noted head only', async () => {
    const { head } = await verifyAccessLog(lab.pool, []);
    await lab.tamper(
      'delete from access.entry where seq > 8',
      'update access.head h set seq = 8, hash = e.hash from access.entry e where e.seq = 8',
    );
    expect(await verified()).toBeNull();
    expect(await verified([head])).toMatchObject({ kind: 'cut-off', seq: 9, detail: expect.stringContaining('noted') as string });
  });

  test('a chain that was written anew shows against a noted head only', async () => {
    const { head } = await verifyAccessLog(lab.pool, []);
    await lab.tamper(`update access.entry set ${FORGED} where seq = 4`);
    await rehash(4);
    expect(await verified()).toBeNull();
    expect(await verified([head])).toMatchObject({ kind: 'rewritten', seq: 10 });
  });

  test('another log than the noted one', async () => {
    const { head } = await verifyAccessLog(lab.pool, []);
    expect(await verified([{ ...head, log: '00000000-0000-4000-8000-000000000000' }])).toMatchObject({ kind: 'other-log' });
  });

  test('a head that says another hash of the last row', async () => {
    await lab.tamper(`update access.head set hash = sha256('')`);
    expect(await verified()).toMatchObject({ kind: 'changed', seq: 10 });
  });
});
