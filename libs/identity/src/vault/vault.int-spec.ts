import { randomBytes, createSecretKey } from 'node:crypto';
import { openPool, type Pool } from '#libs/platform';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import type { KeyEncryptionKey } from '../key-encryption-key';
import type { PersonToRegister } from './person';
import { installIdentityVault } from './schema';
import { openIdentityVault, type IdentityVault } from './vault';

const newKey = (): KeyEncryptionKey => ({ key: createSecretKey(randomBytes(32)), development: false });

/** A number that passes the eleven test, from a counter. */
function bsnOf(n: number): string {
  const first = String(10_000_000 + n);
  const sum = [...first].reduce((total, digit, index) => total + Number(digit) * (9 - index), 0);
  return sum % 11 === 10 ? bsnOf(n + 50_000_000) : `${first}${sum % 11}`;
}

const personOf = (n: number): PersonToRegister => ({
  bsn: bsnOf(n),
  birthDate: `19${30 + (n % 60)}-0${1 + (n % 9)}-1${n % 10}`,
  name: `Planted-Surname-${n}`,
  relationNumbers: [{ insurer: '3343', number: `REL${n}` }],
});

let database: TestDatabase;
let pool: Pool;
let kek: KeyEncryptionKey;
let vault: IdentityVault;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 8, applicationName: 'vault test' });
  kek = newKey();
  await Promise.all([installIdentityVault(pool), installIdentityVault(pool), installIdentityVault(pool)]);
  vault = await openIdentityVault({ pool, kek });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('registering', () => {
  test('a person gets one random id, however often it is registered', async () => {
    const first = await vault.registerPersons([personOf(1), personOf(2)]);
    expect(first.get(bsnOf(1))).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(first.get(bsnOf(1))).not.toBe(first.get(bsnOf(2)));
    expect(await vault.registerPersons([personOf(2), personOf(1), personOf(1)])).toEqual(first);
  });

  test('an empty batch registers nobody', async () => {
    expect((await vault.registerPersons([])).size).toBe(0);
  });

  test('a changed birth date or name replaces the old one; relation numbers add up; what is not said stays', async () => {
    const bsn = bsnOf(10);
    const id = (await vault.registerPersons([personOf(10)])).get(bsn) as string;
    await vault.registerPersons([{ bsn, birthDate: '1961-02-03', relationNumbers: [{ insurer: '7095', number: 'REL10' }] }]);
    expect((await vault.identityOf([id])).get(id)).toEqual({
      bsn,
      birthDate: '1961-02-03',
      name: 'Planted-Surname-10',
      relationNumbers: [
        { insurer: '3343', number: 'REL10' },
        { insurer: '7095', number: 'REL10' },
      ],
    });
    expect((await vault.resolveByBsn([bsn])).get(bsn)).toEqual({ personId: id, birthDate: '1961-02-03' });
    await vault.registerPersons([{ bsn, birthDate: '1961-02-03', name: 'Renamed' }]);
    expect((await vault.identityOf([id])).get(id)?.name).toBe('Renamed');
  });

  test('the same new person twice in one batch is one person, and the later one stands', async () => {
    const bsn = bsnOf(11);
    const ids = await vault.registerPersons([
      { bsn, birthDate: '1950-01-01', name: 'First' },
      { bsn, birthDate: '1950-01-02', relationNumbers: [{ insurer: '3343', number: 'R-11' }] },
    ]);
    expect(ids.size).toBe(1);
    expect((await vault.identityOf([...ids.values()])).get([...ids.values()][0] as string)).toMatchObject({
      birthDate: '1950-01-02',
      name: 'First',
    });
  });

  test('many registrations of the same new numbers at once, in different orders, give one person each', async () => {
    const persons = Array.from({ length: 200 }, (_, n) => personOf(1_000 + n));
    const other = await openIdentityVault({ pool, kek });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        (n % 2 === 0 ? vault : other).registerPersons(n % 3 === 0 ? [...persons].reverse() : persons),
      ),
    );
    for (const answer of answers) {
      expect(answer.size).toBe(200);
      for (const [bsn, id] of answer) expect(answers[0]?.get(bsn)).toBe(id);
    }
    const { rows } = await pool.query<{ n: string }>(
      'select count(*) n from identity.person p join identity.person_key using (person_id) where person_id = any($1)',
      [[...(answers[0]?.values() ?? [])]],
    );
    expect(rows[0]?.n).toBe('200');
  });

  test('a relation number that another person holds is refused with the place in the batch, and nothing is registered', async () => {
    await vault.registerPersons([personOf(20)]);
    const thief = { ...personOf(21), relationNumbers: [{ insurer: '3343', number: 'REL20' }] };
    await expect(vault.registerPersons([personOf(22), thief])).rejects.toMatchObject({ code: 'relation-number-taken', index: 1 });
    expect((await vault.resolveByBsn([bsnOf(21), bsnOf(22)])).size).toBe(0);
  });

  test.each<[string, Partial<PersonToRegister>]>([
    ['bsn', { bsn: '12345678' }],
    ['bsn', { bsn: '12345678x' }],
    ['birthDate', { birthDate: '2023-02-29' }],
    ['birthDate', { birthDate: '29-02-2024' }],
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(201) }],
    ['relation number', { relationNumbers: [{ insurer: '3343', number: '' }] }],
    ['relation number', { relationNumbers: [{ insurer: '3343', number: 'x'.repeat(16) }] }],
    ['insurer', { relationNumbers: [{ insurer: '33', number: 'x' }] }],
  ])('a bad %s is refused before anything is written, and not echoed', async (field, bad) => {
    const error = await vault
      .registerPersons([personOf(30), { ...personOf(31), ...bad }])
      .catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'bad-input', index: 1 });
    const { message } = error as Error;
    expect(message).toContain(field);
    for (const value of [bsnOf(31), ...Object.values(bad).filter((v) => typeof v === 'string' && v.trim() !== '')])
      expect(message).not.toContain(value);
    expect((await vault.resolveByBsn([bsnOf(30)])).size).toBe(0);
  });
});

