import { EventStoreDbDouble } from '../eventstoredb-protocol';
import { Story } from '../stories/story';
import { CLAIM_FILE, ClaimMaterial } from './claim-material';
import { endOf, reached } from './kill';

const SEED = Number(process.env['TRAJECT_CRASH_SEED'] ?? 20250103);
const ingest = ['ingest', '--received-on', '2025-01-03', '--json', CLAIM_FILE];

describe('Killed: the process between facts and decision, on EventStoreDB (the protocol double)', () => {
  let double: EventStoreDbDouble;
  let story: Story;
  beforeAll(async () => {
    double = await EventStoreDbDouble.start();
    story = await Story.open({ TRAJECT_EVENTSTORE: double.connectionString });
  });
  afterAll(async () => {
    await story.close();
    double.stop();
  });
  const count = (type: string): number => double.log.events.filter((event) => event.type === type).length;

  it('given again the file is finished: each line once, each command one decision, verify clean', async () => {
    const material = new ClaimMaterial(150, SEED);
    await material.importMembers(story);
    await material.writeClaimFile(story);
    const [decidedBefore, appendsBefore] = [count('PersonDecided.v1'), double.appends.length];
    let killedBetween = 0;
    for (const appends of [60, 150, 150]) {
      const from = Math.max(double.appends.length, appendsBefore);
      const child = story.start(ingest);
      const ended = endOf(child);
      if ((await reached(ended, () => Promise.resolve(double.appends.length >= from + appends ? true : null))) === null) break;
      child.kill('SIGKILL');
      await ended;
      if (new Set(commandsOf('SessionDeclared.v1')).size > count('PersonDecided.v1') - decidedBefore) killedBetween += 1;
    }
    expect(killedBetween).toBeGreaterThan(0);
    expect(await story.run(ingest)).toMatchObject({ code: 0 });
    const declared = [...(await story.returned('claims.pm305'))];
    expect(declared).toHaveLength(material.lines);
    const keys = double.log.events.filter((event) => event.type === 'SessionDeclared.v1').map((event) => keyOf(event.data));
    expect(keys).toEqual([...new Set(keys)]);
    const closed = commandsOf('PersonDecided.v1');
    expect(closed).toEqual([...new Set(closed)]);
    await story.verifyIsClean();
  });

  const parse = (bytes: Uint8Array): Record<string, string> =>
    JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
  const keyOf = (data: Uint8Array): string => `${parse(data)['practice']}/${parse(data)['reference']}`;
  const commandsOf = (type: string): string[] =>
    double.log.events.filter((event) => event.type === type).map((event) => parse(event.metadata)['commandId'] as string);
});
