import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { IdentityVaultError } from './errors';

/** The key that wraps every person's key. It is kept outside the database; who has only one of the two has nothing. */
export interface KeyEncryptionKey {
  readonly key: KeyObject;
  /** Made by Traject itself at a first start: not for production. */
  readonly development: boolean;
}

export type KeySource =
  /** A file with one line of base64; `create`: made when missing, and marked as for development. */
  | { readonly file: string; readonly create: boolean }
  /** Base64 of 32 bytes. */
  | { readonly value: string; readonly create?: false };

const KEY_BYTES = 32;
const FILE_LIMIT_BYTES = 4_096;
const DEVELOPMENT_MARK = '# traject-development-key';
const HEADER = `${DEVELOPMENT_MARK}
# Made by Traject at its first start, for development only: in production set TRAJECT_KEK_FILE or TRAJECT_KEK.
# Without this key the identity of every person in the vault is lost. Keep it apart from back-ups of the database.
`;

/**
 * Loads the key-encryption key, or makes it (mode 0600) when `create` is set and the file is missing. Processes that make it
 * at the same time get the same one.
 * @throws IdentityVaultError `key-unusable`: no file, readable by others, not 32 bytes of base64
 */
export async function loadKeyEncryptionKey(source: KeySource): Promise<KeyEncryptionKey> {
  if ('value' in source) return { key: keyFrom(source.value, 'the configured key-encryption key'), development: false };
  const file = resolve(source.file);
  let text = await readPrivateFile(file);
  if (text === null && source.create) {
    await makeKeyFile(file);
    text = await readPrivateFile(file);
  }
  if (text === null) {
    throw unusable(
      `There is no key-encryption key in ${file}. Put it there (openssl rand -base64 32), readable by its owner alone.`,
    );
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const content = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (content.length !== 1) throw unusable(`${file} must hold one key, and holds ${content.length}.`);
  return { key: keyFrom(content[0] ?? '', file), development: lines.includes(DEVELOPMENT_MARK) };
}

function keyFrom(base64: string, where: string): KeyObject {
  const bytes = Buffer.from(base64.trim(), 'base64');
  if (bytes.length !== KEY_BYTES || !/^[A-Za-z0-9+/]{43}=?$/.test(base64.trim())) {
    throw unusable(`${where}: must be ${KEY_BYTES} bytes in base64 (44 characters), as from "openssl rand -base64 32".`);
  }
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** Null when there is no such file. */
async function readPrivateFile(path: string): Promise<string | null> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw unusable(`The key-encryption key cannot be read: ${message}`);
  }
  try {
    // of the opened file, so that what is checked is what is read
    const { mode, size } = await handle.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw unusable(`${path} can be read by others (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 ${path}`);
    }
    if (size > FILE_LIMIT_BYTES) throw unusable(`${path} holds ${size} bytes; a key takes one line.`);
    return await handle.readFile('utf8');
  } catch (error) {
    throw error instanceof IdentityVaultError ? error : unusable(`${path} cannot be read: ${(error as Error).message}`);
  } finally {
    await handle.close();
  }
}

async function makeKeyFile(file: string): Promise<void> {
  const unfinished = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(`${HEADER}${randomBytes(KEY_BYTES).toString('base64')}\n`);
      // on disk before the first person is locked up with it
      await handle.sync();
    } finally {
      await handle.close();
    }
    // unlike a rename, a link never replaces the key that another process has just made
    await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw unusable(`The development key cannot be made in ${file}: ${(error as Error).message}`);
  } finally {
    await rm(unfinished, { force: true });
  }
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function unusable(message: string): IdentityVaultError {
  return new IdentityVaultError('key-unusable', message);
}