describe('resolving', () => {
  test('thousands are found in one round trip; who is unknown, and what is no BSN, is not in the answer', async () => {
    const persons = Array.from({ length: 3_000 }, (_, n) => personOf(10_000 + n));
    const ids = await vault.registerPersons(persons);
    const query = jest.spyOn(pool, 'query');
    const answer = await vault.resolveByBsn([...persons.map(({ bsn }) => bsn), bsnOf(99_999), 'nonsense', '', bsnOf(10_000)]);
    expect(query).toHaveBeenCalledTimes(1);
    query.mockRestore();
    expect(answer.size).toBe(3_000);
    for (const { bsn, birthDate } of persons) expect(answer.get(bsn)).toEqual({ personId: ids.get(bsn), birthDate });
  });

  test('a relation number is one within its insurer', async () => {
    const ids = await vault.registerPersons([
      { bsn: bsnOf(40), birthDate: '1950-01-01', relationNumbers: [{ insurer: '3343', number: 'SAME' }] },
      { bsn: bsnOf(41), birthDate: '1950-01-02', relationNumbers: [{ insurer: '7095', number: 'SAME' }] },
    ]);
    expect((await vault.resolveByRelationNumber('7095', ['SAME', 'OTHER'])).get('SAME')).toEqual({
      personId: ids.get(bsnOf(41)),
      birthDate: '1950-01-02',
    });
    expect((await vault.resolveByRelationNumber('3343', ['SAME'])).get('SAME')?.personId).toBe(ids.get(bsnOf(40)));
    expect((await vault.resolveByRelationNumber('9999', ['SAME'])).size).toBe(0);
  });

  test('an empty batch and unknown ids have empty answers', async () => {
    expect((await vault.resolveByBsn([])).size).toBe(0);
    expect((await vault.identityOf(['not an id', '00000000-0000-4000-8000-000000000000'])).size).toBe(0);
  });

  test('a record that was moved to another person does not open', async () => {
    const ids = await vault.registerPersons([personOf(50), personOf(51)]);
    const [one, two] = [ids.get(bsnOf(50)) as string, ids.get(bsnOf(51)) as string];
    await pool.query(
      'update identity.person_key set wrapped_key = (select wrapped_key from identity.person_key where person_id = $1) where person_id = $2',
      [one, two],
    );
    const error = await vault.resolveByBsn([bsnOf(51)]).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'damaged' });
    expect((error as Error).message).toContain(two);
    expect((error as Error).message).not.toContain(bsnOf(51));
  });
});

