import { createHash, randomUUID, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file that is there whole or not at all: written beside its place, flushed to disk, then moved there. */
export class AtomicFile {
  readonly #temporary: string;
  readonly #stream: WriteStream;
  readonly #hash: Hash = createHash('sha256');
  #failure: Error | null = null;

  constructor(private readonly path: string) {
    this.#temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${randomUUID()}`);
    this.#stream = createWriteStream(this.#temporary, { flags: 'wx' });
    this.#stream.on('error', (error) => (this.#failure = error));
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.#hash.update(bytes);
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }

  /** Puts the file in its place; answers the SHA-256 of its bytes, hex. */
  async commit(): Promise<string> {
    this.#stream.end();
    await once(this.#stream, 'close');
    if (this.#failure !== null) throw this.#failure;
    const handle = await open(this.#temporary, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(this.#temporary, this.path);
    return this.#hash.digest('hex');
  }

  /** Gives up; nothing stays behind. */
  async discard(): Promise<void> {
    const closed = this.#stream.closed || new Promise<void>((resolve) => this.#stream.once('close', () => resolve()));
    this.#stream.destroy();
    // The file may still be on its way to being created: only what was opened and closed can be removed for good.
    await closed;
    await rm(this.#temporary, { force: true });
  }
}

/** Removes what writers of this file left behind that were killed; living ones, of this machine, are left alone. */
export async function sweepAbandoned(path: string): Promise<void> {
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    const pid = name.startsWith(prefix) ? /^(\d+)-[0-9a-f-]{36}$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(dirname(path), name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
