import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { makePrivateFile, PrivateFileError, readPrivateFile } from '#libs/platform';
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
  const text = await readOrMake(file, source.create);
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

/** Null when there is no such file and none is to be made. */
async function readOrMake(file: string, create: boolean): Promise<string | null> {
  try {
    const known = await readPrivateFile(file);
    if (known !== null || !create) return known;
    await makePrivateFile(file, `${HEADER}${randomBytes(KEY_BYTES).toString('base64')}\n`);
    return await readPrivateFile(file);
  } catch (error) {
    throw error instanceof PrivateFileError ? unusable(error.message) : error;
  }
}

function unusable(message: string): IdentityVaultError {
  return new IdentityVaultError('key-unusable', message);
}
