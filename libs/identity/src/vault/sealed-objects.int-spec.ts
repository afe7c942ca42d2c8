import { createHash, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { openPool, type Pool } from '#libs/platform';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { DOCUMENT_LIMIT_BYTES } from '../documents/document-type';
import { SAMPLE_DOCUMENTS } from '../testing/documents';
import { installIdentityVault } from './schema';
import { openIdentityVault, type IdentityVault } from './vault';

const PDF = SAMPLE_DOCUMENTS['application/pdf'];
const pdf = (words: string): Buffer => Buffer.concat([PDF, Buffer.from(words)]);

let database: TestDatabase;
let pool: Pool;
let vault: IdentityVault;
let person: string;
let other: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 8, applicationName: 'sealed objects test' });
  await installIdentityVault(pool);
  vault = await openIdentityVault({ pool, kek: { key: createSecretKey(randomBytes(32)), development: false } });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
let bsns = 0;
const register = async (): Promise<string> => {
  const bsn = String((bsns += 1)).padStart(9, '0');
  return (await vault.registerPersons([{ bsn, birthDate: '1970-05-05' }])).get(bsn) as string;
};
beforeEach(async () => {
  person = await register();
  other = await register();
});

describe('a note', () => {
  test('is read back by its person and id, and by nothing else', async () => {
    const noteId = await vault.sealNote(person, 'Belde op 3 maart; de brief is van een ander.\nÉn ze zei: 14.');
    expect(await vault.readNote(person, noteId)).toBe('Belde op 3 maart; de brief is van een ander.\nÉn ze zei: 14.');
    expect(await vault.readNote(other, noteId)).toBeNull();
    expect(await vault.readNote(person, randomUUID())).toBeNull();
    expect(await vault.readNote(person, 'nonsense')).toBeNull();
    expect(await vault.readDocument(person, noteId)).toBeNull();
  });

  test('has 1 to 4,000 characters, whatever they weigh', async () => {
    const longest = '🦵'.repeat(4_000);
    expect(await vault.readNote(person, await vault.sealNote(person, longest))).toBe(longest);
    for (const text of ['', ' \n ', `${longest}x`])
      await expect(vault.sealNote(person, text)).rejects.toMatchObject({ code: 'bad-input' });
  });

  test('given again with an id of the caller is sealed once; the id of another note is refused', async () => {
    const noteId = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => vault.sealNote(person, 'the same', noteId)));
    expect(answers).toEqual([noteId, noteId, noteId]);
    expect(await vault.sealedOf(person)).toEqual({ notes: 1, documents: 0, documentBytes: 0 });
    await expect(vault.sealNote(person, 'another', noteId)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(vault.sealNote(other, 'the same', noteId)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(vault.sealNote(person, 'the same', 'no uuid')).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('a document', () => {
  test('comes back byte for byte, with its type and its SHA-256', async () => {
    const content = pdf('one');
    const { documentId, ...receipt } = await vault.sealDocument(person, { mediaType: 'application/pdf', content });
    const digest = createHash('sha256').update(content).digest('hex');
    expect(receipt).toEqual({ mediaType: 'application/pdf', bytes: content.length, digest, isNew: true });
    const read = await vault.readDocument(person, documentId);
    expect(read).toEqual({ documentId, mediaType: 'application/pdf', bytes: content.length, digest, content });
    expect(await vault.readDocument(other, documentId)).toBeNull();
    expect(await vault.readNote(person, documentId)).toBeNull();
  });

  test('of 10 MiB goes in and comes out', async () => {
    const content = Buffer.concat([PDF, randomBytes(DOCUMENT_LIMIT_BYTES - PDF.length)]);
    const { documentId } = await vault.sealDocument(person, { mediaType: 'application/pdf', content });
    expect((await vault.readDocument(person, documentId))?.content.equals(content)).toBe(true);
  });

  test('twice is one document of one person, also at the same time; of another person it is another', async () => {
    const document = { mediaType: 'application/pdf', content: pdf('two') };
    const receipts = await Promise.all([1, 2, 3, 4].map(() => vault.sealDocument(person, document)));
    expect(new Set(receipts.map(({ documentId }) => documentId)).size).toBe(1);
    expect(receipts.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await vault.sealedOf(person)).toEqual({ notes: 0, documents: 1, documentBytes: document.content.length });
    expect((await vault.sealDocument(other, document)).documentId).not.toBe(receipts[0]?.documentId);
  });

  test.each<[string, string, Buffer]>([
    ['document-type-differs', 'image/png', PDF],
    ['document-type-unknown', 'application/zip', PDF],
    ['document-empty', 'application/pdf', Buffer.alloc(0)],
    ['document-too-large', 'application/pdf', Buffer.concat([PDF, Buffer.alloc(DOCUMENT_LIMIT_BYTES)])],
  ])('that is not as it must be is refused and not kept: %s', async (code, mediaType, content) => {
    await expect(vault.sealDocument(person, { mediaType, content })).rejects.toMatchObject({ code });
    expect((await vault.sealedOf(person)).documents).toBe(0);
  });
});

describe('what is sealed', () => {
  test('stands nowhere in clear', async () => {
    await vault.sealNote(person, 'Planted-Prose');
    await vault.sealDocument(person, { mediaType: 'text/plain', content: Buffer.from('Planted-Document') });
    const { rows } = await pool.query<{ sealed: Buffer; row: string }>(
      'select sealed, t::text as row from identity.sealed_object t',
    );
    const text = rows.map(({ sealed, row }) => sealed.toString('latin1') + row).join('\n');
    expect(text).not.toContain('Planted');
  });

  test.each(['object of the same person', 'type', 'digest', 'content'])(
    'with another %s than it was sealed with is damaged, and said to be so',
    async (what) => {
      const { documentId } = await vault.sealDocument(person, { mediaType: 'application/pdf', content: pdf(`a ${what}`) });
      const { documentId: second } = await vault.sealDocument(person, {
        mediaType: 'application/pdf',
        content: pdf(`b ${what}`),
      });
      const changes: Record<string, string> = {
        'object of the same person': `sealed = (select sealed from identity.sealed_object where object_id = '${second}')`,
        type: "media_type = 'text/plain'",
        digest: `digest = '\\x${'00'.repeat(32)}'`,
        content: 'sealed = set_byte(sealed, length(sealed) - 1, (get_byte(sealed, length(sealed) - 1) + 1) % 256)',
      };
      await pool.query(`update identity.sealed_object set ${changes[what]} where object_id = $1`, [documentId]);
      await expect(vault.readDocument(person, documentId)).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(person) as string,
      });
    },
  );

  test('is gone with the person, and nothing more can be sealed for them', async () => {
    const noteId = await vault.sealNote(person, 'gone');
    const { documentId } = await vault.sealDocument(person, { mediaType: 'application/pdf', content: pdf('gone') });
    const kept = await vault.sealNote(other, 'stays');
    await vault.destroyKey(person);
    expect(await vault.readNote(person, noteId)).toBeNull();
    expect(await vault.readDocument(person, documentId)).toBeNull();
    expect(await vault.sealedOf(person)).toEqual({ notes: 0, documents: 0, documentBytes: 0 });
    expect(await vault.readNote(other, kept)).toBe('stays');
    for (const nobody of [person, randomUUID(), 'nobody']) {
      await expect(vault.sealNote(nobody, 'late')).rejects.toMatchObject({ code: 'person-unknown' });
      const document = { mediaType: 'application/pdf', content: pdf('late') };
      await expect(vault.sealDocument(nobody, document)).rejects.toMatchObject({ code: 'person-unknown' });
    }
  });

  test('while the person is erased is gone too: nothing outlives the key', async () => {
    const sealing = Array.from({ length: 20 }, (_, n) =>
      vault.sealDocument(person, { mediaType: 'application/pdf', content: pdf(`race ${n}`) }),
    );
    const [outcomes] = await Promise.all([Promise.allSettled(sealing), vault.destroyKey(person)]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'person-unknown' });
    expect((await pool.query('select from identity.sealed_object where person_id = $1', [person])).rowCount).toBe(0);
  });
});
