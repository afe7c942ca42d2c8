import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file with a secret that cannot be used as one; the message says which and what to do, never what it holds. */
export class PrivateFileError extends Error {
  override readonly name = 'PrivateFileError';
}

const LIMIT_BYTES = 4_096;

/**
 * Reads a short secret. Null when there is no such file.
 * @throws PrivateFileError when others may read it, when it is too long, or when it cannot be read
 */
export async function readPrivateFile(path: string): Promise<string | null> {
  let handle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new PrivateFileError(`The key cannot be read: ${message}`);
  }
  try {
    // of the opened file, so that what is checked is what is read
    const { mode, size } = await handle.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new PrivateFileError(`${path} can be read by others (mode ${(mode & 0o777).toString(8)}). Run: chmod 600 ${path}`);
    }
    if (size > LIMIT_BYTES) throw new PrivateFileError(`${path} holds ${size} bytes; a key takes a few lines.`);
    return await handle.readFile('utf8');
  } catch (error) {
    throw error instanceof PrivateFileError ? error : new PrivateFileError(`${path} cannot be read: ${(error as Error).message}`);
  } finally {
    await handle.close();
  }
}

/**
 * Makes the file with mode 0600, whole and on disk, unless there is one. Of processes that make it at the same time one wins, and all
 * read the same afterwards.
 * @throws PrivateFileError
 */
export async function makePrivateFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      // on disk before anything is locked up or signed with it
      await handle.sync();
    } finally {
      await handle.close();
    }
    // unlike a rename, a link never replaces the key that another process has just made
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch (error) {
    throw new PrivateFileError(`A key cannot be made in ${path}: ${(error as Error).message}`);
  } finally {
    await rm(unfinished, { force: true });
  }
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
