import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { Client } from 'pg';
import { Story, weekly } from './story';

const BSN = '111222333';
const NOBODY = '123456782';

interface Line {
  readonly seq: number;
  readonly event: string;
  readonly action: string;
  readonly outcome: string;
  readonly user: string;
  readonly role: string;
  readonly purpose: string | null;
  readonly object: string;
  readonly source: string;
}

describe('the story of who looked', () => {
  let story: Story;
  let client: Client;
  let personId: string;
  beforeAll(async () => {
    story = await Story.open();
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,12345678,3343,,,,,', 'insurance,,,,3343,,2019-01-01,,,'] });
    const lines = weekly('2024-01-08', 12).map((date, i) => ({ date, reference: `A-${i}` }));
    await story.claimFile('first.pm304', [{ bsn: BSN, lines }]);
    await story.claimFile('second.pm304', [{ bsn: BSN, lines: [{ date: '2024-05-06', reference: 'B-1' }] }]);
    await story.ingest('first.pm304', 'second.pm304');
    personId = (await story.dossier(BSN)).personId;
    client = new Client({ connectionString: story.database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await story.close();
  });

  const shown = async (...args: readonly string[]): Promise<{ items: Line[]; next: number | null }> =>
    story.json(['access-log', 'show', '--person', personId, ...args]);
  const events = async (): Promise<string[]> =>
    (await shown()).items.map(({ event, action, outcome }) => `${event} ${action} ${outcome}`);
  const rows = async (): Promise<number> =>
    Number((await client.query<{ n: string }>('select count(*) as n from access.entry')).rows[0]?.n);

  test('import, one line per file and person, look-up and show, by whom and through what', async () => {
    expect(await events()).toEqual([
      'import-members change attempted',
      'ingest change attempted',
      'ingest change attempted',
      'person-lookup search success',
      'show read success',
      'access-log read success',
    ]);
    const { items } = await shown();
    const files = items.filter(({ event }) => event === 'ingest').map(({ object }) => object);
    expect(new Set(files).size).toBe(2);
    expect(files[0]).toMatch(/^claim-file\/[0-9a-f-]{36}$/);
    for (const { user, role, source } of items)
      expect([user, role, source.replace(/\d+$/, 'N')]).toEqual([
        userInfo().username,
        'operator',
        expect.stringMatching(new RegExp(`^${hostname()}/[a-z-]+/N$`)),
      ]);
  });

  test('the same file again writes no second line', async () => {
    const before = await rows();
    await story.ingest('first.pm304', 'second.pm304');
    expect(await rows()).toBe(before);
  });

  test('a correction, before and after; explain; what is refused; each with its purpose', async () => {
    const before = (await shown()).items.at(-1)?.seq ?? 0;
    const input = JSON.stringify({ switchDate: '2024-01-01', diagnosis: '9373' });
    await story.json(['record-switch', '--person', personId, '--input', input, '--purpose', 'complaint-handling']);
    await story.json(['--purpose', 'audit', 'explain', '--person', personId, '--line', '04012345/A-1']);
    expect((await story.run(['explain', '--person', personId, '--line', '04012345/none'])).code).toBe(3);
    expect((await story.run(['record-switch', '--person', personId, '--input', '{}'])).code).not.toBe(0);
    const { items } = await shown('--after', String(before));
    expect(items.map(({ event, outcome, purpose }) => [event, outcome, purpose])).toEqual([
      ['record-switch', 'attempted', 'complaint-handling'],
      ['record-switch', 'success', 'complaint-handling'],
      ['explain', 'success', 'audit'],
      ['explain', 'refused', null],
      ['record-switch', 'attempted', null],
      ['record-switch', 'refused', null],
      ['access-log', 'success', null],
    ]);
    const prose = await story.run(['show', '--person', personId, '--purpose', 'Because she asked']);
    expect([prose.code, prose.stderr]).toEqual([2, expect.stringContaining('TRAJECT_PURPOSE: must be a code')]);
  });

  test('corrections from a file, and numbers by which nobody is known', async () => {
    const before = await rows();
    await story.run(['show', '--bsn-from-stdin'], NOBODY);
    await story.correct('nobody.jsonl', [
      { command: 'record-switch', bsn: BSN, input: { switchDate: '2023-01-01', diagnosis: '9373' } },
    ]);
    const { rows: found } = await client.query<{ content: string }>(
      'select content from access.entry where seq > $1 order by seq',
      [before],
    );
    const lines = found.map(({ content }) => JSON.parse(content) as Line & { person: string | null });
    expect(lines.map(({ event, outcome, person }) => [event, outcome, person === personId])).toEqual([
      ['person-lookup', 'refused', false],
      ['record-switch', 'attempted', true],
      ['record-switch', 'success', true],
    ]);
    expect(lines[0]?.person).toBeNull();
  });

  test('previews, documents, statements, what was known, replay, and the preview of an erasure', async () => {
    const before = (await shown()).items.at(-1)?.seq ?? 0;
    const input = JSON.stringify({ switchDate: '2022-01-01', diagnosis: '9373' });
    await writeFile(story.path('letter.txt'), 'veertien zittingen');
    const person = ['--person', personId];
    await story.json(['record-switch', ...person, '--input', input, '--preview']);
    await story.json(['document', 'add', 'letter.txt', ...person]);
    await story.json(['show', ...person, '--known-on', '2099-12-31']);
    await story.json(['replay', ...person]);
    // refused: the switch of the tests before holds the lines
    expect((await story.run(['statement', 'export', ...person, '--diagnosis', '9373', '--through', '2024-12-31'])).code).toBe(3);
    expect((await story.run(['document', 'get', randomUUID(), ...person])).code).toBe(3);
    await story.run(['erase', 'preview', ...person]);
    const { items } = await shown('--after', String(before));
    expect(items.map(({ event, action, outcome }) => `${event} ${action} ${outcome}`)).toEqual([
      'record-switch preview success',
      'keep-document change attempted',
      'keep-document change success',
      'show-as-known read success',
      'replay read success',
      'state-history read refused',
      'document read refused',
      'erase-person preview success',
      'access-log read success',
    ]);
  });

  test('comes in pages and periods, for people too', async () => {
    const first = await shown('--limit', '2');
    expect([first.items.length, first.next]).toEqual([2, first.items[1]?.seq]);
    const second = await shown('--limit', '2', '--after', String(first.next));
    expect(second.items[0]?.seq).toBeGreaterThan(first.next ?? 0);
    expect((await shown('--to', '2020-12-31')).items).toEqual([]);
    const text = await story.run(['access-log', 'show', '--person', personId, '--limit', '3']);
    expect(text.stdout).toMatch(/import-members[^]*more: --after \d+/);
    expect((await story.run(['access-log', 'show', '--person', BSN])).code).toBe(2);
  });

  test('names nobody', async () => {
    const { rows: all } = await client.query<{ text: string }>(`select string_agg(content, ' ') as text from access.entry`);
    for (const planted of [BSN, NOBODY, 'Voorbeeld', '1970-05-05', '12345678', 'A-1', 'B-1'])
      expect(all[0]?.text).not.toContain(planted);
  });

  test('verify finds it whole, notes its end outside the database, and then finds what was done to it', async () => {
    const whole = await story.json<{ rows: number; head: { log: string; seq: number; hash: string }; headsFile: string }>([
      'access-log',
      'verify',
    ]);
    expect(whole.rows).toBe(await rows());
    expect(await readFile(whole.headsFile, 'utf8')).toContain(`"hash":"${whole.head.hash}"`);
    await client.query(`
      alter table access.entry disable trigger all; alter table access.head disable trigger all;
      delete from access.entry where seq > ${whole.rows - 2};
      update access.head h set seq = e.seq, hash = e.hash from access.entry e where e.seq = ${whole.rows - 2}`);
    const cut = await story.run(['access-log', 'verify']);
    expect([cut.code, cut.stderr]).toEqual([4, expect.stringContaining(`row ${whole.rows - 1}: cut-off`)]);
    // without the file the end looks whole, but for a head that was kept by hand
    await rm(whole.headsFile);
    expect((await story.run(['access-log', 'verify'])).code).toBe(0);
    const head = `${whole.head.log}:${whole.head.seq}:${whole.head.hash}`;
    expect((await story.run(['access-log', 'verify', '--head', head])).code).toBe(4);
    await client.query(`update access.entry set content = replace(content, '"operator"', '"reader"') where seq = 2`);
    const changed = await story.run(['access-log', 'verify']);
    expect([changed.code, changed.stderr]).toEqual([4, expect.stringContaining('row 2: changed')]);
  });

  test('a command that cannot be recorded shows and changes nothing, and says so', async () => {
    await client.query('alter function access.append(uuid[], text[]) rename to taken_away');
    try {
      const show = await story.run(['show', '--person', personId]);
      expect([show.code, show.stdout, show.stderr]).toEqual([
        1,
        '',
        expect.stringContaining('the access log could not be written'),
      ]);
      await story.claimFile('third.pm304', [{ bsn: BSN, lines: [{ date: '2024-06-03', reference: 'C-1' }] }]);
      const ingest = await story.run(['ingest', '--received-on', '2025-01-03', 'third.pm304']);
      expect(ingest.code).toBe(1);
      const { rows: declared } = await client.query(`select from eventstore.events where data::text like '%"C-1"%'`);
      expect(declared).toEqual([]);
    } finally {
      await client.query('alter function access.taken_away(uuid[], text[]) rename to append');
    }
  });
});
