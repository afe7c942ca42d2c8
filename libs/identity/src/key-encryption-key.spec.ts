import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { loadKeyEncryptionKey } from './key-encryption-key';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traject-key-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const BASE64 = Buffer.alloc(32, 9).toString('base64');
const unusable = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'key-unusable', message: expect.stringMatching(message) as string });

describe('the key-encryption key', () => {
  test('is made at a first start, for its owner alone, and marked as for development', async () => {
    const file = join(folder, 'new', 'traject-development-key');
    const made = await loadKeyEncryptionKey({ file, create: true });
    expect(made.development).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toMatch(/^# traject-development-key\n# .*development only/);
    const again = await loadKeyEncryptionKey({ file, create: true });
    expect(again.key.equals(made.key)).toBe(true);
  });

  test('of many processes that make it at once, all get the same one', async () => {
    const file = join(folder, 'key');
    const made = await Promise.all(Array.from({ length: 10 }, () => loadKeyEncryptionKey({ file, create: true })));
    expect(new Set(made.map(({ key }) => key.export().toString('hex'))).size).toBe(1);
  });

  test('a configured file is not marked as for development, and is never made', async () => {
    const file = join(folder, 'key');
    await expect(loadKeyEncryptionKey({ file, create: false })).rejects.toEqual(
      unusable(/There is no key-encryption key in .*openssl/),
    );
    await writeFile(file, `${BASE64}\n`, { mode: 0o600 });
    const { key, development } = await loadKeyEncryptionKey({ file, create: false });
    expect([development, key.export().toString('base64')]).toEqual([false, BASE64]);
  });

  test('a value is taken as it is', async () => {
    expect((await loadKeyEncryptionKey({ value: BASE64 })).key.export().toString('base64')).toBe(BASE64);
  });

  test.each([0o604, 0o640, 0o644, 0o666])('a file that others can read or write (%o) is refused', async (mode) => {
    const file = join(folder, 'key');
    await writeFile(file, BASE64);
    await chmod(file, mode);
    await expect(loadKeyEncryptionKey({ file, create: true })).rejects.toEqual(unusable(/can be read by others .*chmod 600/));
  });

  test.each([
    ['an empty file', ''],
    ['a key of 16 bytes', Buffer.alloc(16, 9).toString('base64')],
    ['a key of 33 bytes', Buffer.alloc(33, 9).toString('base64')],
    ['no base64', 'x'.repeat(43) + '!'],
    ['two keys', `${BASE64}\n${BASE64}`],
    ['a huge file', 'A'.repeat(5_000)],
  ])('%s is refused, without its content', async (_, content) => {
    const file = join(folder, 'key');
    await writeFile(file, content, { mode: 0o600 });
    const error = await loadKeyEncryptionKey({ file, create: true }).catch((thrown: unknown) => thrown as Error);
    expect(error).toEqual(unusable(/key/));
    if (content !== '') expect((error as Error).message).not.toContain(content.slice(0, 20));
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  test('is not shown when it is printed', async () => {
    const kek = await loadKeyEncryptionKey({ value: BASE64 });
    expect(inspect(kek, { depth: 9 })).not.toContain(BASE64);
    expect(JSON.stringify(kek)).not.toContain(BASE64);
  });
});
