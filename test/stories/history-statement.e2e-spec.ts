import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { outline, Story, weekly } from './story';

const BSN = '111222333';
const OTHER_BSN = '123456782';

interface Exported {
  readonly id: string;
  readonly insurer: string;
  readonly count: number;
  readonly files: readonly [jws: string, pdf: string];
}
interface Imported {
  readonly outcome: string;
  readonly person: string;
  readonly count: number;
  readonly released: number;
}

/** All that a database holds as text, for looking for what must not be in it. */
async function everyRowOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  let text = '';
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
    text += rows.map(({ row }) => row).join('\n');
  }
  await client.end();
  return text;
}

describe('Statement: insurer 3343 states a history, insurer 7095 takes it in, and nobody types a count', () => {
  let former: Story;
  let next: Story;
  let keys: string;
  let exported: Exported;

  beforeAll(async () => {
    keys = await mkdtemp(join(tmpdir(), 'traject-keys-'));
    former = await Story.open();
    next = await Story.open({ TRAJECT_TRUSTED_INSURERS_FILE: join(keys, 'trusted.json') });
    await writeFile(join(keys, 'trusted.json'), '{}');
    await former.members({
      [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2022-01-01,2023-12-31,,'],
    });
    const lines = weekly('2023-03-06', 14).map((date, i) => ({ date, reference: `F-${i + 1}`, csi: '008' }));
    await former.claimFile('former.pm304', [{ bsn: BSN, lines }], { invoiceDate: '2023-12-28' });
    await former.ingest('former.pm304');
    await next.members({
      [BSN]: [
        'member,1970-05-05,V. Voorbeeld,,,,,,,',
        'insurance,,,,3343,,2022-01-01,2023-12-31,,',
        'insurance,,,,7095,,2024-01-01,,,',
        'switch,,,,,,2024-01-01,,9373,3343',
      ],
      [OTHER_BSN]: ['member,1980-06-06,A. Ander,,,,,,,', 'insurance,,,,7095,,2024-01-01,,,'],
    });
    const later = weekly('2024-01-08', 8).map((date, i) => ({ date, reference: `N-${i + 1}`, csi: i < 6 ? '008' : '001' }));
    await next.claimFile('next.pm304', [{ bsn: BSN, lines: later }], { insurer: '7095' });
    await next.ingest('next.pm304');
  });
  afterAll(async () => {
    await former.close();
    await next.close();
    await rm(keys, { recursive: true, force: true });
  });

  const importing = (file: string, ...more: string[]) => next.run(['statement', 'import', file, ...more]);
  const refusalOf = async (file: string, ...more: string[]): Promise<string> => {
    const run = await importing(file, ...more);
    expect(run.code).toBe(3);
    expect(run.stderr + run.stdout).not.toContain(BSN);
    return /refused \(([\w-]+)\)/.exec(run.stderr)?.[1] ?? run.stderr;
  };

  it('the former insurer states fourteen sessions, signed, and readable as PDF', async () => {
    const args = ['statement', 'export', '--bsn-from-stdin', '--diagnosis', '9373', '--through', '2023-12-31'];
    exported = await former.json<Exported>(args, BSN);
    expect(exported).toMatchObject({ insurer: '3343', count: 14 });
    expect(await former.text(exported.files[0])).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await readFile(former.path(exported.files[1]))).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('a count that is not certain, or a code that nobody knows, is not stated', async () => {
    const state = (story: Story, code: string) =>
      story.run(['statement', 'export', '--bsn-from-stdin', '--diagnosis', code, '--through', '2024-06-30'], BSN);
    const held = await state(next, '9373');
    expect([held.code, held.stderr]).toEqual([3, expect.stringContaining('lines of it are held')]);
    const unknown = await state(former, '9377');
    expect([unknown.code, unknown.stderr]).toEqual([3, expect.stringContaining('no trajectory under this code')]);
  });

  it('the next insurer refuses it as long as it does not trust the key, and then what was altered or is about another', async () => {
    const file = former.path(exported.files[0]);
    expect(await refusalOf(file)).toBe('insurer-not-trusted');
    const published = await former.run(['statement', 'keys']);
    const ofAnother = await next.run(['statement', 'keys']);
    await writeFile(join(keys, 'trusted.json'), `{"3343": ${ofAnother.stdout}}`);
    expect(await refusalOf(file)).toBe('key-unknown');
    await writeFile(join(keys, 'trusted.json'), `{"3343": ${published.stdout}}`);
    const [header = '', payload = '', signature = ''] = (await readFile(file, 'utf8')).split('.');
    const content = Buffer.from(payload, 'base64url').toString().replace('"count":14', '"count":20');
    await writeFile(next.path('altered.jws'), [header, Buffer.from(content).toString('base64url'), signature].join('.'));
    expect(await refusalOf(next.path('altered.jws'))).toBe('signature-invalid');
    const other = await next.dossier(OTHER_BSN);
    expect(await refusalOf(file, '--person', other.personId)).toBe('statement-other-person');
    const [trajectory] = (await next.dossier(BSN)).trajectories;
    expect(new Set(outline(trajectory))).toEqual(new Set(['held']));
  });

  it('then takes it in without anything being typed: the next session is the fifteenth, from 21 basic', async () => {
    const report = await next.json<Imported>(['statement', 'import', former.path(exported.files[0])]);
    expect(report).toMatchObject({ outcome: 'done', count: 14, released: 8 });
    const [trajectory] = (await next.dossier(BSN)).trajectories;
    expect(outline(trajectory)).toEqual([
      ...['15 insured', '16 insured', '17 insured', '18 insured', '19 insured', '20 insured'],
      ...['21 basic', '22 basic'],
    ]);
    await next.verifyIsClean();
  });

  it('a second time it is refused, and so is a later statement that does not say which it supersedes', async () => {
    expect(await refusalOf(former.path(exported.files[0]))).toBe('statement-imported');
    const args = ['statement', 'export', '--bsn-from-stdin', '--diagnosis', '9373', '--through', '2023-12-30'];
    const again = former.path((await former.json<Exported>(args, BSN)).files[0]);
    expect(await refusalOf(again)).toBe('earlier-statement');
    const shown = await next.json<{ trajectories: { histories: { importId: string; document: object }[] }[] }>(
      ['show', '--bsn-from-stdin'],
      BSN,
    );
    const [history] = shown.trajectories[0]?.histories ?? [];
    expect(history?.document).toMatchObject({ reference: `history statement 3343/${exported.id}` });
    const replaced = await next.json<Imported>(['statement', 'import', again, '--supersedes', history?.importId ?? '']);
    expect(replaced).toMatchObject({ outcome: 'done', count: 14 });
  });

  it('the number of the person came into no table and no message', async () => {
    for (const story of [former, next]) {
      const rows = await everyRowOf(story.database.url);
      expect(rows.length).toBeGreaterThan(10_000);
      for (const each of [BSN, Buffer.from(BSN).toString('base64url').slice(0, 12), 'Voorbeeld'])
        expect(rows).not.toContain(each);
    }
  });
});
