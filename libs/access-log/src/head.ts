/**
 * Where the chain ended, kept outside the database. The chain itself shows what was changed, taken out or put in between; that its end
 * was cut off, or all of it written anew, shows only against a head that was noted elsewhere.
 */
import { createReadStream } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

export interface AccessHead {
  /** Random id of the log: another database has another one. */
  readonly log: string;
  /** Number of the last row; 0 = none yet. */
  readonly seq: number;
  /** Its hash, 64 hexadecimal digits. */
  readonly hash: string;
}

/** Heads that are read back at most, the latest ones: two months of one a minute. */
const MAX_HEADS = 100_000;
const LINE = /^\{"at":"[^"]*","hash":"([0-9a-f]{64})","log":"([0-9a-f-]{36})","seq":(\d{1,15})\}$/;

/** The file of heads could not be read or holds what is none. */
export class HeadsFileError extends Error {
  override readonly name = 'HeadsFileError';
}

/** Appends a head as one line; lines of several processes never mix, as each is one short write at the end. */
export async function noteHead(file: string, { log, seq, hash }: AccessHead, at: Date): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `{"at":"${at.toISOString()}","hash":"${hash}","log":"${log}","seq":${seq}}\n`, { mode: 0o600 });
}

/** The latest heads of the file, as they were noted; none when there is no such file. */
export async function notedHeads(file: string): Promise<AccessHead[]> {
  const heads: AccessHead[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      number += 1;
      const [, hash, log, seq] = LINE.exec(line) ?? [];
      if (hash === undefined || log === undefined)
        throw new HeadsFileError(`${file}:${number}: this line is no head of an access log`);
      heads.push({ log, seq: Number(seq), hash });
      if (heads.length >= 2 * MAX_HEADS) heads.splice(0, MAX_HEADS);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return heads.slice(-MAX_HEADS);
}
