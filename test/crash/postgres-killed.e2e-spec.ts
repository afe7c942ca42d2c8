import { chmod, mkdir, rm } from 'node:fs/promises';
import { startEmbeddedPostgres, stopAbandonedServer, type EmbeddedPostgres } from '#libs/platform';
import { Story } from '../stories/story';
import { CLAIM_FILE, ClaimMaterial } from './claim-material';
import { endOf, killPostgres, reached, type Ended } from './kill';
import { eventsDrawn, onlooker, whatIsThereTwice } from './log-of';

const SEED = Number(process.env['TRAJECT_CRASH_SEED'] ?? 20250103);
const ingest = ['ingest', '--received-on', '2025-01-03', '--json', CLAIM_FILE];

describe('Killed: PostgreSQL with all of its processes, during ingestion', () => {
  let story: Story;
  let server: EmbeddedPostgres;
  let returned: string;

  beforeAll(async () => {
    story = await Story.open();
    // PostgreSQL's user must be able to pass through
    await chmod(story.folder, 0o711);
    await mkdir(story.path('server'), { mode: 0o711 });
    server = await startEmbeddedPostgres({ dataDirectory: story.path('server') });
    const material = new ClaimMaterial(300, SEED);
    await material.writeClaimFile(story);
    await material.importMembers(story);
    expect(await story.run(ingest)).toMatchObject({ code: 0 });
    returned = await story.text('claims.pm305');
    await rm(story.path('claims.pm305'));
  });
  afterAll(async () => {
    await stopAbandonedServer(server.location);
    await rm(server.location, { recursive: true, force: true });
    await story.close();
  });

  /** A database on the server that is to be killed, with the members in it. */
  async function site(name: string): Promise<{ at: Story; url: string }> {
    await server.createDatabaseIfMissing(name);
    const at = story.in(server.url(name));
    await at.json(['import-members', 'members.csv']);
    return { at, url: server.url(name) };
  }

  /** Starts the ingestion, waits until so many more events have been drawn up, and kills the server. */
  async function killDuringIngestion(
    at: Story,
    url: string,
    events: number,
    processToo: boolean,
  ): Promise<{ ended: Promise<Ended> }> {
    const client = await onlooker(url);
    const moment = (await eventsDrawn(client)) + events;
    const child = at.start(ingest);
    const ended = endOf(child);
    expect(await reached(ended, async () => ((await eventsDrawn(client)) >= moment ? true : null))).toBe(true);
    if (processToo) child.kill('SIGKILL');
    await killPostgres(server.pid);
    return { ended };
  }

  async function isFinished(at: Story, url: string): Promise<void> {
    expect(await story.text('claims.pm305')).toBe(returned);
    const client = await onlooker(url);
    expect(await whatIsThereTwice(client)).toEqual([]);
    await client.end();
    await at.verifyIsClean();
    await rm(story.path('claims.pm305'));
  }

  it('an ingestion under way goes on when the server is back, and nothing is lost or there twice', async () => {
    const { at, url } = await site('goes_on');
    const { ended } = await killDuringIngestion(at, url, 450, false);
    server = await startEmbeddedPostgres({ dataDirectory: story.path('server') });
    expect(await ended).toMatchObject({ code: 0 });
    await isFinished(at, url);
  });

  it('when the process is killed with it, the file is finished after the restart', async () => {
    const { at, url } = await site('killed_with_it');
    const { ended } = await killDuringIngestion(at, url, 750, true);
    expect((await ended).signal).toBe('SIGKILL');
    server = await startEmbeddedPostgres({ dataDirectory: story.path('server') });
    expect(await at.run(ingest)).toMatchObject({ code: 0 });
    await isFinished(at, url);
  });
});
