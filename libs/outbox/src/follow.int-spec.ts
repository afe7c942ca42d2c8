import { rebuildReadModels } from '#libs/read-models';
import { messageId } from './confirmation';
import { followLog } from './follow';
import { FollowerMovedError, type Message } from './message-book';
import { PRACTICE_A, PRACTICE_B, Site } from './testing/site';

let site: Site;
const never = new AbortController().signal;
const follow = async (pageEvents?: number): Promise<number> => {
  await site.shown();
  return followLog(site.runtime.store, site.book, never, pageEvents);
};
const messagesOf = async (cause: string): Promise<readonly Message[]> =>
  (await site.book.list(['waiting'], 1_000))
    .filter((each) => each.cause === cause)
    .sort((a, b) => (a.practice < b.practice ? -1 : 1));

beforeAll(async () => (site = await Site.open()));
afterAll(() => site.close());
beforeEach(() => follow());

describe('a confirmation', () => {
  it('of an imported history goes to each practice whose lines it decided anew, with just its own lines', async () => {
    const { cause } = await site.importHistory(await site.personWithLines());
    expect(await follow()).toBe(2);
    const [a, b] = await messagesOf(cause);
    expect(a).toMatchObject({
      practice: PRACTICE_A,
      confirmed: 'import',
      attempts: 0,
      id: messageId({ cause, practice: PRACTICE_A }),
    });
    expect(a?.lines.map(({ invoice }) => invoice)).toEqual(['F-5', 'F-5', 'F-5']);
    expect(b).toMatchObject({ practice: PRACTICE_B, confirmed: 'import' });
    expect(b?.lines).toHaveLength(2);
  });

  it('is made for a supersession and for a retraction as well, each by its own cause', async () => {
    const person = await site.personWithLines();
    const { importId } = await site.importHistory(person);
    const second = await site.importHistory(person, { count: 19, supersedes: importId });
    const retraction = await site.retract(person, second.importId);
    await follow();
    expect((await messagesOf(second.cause)).map(({ confirmed }) => confirmed)).toEqual(['supersession', 'supersession']);
    expect((await messagesOf(retraction.commandId)).map(({ confirmed }) => confirmed)).toEqual(['retraction', 'retraction']);
  });

  it('of a remap goes to the practices whose lines it moved', async () => {
    const person = await site.personWithLines('9376');
    await site.importHistory(person, { diagnosis: '9376' });
    await site.declare(person, [site.line('04011111', '2023-08-01', '3176')]);
    const { commandId } = await site.remap(person, '9376', '3176');
    await follow();
    expect((await messagesOf(commandId)).map(({ practice, confirmed }) => [practice, confirmed])).toContainEqual([
      '04011111',
      'remap',
    ]);
  });

  it('is not made where no line was decided anew, nor for lines of another trajectory, nor for what is no history', async () => {
    const person = await site.personWithLines();
    await follow();
    await site.importHistory(person, { diagnosis: '9377' });
    await site.declare(person, [site.line(PRACTICE_A, '2023-09-01', '9373')]);
    expect(await follow()).toBe(0);
  });

  it('holds nothing of the person: no id, no diagnosis', async () => {
    const person = await site.personWithLines();
    const { cause } = await site.importHistory(person);
    await follow();
    const { rows } = await site.pool.query<{ row: string }>(
      'select to_jsonb(m)::text as row from outbox.message m where cause = $1',
      [cause],
    );
    expect(rows).toHaveLength(2);
    for (const { row } of rows) {
      expect(row).not.toContain(person);
      expect(row).not.toContain('9373');
    }
  });

  it('is made once, however the log is cut into pages and however often it is followed', async () => {
    const { cause } = await site.importHistory(await site.personWithLines());
    await follow(1);
    expect(await messagesOf(cause)).toHaveLength(2);
    await site.pool.query('update outbox.follower set position = null');
    const before = (await site.book.counts()).waiting;
    expect(await follow(3)).toBe(0);
    expect((await site.book.counts()).waiting).toBe(before);
  });

  it('is not made again by a rebuild of the read models', async () => {
    await site.importHistory(await site.personWithLines());
    await follow();
    const { counts } = { counts: await site.book.counts() };
    await rebuildReadModels({ store: site.runtime.store, connection: { url: site.url, poolSize: 3 } });
    expect(await follow()).toBe(0);
    expect(await site.book.counts()).toEqual(counts);
  });

  it('is not made of what was recorded before there was an outbox', async () => {
    const { rows } = await site.pool.query<{ since: Date }>('select since from outbox.follower');
    await site.pool.query("update outbox.follower set since = now() + interval '1 hour'");
    await site.importHistory(await site.personWithLines());
    expect(await follow()).toBe(0);
    await site.pool.query('update outbox.follower set since = $1', [rows[0]?.since]);
    await site.pool.query('update outbox.follower set position = null');
    expect(await follow()).toBe(2);
  });
});

describe('a second follower', () => {
  it('that lags behind the first writes nothing, neither messages nor its position', async () => {
    const { position } = await site.book.followed();
    await site.importHistory(await site.personWithLines());
    await site.shown();
    const { events, checkpoint } = await site.runtime.store.readLog(position, 1_000);
    await follow();
    const before = [await site.book.counts(), await site.book.followed()];
    const stray = { cause: events[0]?.id ?? '', practice: '04000000', confirmed: 'import' as const, lines: [] };
    await expect(site.book.add([stray], checkpoint ?? ('0-0' as never), position)).rejects.toThrow(FollowerMovedError);
    expect([await site.book.counts(), await site.book.followed()]).toEqual(before);
  });
});
