import { open } from 'node:fs/promises';

/** What went wrong with the embedded PostgreSQL, what to do about it, and the end of its log. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  constructor(
    what: string,
    readonly advice: string,
    readonly logTail = '',
    options?: ErrorOptions,
  ) {
    super(
      `${what}\n  What to do: ${advice}${logTail === '' ? '' : `\n  Last lines of PostgreSQL:\n${indent(logTail)}`}`,
      options,
    );
  }
}

const LOG_TAIL_BYTES = 4_000;

/** The end of a log file, at most 4,000 bytes and 20 lines; empty when there is none. */
export async function logTail(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const from = Math.max(0, size - LOG_TAIL_BYTES);
      const { bytesRead, buffer } = await handle.read({ position: from, buffer: Buffer.alloc(size - from) });
      return lastLines(buffer.subarray(0, bytesRead).toString('utf8'));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return `(the log ${file} cannot be read: ${(error as Error).message})`;
  }
}

/** The last 20 lines of an output. */
export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

// PostgreSQL is run with LC_ALL=C, so that its messages are in English whatever the machine's language.
const KNOWN_CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /No space left on device|could not extend file/,
    'the disk is full: free some space (a new database takes about 60 MB) and start again',
  ],
  [/Disk quota exceeded/, 'the disk quota of this user is used up: free some space and start again'],
  [/Address already in use|could not bind/, 'another process listens on that port: stop it, or choose another port'],
  [
    /could not create shared memory|Cannot allocate memory|could not map anonymous shared memory/,
    'there is too little memory: free some (PostgreSQL needs about 300 MB) and start again',
  ],
  [/cannot be run as root/, 'start as a user other than root, or let the operating system user "postgres" exist'],
  [
    /error while loading shared libraries/,
    'the libraries of PostgreSQL are incomplete: remove node_modules and run "npm ci" again',
  ],
  [
    /Permission denied|could not access directory/,
    "PostgreSQL's user may not read or write its folder: check the owner and mode of it and of the folders above it",
  ],
  [
    /incompatible with server|was initialized by PostgreSQL version/,
    'the folder was made by another version of PostgreSQL: use that version, or start with another TRAJECT_DATA_DIR',
  ],
  [/Read-only file system/, 'the disk is read-only: set TRAJECT_DATA_DIR to a folder that can be written'],
];

/** Advice for a failure that PostgreSQL explained in `output`. */
export function adviceFor(output: string, otherwise: string): string {
  return KNOWN_CAUSES.find(([pattern]) => pattern.test(output))?.[1] ?? otherwise;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
