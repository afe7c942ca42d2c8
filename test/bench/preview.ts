/**
 * `preview`: a preview of a correction that moves every line of a dossier, over HTTP, many at once, against reading the same dossier: its
 * summary, and its trajectory with all sessions. Every answer is written to the access log first, as in production.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ApiProcess, HttpUser } from '../stories/api-process';
import { insured, persons, writeClaimFile } from './population';
import { median, note, print, round } from './result';
import { seedStore } from './seed';
import type { BenchServer } from './server';

const ROUNDS = 5;
const AT_ONCE = 16;
const REQUESTS = 480;
const FIRST_DAY = '2018-01-08';

export async function benchPreview(server: BenchServer, sessions: number): Promise<void> {
  const key = randomBytes(32).toString('base64');
  const url = await server.database('preview');
  const [person] = persons(1, 42);
  if (person === undefined) throw new Error('nobody was drawn');
  const file = join(server.folder, 'preview.pm304');
  const treated = { ...person, birthDate: '1970-05-05', diagnosis: '9373' };
  await writeClaimFile(file, '04000001', 'SEED', [insured(treated, 'S-', 0, sessions, FIRST_DAY, 7)]);
  await seedStore(url, key, [treated], [file]);
  const api = await ApiProcess.prepare({
    ...process.env,
    ...{ TRAJECT_DATABASE_URL: url, TRAJECT_KEK: key, TRAJECT_LOG_LEVEL: 'error' },
    TRAJECT_DATA_DIR: join(server.folder, 'api-data'),
  });
  try {
    api.startProjector();
    const user = new HttpUser(await api.start(), await api.signIn('bench', 'corrector'));
    const { body } = await user.post<{ personId: string }>('/v1/persons/lookup', { bsn: person.bsn });
    const path = `/v1/persons/${body.personId}`;
    const trajectory = await trajectoryOf(user, path);
    const correction = {
      kind: 'import-history',
      input: {
        ...{ diagnosis: '9373', startedOn: '2017-01-09', count: 14, throughDate: '2017-12-31', scope: 'elsewhere' },
        ...{ source: 'treatment history form', statedBy: 'practice 04099999', document: { reference: 'BH-31' } },
      },
    };
    const preview = async (): Promise<void> => {
      const answer = await user.post<{ lines: unknown[] }>(`${path}/corrections/preview`, correction);
      if (answer.status !== 200 || answer.body.lines.length !== sessions)
        throw new Error(`${answer.status}, ${answer.body.lines.length} lines`);
    };
    const read = (address: string) => async (): Promise<void> => {
      const { status } = await user.get(address);
      if (status !== 200) throw new Error(`${address}: ${status}`);
    };
    const asked = {
      preview,
      dossier: read(`${path}/dossier`),
      'trajectory with its sessions': read(`/v1/trajectories/${trajectory}`),
      'dossier as it is known, with its sessions': read(`${path}/dossier-as-known`),
    };
    const figures = new Map<string, number[]>(Object.keys(asked).map((name) => [name, []]));
    for (let i = 1; i <= ROUNDS; i += 1)
      for (const [name, request] of Object.entries(asked)) {
        await server.checkpoint();
        const p95 = await p95Of(request);
        figures.get(name)?.push(p95);
        note(`preview round ${i}: ${name} p95 ${round(p95, 1)} ms`);
      }
    const value = median(figures.get('preview') ?? []);
    for (const name of Object.keys(asked).slice(1)) {
      const baseline = median(figures.get(name) ?? []);
      print({
        name: 'preview',
        value: round(value, 1),
        unit: 'ms, p95',
        baseline: { name, value: round(baseline, 1) },
        settings: { sessions, atOnce: AT_ONCE, requests: REQUESTS, rounds: ROUNDS, ratio: round(value / baseline, 2) },
      });
    }
  } finally {
    await api.close();
    await server.drop('preview');
  }
}

async function trajectoryOf(user: HttpUser, path: string): Promise<string> {
  for (;;) {
    const { body } = await user.get<{ trajectories?: { trajectoryId: string }[] }>(`${path}/dossier`);
    const [trajectory] = body.trajectories ?? [];
    if (trajectory !== undefined) return trajectory.trajectoryId;
  }
}

/** Milliseconds; the first requests are not counted. */
async function p95Of(request: () => Promise<void>): Promise<number> {
  const took: number[] = [];
  let left = REQUESTS + AT_ONCE;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        const begun = performance.now();
        await request();
        took.push(performance.now() - begun);
      }
    }),
  );
  const counted = took.slice(AT_ONCE).sort((a, b) => a - b);
  return counted[Math.ceil(counted.length * 0.95) - 1] ?? NaN;
}
