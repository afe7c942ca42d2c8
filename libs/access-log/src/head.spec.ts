import { appendFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadsFileError, noteHead, notedHeads, type AccessHead } from './head';

const LOG = '0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11';
const head = (seq: number): AccessHead => ({ log: LOG, seq, hash: seq.toString(16).padStart(64, '0') });
const AT = new Date('2026-03-01T12:00:00Z');

describe('the file of heads', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traject-heads-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('holds what was noted, in order, for its owner alone', async () => {
    const file = join(folder, 'new', 'heads.jsonl');
    expect(await notedHeads(file)).toEqual([]);
    for (const seq of [1, 5, 9]) await noteHead(file, head(seq), AT);
    expect(await notedHeads(file)).toEqual([head(1), head(5), head(9)]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('keeps lines whole when many write at once', async () => {
    const file = join(folder, 'heads.jsonl');
    await Promise.all(Array.from({ length: 50 }, (_, i) => noteHead(file, head(i), AT)));
    const seqs = (await notedHeads(file)).map(({ seq }) => seq);
    expect(seqs.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test('a line that is no head is a fault that names file and line', async () => {
    const file = join(folder, 'heads.jsonl');
    await noteHead(file, head(1), AT);
    await appendFile(file, '{"seq":2}\n');
    await expect(notedHeads(file)).rejects.toThrow(HeadsFileError);
    await expect(notedHeads(file)).rejects.toThrow(/heads\.jsonl:2: /);
  });
});
