import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestReport } from '#libs/dossiers';
import { createLogger } from '#libs/platform';
import { workInbox } from './inbox';

const report = (file: string, outcome: IngestReport['outcome']): IngestReport => ({
  file,
  fileId: 'f' as IngestReport['fileId'],
  outcome,
  lines: 1,
  byOutcome: { refused: 0, invalid: 0, held: 0, decided: 1, credited: 0 },
  declaredCents: 0,
  grantedCents: 0,
  returnFile: file.replace('.pm304', '.pm305'),
  paymentFile: null,
  problems: [],
  problemCount: 0,
  position: null,
});

describe('the inbox', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traject-inbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Works the inbox until `isDone` says so; `ingest` stands in for the ingestion. */
  async function work(ingest: (path: string) => Promise<IngestReport>, isDone: () => boolean): Promise<void> {
    const stop = new AbortController();
    const timer = setInterval(() => isDone() && stop.abort(), 5);
    await workInbox({
      folder,
      ingestion: { ingest },
      logger: createLogger('test', 'silent'),
      signal: stop.signal,
      settledMs: 0,
      pollMs: 5,
    });
    clearInterval(timer);
  }

  it('moves a claim file and its return message to done, a refused one to refused, and leaves other files alone', async () => {
    for (const name of ['good.pm304', 'bad.pm304', 'notes.txt']) await writeFile(join(folder, name), '');
    let done = 0;
    await work(
      async (path) => {
        await writeFile(path.replace('.pm304', '.pm305'), '');
        done += 1;
        return report(path, path.endsWith('bad.pm304') ? 'refused' : 'processed');
      },
      () => done === 2,
    );
    expect((await readdir(join(folder, 'done'))).sort()).toEqual(['good.pm304', 'good.pm305']);
    expect((await readdir(join(folder, 'refused'))).sort()).toEqual(['bad.pm304', 'bad.pm305']);
    expect(await readdir(folder)).toContain('notes.txt');
  });

  it('sets a file apart that could not be taken in three times', async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'sick.pm304'), '');
    let times = 0;
    await work(
      () => {
        times += 1;
        return Promise.reject(new Error('the database is away'));
      },
      () => times === 3,
    );
    expect(await readdir(join(folder, 'failed'))).toEqual(['sick.pm304']);
  });
});