describe('erasing', () => {
  test('leaves nothing that leads from the numbers to the person, nor a trace that they were ever known', async () => {
    const person = personOf(60);
    const id = (await vault.registerPersons([person])).get(person.bsn) as string;
    expect(await vault.destroyKey(id)).toBe(true);
    expect((await vault.resolveByBsn([person.bsn])).size).toBe(0);
    expect((await vault.resolveByRelationNumber('3343', ['REL60'])).size).toBe(0);
    const identity = await vault.identityOf([id]);
    expect([identity.size, [...identity.erased]]).toEqual([0, [id]]);
    const { rows } = await pool.query<Record<string, unknown>>(
      'select bsn_hash, identity_sealed from identity.person where person_id = $1',
      [id],
    );
    expect(rows).toEqual([{ bsn_hash: null, identity_sealed: null }]);
    for (const table of ['person_key', 'relation_number', 'sealed_object'])
      expect((await pool.query(`select from identity.${table} where person_id = $1`, [id])).rowCount).toBe(0);
    expect((await vault.erasedPersons()).get(id)).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test('who registers with the number of an erased person is a new person', async () => {
    const erased = (await vault.registerPersons([personOf(61)])).get(bsnOf(61)) as string;
    await vault.destroyKey(erased);
    const again = await vault.registerPersons([personOf(61), personOf(62)]);
    expect([...again.keys()]).toEqual([bsnOf(61), bsnOf(62)]);
    expect(again.get(bsnOf(61))).not.toBe(erased);
    expect((await vault.resolveByRelationNumber('3343', ['REL61'])).get('REL61')?.personId).toBe(again.get(bsnOf(61)));
    expect([...(await vault.identityOf([erased])).erased]).toEqual([erased]);
  });

  test('a record that does not open is erased all the same', async () => {
    const id = (await vault.registerPersons([personOf(64)])).get(bsnOf(64)) as string;
    await pool.query("update identity.person_key set wrapped_key = '\\x00' where person_id = $1", [id]);
    expect(await vault.destroyKey(id)).toBe(true);
    expect((await vault.resolveByBsn([bsnOf(64)])).size).toBe(0);
  });

  test('twice, and for nobody, does nothing', async () => {
    const id = (await vault.registerPersons([personOf(63)])).get(bsnOf(63)) as string;
    expect(await Promise.all([vault.destroyKey(id), vault.destroyKey(id)])).toEqual(expect.arrayContaining([true, false]));
    expect(await vault.destroyKey('00000000-0000-4000-8000-000000000000')).toBe(false);
    expect(await vault.destroyKey('nobody')).toBe(false);
  });
});

describe('the key', () => {
  test('a vault does not open with another key, and says what to do', async () => {
    await expect(openIdentityVault({ pool, kek: newKey() })).rejects.toMatchObject({
      code: 'wrong-key',
      message: expect.stringContaining('restore that key') as string,
    });
    await expect(openIdentityVault({ pool, kek })).resolves.toBeDefined();
  });

  test('of two keys that open a new vault at once, one stays', async () => {
    const fresh = await createTestDatabase();
    const freshPool = openPool(fresh.url, { max: 4, applicationName: 'vault test' });
    try {
      await expect(openIdentityVault({ pool: freshPool, kek })).rejects.toMatchObject({ code: 'not-installed' });
      await installIdentityVault(freshPool);
      const outcomes = await Promise.allSettled(
        [newKey(), newKey()].map((key) => openIdentityVault({ pool: freshPool, kek: key })),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    } finally {
      await freshPool.end();
      await fresh.drop();
    }
  });
});

describe('the tables', () => {
  const BYTEA = /\\x([0-9a-f]+)/g;
  const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

  test('hold no identity in clear: a dump of all of them has no planted number, name or date', async () => {
    const planted = Array.from({ length: 1_000 }, (_, n) => personOf(200_000 + n));
    await vault.registerPersons(planted);
    const { rows: tables } = await pool.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) name from pg_tables where schemaname = 'identity'",
    );
    expect(tables.length).toBeGreaterThanOrEqual(5);
    let dump = '';
    for (const { name } of tables)
      dump += (await pool.query<{ row: string }>(`select t::text as row from ${name} t`)).rows.map(({ row }) => row).join('\n');
    expect(dump.length).toBeGreaterThan(500_000);
    // bytea is shown in hexadecimal: what it holds is looked through, not its hexadecimal digits, of which some nine are a planted number by chance
    const bytes = dump.replaceAll(BYTEA, (_, hex: string) => Buffer.from(hex, 'hex').toString('latin1'));
    const shown = dump.replaceAll(BYTEA, ' # ').replaceAll(UUID, ' # ');
    expect(bytes).not.toBe(dump);
    expect(shown.length).toBeGreaterThan(10_000);
    const secrets = new Set(
      planted.flatMap(({ bsn, birthDate, relationNumbers }) => [bsn, birthDate, relationNumbers?.[0]?.number as string]),
    );
    for (const text of [shown, bytes.replaceAll(UUID, ' # ')]) {
      const candidates = [...text.matchAll(/(?=(\d{9})|(\d{4}-\d\d-\d\d)|(REL\d{6}))/g)].map(
        ([, bsn, date, number]) => bsn ?? date ?? number ?? '',
      );
      expect(candidates.filter((candidate) => secrets.has(candidate))).toEqual([]);
      expect(text).not.toContain('Planted-Surname');
    }
  });

  test('the scan above would find what stood there', () => {
    expect([...'x957136171y'.matchAll(/(?=(\d{9})|(\d{4}-\d\d-\d\d)|(REL\d{6}))/g)].map(([, bsn]) => bsn)).toContain('957136171');
  });
});
