/** Writes a sample: members, claim files and corrections, the same bytes for the same seed. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { badTrailerFile, claimFileBytes, plannedClaimFiles } from './claim-files';
import { MAX_PERSONS } from './identity';
import {
  BAD_TRAILER_FILE,
  CORRECTIONS_FILE,
  MANIFEST_FILE,
  ManifestTally,
  MEMBERS_FILE,
  README_FILE,
  readmeText,
  type SampleManifest,
} from './manifest';
import { csvHeader, csvRows, memberRows } from './members-file';
import { Population } from './population';
import { CLOSED_CODE } from './proportions';

export interface SampleOptions {
  /** 1 to 500,000. From 100 on, every case is there. */
  readonly persons: number;
  /** A whole number of 32 bits, not negative. */
  readonly seed: number;
  /** The folder; it is made if need be. */
  readonly out: string;
  /** Called after each file that is written, with the number of those that may come. */
  readonly onProgress?: (files: number, ofAtMost: number) => void;
}

/** The sample cannot be made as asked; the message says what to change. */
export class SampleError extends Error {
  override readonly name = 'SampleError';
}

const MAX_SEED = 2 ** 32 - 1;
const BLOCK_BYTES = 256 * 1024;
/** Files are written here and moved to their places at the end: a sample cut short is not taken for a whole one. */
const STAGING = '.partial';

/**
 * Writes the sample of a seed into a folder. Memory does not grow with the number of persons. A folder that holds the same sample
 * is written again, byte for byte; one that holds another is left alone.
 *
 * @throws SampleError on numbers out of bounds, or a folder with another sample
 */
export async function writeSample(options: SampleOptions): Promise<SampleManifest> {
  const { persons, seed, out } = options;
  check('persons', persons, 1, MAX_PERSONS);
  check('seed', seed, 0, MAX_SEED);
  await refuseOtherSample(out, { persons, seed });
  const staging = join(out, STAGING);
  await rm(staging, { recursive: true, force: true });
  const written: string[] = [];
  const write = async (name: string, chunks: Iterable<string | Uint8Array>): Promise<void> => {
    const path = join(staging, name);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.from(inBlocks(chunks)), createWriteStream(path));
    written.push(name);
  };

  const population = new Population(seed, persons);
  const tally = new ManifestTally(seed, CLOSED_CODE);
  const planned = plannedClaimFiles(population.practices);
  await write(MEMBERS_FILE, membersText(population, tally));
  await write(CORRECTIONS_FILE, correctionsText(population));
  await write(BAD_TRAILER_FILE, [badTrailerFile(population)]);
  for (const [i, file] of planned.entries()) {
    const counts = { persons: 0, lines: 0 };
    const bytes = claimFileBytes(population, file, (lines) => {
      counts.persons += 1;
      counts.lines += lines.length;
      tally.lines(lines);
    });
    if (bytes !== null) {
      await write(file.name, bytes);
      tally.file({ file: file.name, ...counts });
    }
    options.onProgress?.(i + 1, planned.length);
  }
  const manifest = tally.manifest();
  await write(README_FILE, [readmeText(manifest)]);
  for (const name of written) {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await rename(join(staging, name), join(out, name));
  }
  await writeFile(join(staging, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(join(staging, MANIFEST_FILE), join(out, MANIFEST_FILE));
  await rm(staging, { recursive: true });
  return manifest;
}

function check(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new SampleError(`${name} must be a whole number from ${least} to ${most}`);
}

/** Files of two samples in one folder would be ingested together. */
async function refuseOtherSample(out: string, asked: { readonly persons: number; readonly seed: number }): Promise<void> {
  let text: string;
  try {
    text = await readFile(join(out, MANIFEST_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  let found: Partial<SampleManifest> | null;
  try {
    found = JSON.parse(text) as Partial<SampleManifest> | null;
  } catch {
    found = null;
  }
  if (found?.seed !== asked.seed || found.persons !== asked.persons)
    throw new SampleError(`${out} has a ${MANIFEST_FILE} of something else than this sample; name an empty folder`);
}

function* membersText(population: Population, tally: ManifestTally): Generator<string> {
  yield csvHeader();
  for (const person of population.members()) {
    const rows = memberRows(person);
    tally.person(person, rows.length);
    yield csvRows(rows);
  }
}

function* correctionsText(population: Population): Generator<string> {
  for (const person of population.members()) for (const correction of person.corrections) yield `${JSON.stringify(correction)}\n`;
}

/** Joins small pieces, so that a file is written in few steps. */
function* inBlocks(chunks: Iterable<string | Uint8Array>): Generator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    held.push(bytes);
    size += bytes.length;
    if (size >= BLOCK_BYTES) {
      yield Buffer.concat(held);
      held = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(held);
}
