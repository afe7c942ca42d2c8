/** `campaign`: a mapping over many trajectories, previewed and carried out, against a bare read and append of the same persons. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Pm304InsuredInput } from '#libs/claims';
import { insured, persons, writeClaimFile, type BenchPerson } from './population';
import { median, NODE_FLAGS, note, print, round } from './result';
import { seedStore } from './seed';
import type { BenchServer } from './server';

const run = promisify(execFile);
const ROUNDS = 3;
const SESSIONS = 20;
const UNDER_OLD_CODE = 13;
/** A claim file holds 999,999 lines at most. */
const PERSONS_A_FILE = 25_000;

interface Timed {
  readonly seconds: number;
  readonly persons: number;
  readonly peakMegabytes: number;
}

/** Sessions under the code that closes and, from that day on, under the one that follows: the remap moves the positions of the latter. */
function joinedByRemap(person: BenchPerson, prefix: string): Pm304InsuredInput {
  const [before, since] = [
    insured({ ...person, diagnosis: '9376' }, prefix, 0, UNDER_OLD_CODE, '2024-04-01', 7),
    insured({ ...person, diagnosis: '3176' }, prefix, UNDER_OLD_CODE, SESSIONS - UNDER_OLD_CODE, '2024-04-01', 7),
  ];
  return { ...before, lines: [...before.lines, ...since.lines] };
}

export async function benchCampaign(server: BenchServer, count: number): Promise<void> {
  const kek = randomBytes(32).toString('base64');
  const members = persons(count, 42);
  const seeded = await server.database('campaign_seed');
  const files: string[] = [];
  for (let first = 0; first < count; first += PERSONS_A_FILE) {
    const file = join(server.folder, `campaign-${first}.pm304`);
    const groups = members.slice(first, first + PERSONS_A_FILE).map((person, i) => joinedByRemap(person, `S${first + i}-`));
    await writeClaimFile(file, '04000001', `SEED-${first}`, groups);
    files.push(file);
  }
  note(`campaign: seeding ${count} persons of ${SESSIONS} sessions, under two codes each`);
  await seedStore(seeded, kek, members, files);
  const job = async (name: 'preview' | 'commit' | 'bare', url: string): Promise<Timed> => {
    await server.checkpoint();
    return JSON.parse(
      (await run(process.execPath, [...NODE_FLAGS, join(__dirname, 'campaign-process.js'), name, url, kek])).stdout,
    ) as Timed;
  };
  const rounds: { preview: Timed; commit: Timed; bare: Timed }[] = [];
  for (let i = 1; i <= ROUNDS; i += 1) {
    const url = await server.database('campaign', 'campaign_seed');
    const preview = await job('preview', url);
    const commit = await job('commit', url);
    await server.drop('campaign');
    const bare = await job('bare', await server.database('campaign', 'campaign_seed'));
    await server.drop('campaign');
    rounds.push({ preview, commit, bare });
    note(
      `campaign round ${i}: preview ${round(preview.seconds, 2)} s, commit ${round(commit.seconds, 2)} s for ${commit.persons} persons; bare ${round(bare.seconds, 2)} s`,
    );
  }
  await server.drop('campaign_seed');
  const of = (name: 'preview' | 'commit' | 'bare'): number => median(rounds.map((each) => each[name].seconds));
  const settings = { persons: count, sessions: SESSIONS };
  for (const name of ['preview', 'commit'] as const)
    print({
      name: `campaign-${name}`,
      value: round(of(name), 2),
      unit: 's',
      baseline: { name: 'bare read and append of the same persons', value: round(of('bare'), 2) },
      settings: {
        ...settings,
        peakMegabytes: round(Math.max(...rounds.map((each) => each[name].peakMegabytes))),
        times: round(of(name) / of('bare'), 2),
      },
    });
}
