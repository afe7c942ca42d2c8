/**
 * The erasure list: who was erased, in a file outside the database, so that a restore of the database from before does not bring
 * anybody back. It holds person ids and moments, never identity. Lines are only ever added. Each carries a digest over the one before
 * it, so that a line that was changed, lost or put in between is found; that lines are missing at the end is found by comparing it with
 * the database, which knows its own erasures.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PersonId } from '#libs/trajectory';

/** The list cannot be used: nothing is served before it can. Holds no identity, for the list has none. */
export class ErasureListError extends Error {
  override readonly name = 'ErasureListError';
  constructor(
    readonly code: 'not-configured' | 'missing' | 'exists' | 'damaged' | 'behind' | 'unusable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** When each person was erased, ISO 8601 in UTC, in the order of the list. */
export type ListedErasures = ReadonlyMap<PersonId, string>;

const HEADER = /^traject-erasure-list 1 [0-9a-f-]{36}$/;
const LINE = /^(\d{1,9}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{64})$/;

interface Read {
  readonly erasures: Map<PersonId, string>;
  /** Digest of the last line. */
  readonly digest: string;
  readonly bytes: number;
}

const digestOf = (before: string, text: string): string => createHash('sha256').update(`${before} ${text}`).digest('hex');

export class ErasureList {
  /** @param file absolute path */
  constructor(readonly file: string) {}

  /** Makes the file, with the erasures that are known already. @throws ErasureListError `exists`, `unusable` */
  async create(known: ListedErasures = new Map()): Promise<void> {
    const header = `traject-erasure-list 1 ${randomUUID()}`;
    let [text, digest, n] = [`${header}\n`, digestOf('', header), 0];
    for (const [personId, erasedAt] of known) {
      const line = `${(n += 1)} ${personId} ${erasedAt}`;
      digest = digestOf(digest, line);
      text += `${line} ${digest}\n`;
    }
    const handle = await this.#open(constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
    await writeDurably(handle, text, 0).catch((error: unknown) => Promise.reject(this.#unusable(error)));
    await syncFolderOf(this.file);
  }

  /** @throws ErasureListError `missing`, `damaged` with the line, `unusable` */
  async read(): Promise<ListedErasures> {
    return (await this.#read()).erasures;
  }

  /**
   * Adds a person, on disk when it answers; answers the moment under which the person stands in the list, which is an earlier one when
   * it was there. One writer at a time: the caller sees to that.
   * @throws ErasureListError as `read`; then nothing was added
   */
  async add(personId: PersonId, erasedAt: string): Promise<string> {
    const { erasures, digest, bytes } = await this.#read();
    const known = erasures.get(personId);
    if (known !== undefined) return known;
    const line = `${erasures.size + 1} ${personId} ${erasedAt}`;
    const handle = await this.#open(constants.O_WRONLY | constants.O_APPEND);
    await writeDurably(handle, `${line} ${digestOf(digest, line)}\n`, bytes).catch((error: unknown) =>
      Promise.reject(this.#unusable(error)),
    );
    return erasedAt;
  }

  async #open(flags: number): Promise<FileHandle> {
    try {
      return await open(this.file, flags, 0o600);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST')
        throw new ErasureListError('exists', `there is an erasure list in ${this.file} already; it is never made anew`);
      if (code !== 'ENOENT') throw this.#unusable(error);
      if ((flags & constants.O_CREAT) !== 0)
        throw new ErasureListError('unusable', `there is no folder ${dirname(this.file)} for the erasure list; make it first`);
      throw new ErasureListError(
        'missing',
        `there is no erasure list in ${this.file} (TRAJECT_ERASURE_LIST), and without it a restored database would bring back who was ` +
          'erased: put the list back from its own back-up. Only where there never was one: traject erase create-list',
      );
    }
  }

  #unusable(error: unknown): ErasureListError {
    const message = `the erasure list ${this.file} cannot be used: ${(error as Error).message}`;
    return new ErasureListError('unusable', message, { cause: error });
  }

  #damaged(line: number, what: string): ErasureListError {
    return new ErasureListError(
      'damaged',
      `the erasure list ${this.file} is damaged at line ${line}: ${what}. Put the list back from its own back-up; nothing is served before`,
    );
  }

  async #read(): Promise<Read> {
    const handle = await this.#open(constants.O_RDONLY);
    let text: string;
    try {
      text = await handle.readFile('latin1');
    } catch (error) {
      throw this.#unusable(error);
    } finally {
      await handle.close();
    }
    const [header = '', ...lines] = text.split('\n');
    if (!HEADER.test(header)) throw this.#damaged(1, 'it does not begin as an erasure list does');
    if (lines.pop() !== '') throw this.#damaged(lines.length + 2, 'it is cut off');
    const erasures = new Map<PersonId, string>();
    let digest = digestOf('', header);
    for (const [i, line] of lines.entries()) {
      const [, n = '', personId = '', erasedAt = '', told = ''] = LINE.exec(line) ?? [];
      digest = digestOf(digest, `${n} ${personId} ${erasedAt}`);
      if (Number(n) !== i + 1 || told !== digest) throw this.#damaged(i + 2, 'it is not the line that was written there');
      erasures.set(personId as PersonId, erasedAt);
    }
    return { erasures, digest, bytes: text.length };
  }
}

/** Writes and syncs; what was written in part (a full disk) is taken back, down to `before` bytes. Closes the file. */
async function writeDurably(handle: FileHandle, text: string, before: number): Promise<void> {
  try {
    try {
      await handle.writeFile(text);
    } catch (error) {
      await handle.truncate(before);
      throw error;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolderOf(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
