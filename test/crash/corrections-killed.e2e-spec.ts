import { writeFile } from 'node:fs/promises';
import { generateBsn } from '#libs/claims';
import { EventStoreDbDouble } from '../eventstoredb-protocol';
import { Story, weekly } from '../stories/story';
import { seededRandom } from './claim-material';
import { cloneOf, dropped } from './clone';
import { endOf, reached } from './kill';
import { digestOfStreams, eventCount, eventsDrawn, onlooker, whatIsThereTwice } from './log-of';

const SEED = Number(process.env['TRAJECT_CRASH_SEED'] ?? 20250103);
const KILLS = 4;
const correct = ['correct', 'corrections.jsonl', '--json'];

interface Outcome {
  readonly reports: readonly { readonly outcome: string }[];
}

/** Persons whose lines wait for a history, and a file that brings each of them one. */
async function heldPersons(story: Story, count: number): Promise<void> {
  const random = seededRandom(SEED);
  const bsns = [...new Set(Array.from({ length: count }, () => generateBsn(random)))];
  const rows = ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2024-01-01,,,', 'switch,,,,,,2024-01-01,,9373,7095'];
  await story.members(Object.fromEntries(bsns.map((bsn) => [bsn, rows])));
  const lines = (n: number) => weekly('2024-01-08', 4).map((date, i) => ({ date, reference: `S-${n}-${i}`, csi: '001' }));
  await story.claimFile(
    'held.pm304',
    bsns.map((bsn, n) => ({ bsn, lines: lines(n) })),
  );
  await story.ingest('held.pm304');
  const history = (n: number) => ({
    ...{ diagnosis: '9373', startedOn: '2023-03-06', count: 14 + (n % 9), throughDate: '2023-12-18', scope: 'elsewhere' },
    ...{ source: 'treatment history form', statedBy: 'practice 04099999', document: { reference: `BH-${n}` } },
  });
  const corrections = bsns.map((bsn, n) => ({ command: 'import-history', bsn, input: history(n) }));
  await writeFile(story.path('corrections.jsonl'), corrections.map((each) => `${JSON.stringify(each)}\n`).join(''));
}

describe('Killed: the process that makes corrections is killed again and again', () => {
  let story: Story;
  beforeAll(async () => {
    story = await Story.open();
    await heldPersons(story, 120);
  }, 120_000);
  afterAll(() => story.close());

  it('given again the file is done: each correction is booked once, as if nothing had happened', async () => {
    const alone = await cloneOf(story.database.url);
    let client = await onlooker(alone);
    const before = await eventsDrawn(client);
    expect(await story.in(alone).run(correct)).toMatchObject({ code: 0 });
    const undisturbed = { digest: await digestOfStreams(client), events: await eventCount(client) };
    await client.end();
    await dropped(alone);

    const url = await cloneOf(story.database.url);
    client = await onlooker(url);
    const site = story.in(url);
    const random = seededRandom(SEED);
    let kills = 0;
    for (let n = 1; n <= KILLS; n += 1) {
      const moment = before + Math.floor(((n - 1 + random()) / (KILLS + 1)) * (undisturbed.events - before));
      const child = site.start(correct);
      const ended = endOf(child);
      if ((await reached(ended, async () => ((await eventsDrawn(client)) >= moment ? true : null))) === null) break;
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(KILLS - 2);
    const last = await site.json<Outcome>(correct);
    expect(new Set(last.reports.map(({ outcome }) => outcome))).toEqual(new Set(['done', 'done-before']));
    expect(await whatIsThereTwice(client)).toEqual([]);
    expect(await eventCount(client)).toBe(undisturbed.events);
    expect(await digestOfStreams(client)).toBe(undisturbed.digest);
    await client.end();
    await site.verifyIsClean();
    await dropped(url);
  }, 180_000);
});

describe('Killed: between the facts of a correction and its booking, on EventStoreDB (the protocol double)', () => {
  let double: EventStoreDbDouble;
  let story: Story;
  beforeAll(async () => {
    double = await EventStoreDbDouble.start();
    story = await Story.open({ TRAJECT_EVENTSTORE: double.connectionString });
    await heldPersons(story, 40);
  }, 120_000);
  afterAll(async () => {
    await story.close();
    double.stop();
  });

  const parsed = (bytes: Uint8Array): Record<string, unknown> =>
    JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  const commandsOf = (prefix: string): string[] =>
    double.log.events
      .filter(({ type }) => type.startsWith(prefix))
      .map(({ metadata }) => parsed(metadata)['commandId'] as string);
  /** Corrections whose facts stand and are not booked. */
  const unbooked = (): string[] => {
    const booked = new Set(commandsOf('PersonDecided.'));
    return commandsOf('HistoryImported.').filter((command) => !booked.has(command));
  };

  it('given again, or met by the next command, they are booked once under their own cause', async () => {
    let killedBetween = 0;
    for (let n = 0; n < 6 && killedBetween < 3; n += 1) {
      const child = story.start(correct);
      const ended = endOf(child);
      // looked at within the answer to an append: the process is stopped before it can go on
      if ((await reached(ended, () => Promise.resolve(unbooked().length > 0 ? true : null))) === null) break;
      child.kill('SIGKILL');
      await ended;
      if (unbooked().length > 0) killedBetween += 1;
    }
    expect(killedBetween).toBeGreaterThan(0);
    const { reports } = await story.json<Outcome>(correct);
    expect(reports).toHaveLength(40);
    expect(unbooked()).toEqual([]);
    for (const type of ['HistoryImported.', 'PersonDecided.']) {
      const commands = commandsOf(type);
      expect(commands).toEqual([...new Set(commands)]);
    }
    await story.verifyIsClean();
  }, 180_000);
});
