import { createReadStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPm305, type FieldProblem, type Pm305Record } from '#libs/claims';
import { outline, Story } from '../stories/story';
import { claimBytes, lastRecord, overwrite, rewrite } from './claim-bytes';

const BSN = '111222333';
const GOOD = [
  { date: '2024-02-05', reference: 'GOOD-1' },
  { date: '2024-02-12', reference: 'GOOD-2' },
];

/** What is wrong with a file, and how it must be told. */
interface BadFile {
  readonly what: string;
  readonly bytes: (good: Buffer) => Buffer;
  readonly problem: Readonly<Partial<Record<keyof FieldProblem, unknown>>>;
  /** Whether the header can be read, so that the file is answered. */
  readonly isAnswered: boolean;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const NO_HEADER = { isAnswered: false } as const;
const ANSWERED = { isAnswered: true } as const;

const BAD: readonly BadFile[] = [
  { what: 'empty', bytes: () => Buffer.alloc(0), problem: { code: '0001', record: null }, ...NO_HEADER },
  { what: 'a PDF', bytes: () => latin1('%PDF-1.7\r\n%âãÏÓ\r\n'), problem: { code: '0001', record: 1 }, ...NO_HEADER },
  { what: 'a zip archive', bytes: () => latin1('PK\x03\x04 more'), problem: { code: '0001', record: 1 }, ...NO_HEADER },
  {
    what: 'XML',
    bytes: () => latin1('<?xml version="1.0"?>\r\n<Bericht/>\r\n'),
    problem: { code: '0001', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'a letter',
    bytes: () => latin1('Dear insurer,\r\nplease pay.\r\n'),
    problem: { code: '0804', record: 1 },
    ...NO_HEADER,
  },
  { what: 'CSV', bytes: () => latin1('bsn;datum;bedrag\r\n'.repeat(3)), problem: { code: '0804', record: 1 }, ...NO_HEADER },
  {
    what: 'other records of 310 characters',
    bytes: () => latin1(`${'AB'.repeat(155)}\r\n`.repeat(3)),
    problem: { code: '0002', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'a return message',
    bytes: (good) => rewrite(good, (records) => records.map((record) => record.padEnd(370))),
    problem: { code: '0804', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'one record a byte too long',
    bytes: (good) => rewrite(good, (records) => records.map((record, i) => (i === 2 ? `${record} ` : record))),
    problem: { code: '0804', record: 3 },
    ...ANSWERED,
  },
  {
    what: 'one record without its spaces',
    bytes: (good) => rewrite(good, (records) => records.map((record, i) => (i === 3 ? record.trimEnd() : record))),
    problem: { code: '0804', record: 4 },
    ...ANSWERED,
  },
  {
    what: 'line ends of LF alone',
    bytes: (good) => latin1(good.toString('latin1').replaceAll('\r\n', '\n')),
    problem: { code: '8095', record: 1 },
    ...NO_HEADER,
  },
  ...[
    ['insured records', '9902', '000009', '0151', '3-8'],
    ['debtor records', '9903', '000009', '0157', '9-14'],
    ['performance records', '9904', '000009', '0158', '15-20'],
    ['performance records, more than fit a file of its size', '9904', '999999', '0158', '15-20'],
    ['comment records', '9905', '000009', '0153', '21-26'],
    ['detail records', '9906', '0000009', '0156', '27-33'],
    ['cents', '9907', '00000012345', '0150', '34-44'],
  ].map(([what = '', number = '', value = '', code = '', position]): BadFile => ({
    what: `a wrong number of ${what} in the trailer`,
    bytes: (good) => overwrite(good, lastRecord(good), number, value),
    problem: { code, record: 5, position, field: expect.stringMatching(`^${number} `) as unknown },
    ...ANSWERED,
  })),
  {
    what: 'UTF-8 with an accented name',
    bytes: (good) => Buffer.from(good.toString('latin1'), 'utf8'),
    problem: { code: '0804', record: 2 },
    ...ANSWERED,
  },
  {
    what: 'UTF-16 with a byte order mark',
    bytes: (good) => Buffer.from(`\ufeff${good.toString('latin1')}`, 'utf16le'),
    problem: { code: '0001', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'UTF-16 without one',
    bytes: (good) => Buffer.from(good.toString('latin1'), 'utf16le'),
    problem: { code: '0001', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'a UTF-8 byte order mark',
    bytes: (good) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), good]),
    problem: { code: '0001', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'a zero byte in a field',
    bytes: (good) => overwrite(good, 3, '0410', '10\x0000'),
    problem: { code: '0001', record: 3 },
    ...ANSWERED,
  },
  {
    what: 'a tab in a field',
    bytes: (good) => overwrite(good, 3, '0410', '10\t00'),
    problem: { code: '0001', record: 3, position: '72' },
    ...ANSWERED,
  },
  {
    what: 'an unknown version',
    bytes: (good) => overwrite(good, 1, '0103', '04'),
    problem: { code: '8061', record: 1, field: expect.stringMatching('^0103 ') as unknown, position: '6-7' },
    ...ANSWERED,
  },
  {
    what: 'an unknown subversion',
    bytes: (good) => overwrite(good, 1, '0104', '07'),
    problem: { code: '8061', record: 1, field: expect.stringMatching('^0104 ') as unknown, position: '8-9' },
    ...ANSWERED,
  },
  {
    what: 'another message',
    bytes: (good) => overwrite(good, 1, '0102', '106'),
    problem: { code: '0010', record: 1, field: expect.stringMatching('^0102 ') as unknown, position: '3-5' },
    ...ANSWERED,
  },
  {
    what: 'a test message',
    bytes: (good) => overwrite(good, 1, '0105', 'T'),
    problem: { code: '8028', record: 1, field: expect.stringMatching('^0105 ') as unknown, position: '10' },
    ...ANSWERED,
  },
  {
    what: 'an invoice date that does not exist',
    bytes: (good) => overwrite(good, 1, '0117', '20240230'),
    problem: { code: '0025', record: 1, field: expect.stringMatching('^0117 ') as unknown },
    ...ANSWERED,
  },
  {
    what: 'an invoice date in the future',
    bytes: (good) => overwrite(good, 1, '0117', '20990101'),
    problem: { code: '0025', record: 1, field: expect.stringMatching('^0117 ') as unknown },
    ...ANSWERED,
  },
  { what: 'cut off within a record', bytes: (good) => good.subarray(0, 1000), problem: { code: '0804', record: 4 }, ...ANSWERED },
  {
    what: 'cut off between two records',
    bytes: (good) => good.subarray(0, 4 * 312),
    problem: { code: '0002', record: null },
    ...ANSWERED,
  },
  { what: 'cut off in the header', bytes: (good) => good.subarray(0, 100), problem: { code: '0804', record: 1 }, ...NO_HEADER },
  {
    what: 'without its header',
    bytes: (good) => rewrite(good, ([, ...others]) => others),
    problem: { code: '0002', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'no line at all',
    bytes: () => claimBytes('NOLINE', []),
    problem: { code: '0158', record: 2 },
    ...ANSWERED,
  },
  {
    what: 'ten megabytes without a line end',
    bytes: () => Buffer.alloc(10_000_000, 'x'),
    problem: { code: '0001', record: 1 },
    ...NO_HEADER,
  },
  {
    what: 'a first record, then ten megabytes without a line end',
    bytes: (good) => Buffer.concat([good.subarray(0, 312), Buffer.alloc(10_000_000, '0')]),
    problem: { code: '0001', record: 2 },
    ...ANSWERED,
  },
];

/** Has the command tell its peak resident set when it ends. */
const TELL_PEAK = `--import data:text/javascript,${encodeURIComponent(
  'import{writeFileSync as w}from"node:fs";process.on("exit",()=>w(process.env.TRAJECT_TEST_PEAK_FILE,String(process.resourceUsage().maxRSS)))',
)}`;
const HUGE = 'huge.pm304';
const HUGE_BYTES = 512 * 1024 * 1024;

interface Report {
  readonly file: string;
  readonly outcome: string;
  readonly lines: number;
  readonly returnFile: string | null;
  readonly problems: readonly FieldProblem[];
}

describe('A file that is no good claim file is refused whole, and the others of the same command go on', () => {
  let story: Story;
  let reports: readonly Report[];
  let run: { code: number | null; stderr: string };
  let peakFolder: string;
  let peakKilobytes: number;
  const fileOf = (index: number): string => `bad-${index}.pm304`;
  const bytes = BAD.map(({ bytes: spoil }, i) => spoil(claimBytes(`BAD-${i}`, [{ bsn: BSN, lines: GOOD }])));

  beforeAll(async () => {
    peakFolder = await mkdtemp(join(tmpdir(), 'traject-peak-'));
    story = await Story.open({ NODE_OPTIONS: TELL_PEAK, TRAJECT_TEST_PEAK_FILE: join(peakFolder, 'kilobytes') });
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
    await Promise.all(bytes.map((content, i) => writeFile(story.path(fileOf(i)), content)));
    await mkdir(story.path('a-folder.pm304'));
    await writeFile(story.path(HUGE), '');
    await writeFile(story.path('good.pm304'), claimBytes('GOOD', [{ bsn: BSN, lines: GOOD }]));
    await writeFile(story.path('locked.pm304'), 'x', { mode: 0o000 });
    const unreadable = ['missing.pm304', 'a-folder.pm304', 'good.pm304/x.pm304', '/dev/zero', 'locked.pm304'];
    const files = [...unreadable, ...BAD.map((_, i) => fileOf(i))];
    await truncate(story.path(HUGE), HUGE_BYTES);
    const ended = await story.run(['ingest', '--received-on', '2025-01-03', '--json', ...files, HUGE, 'good.pm304']);
    peakKilobytes = Number(await readFile(join(peakFolder, 'kilobytes'), 'utf8'));
    reports = JSON.parse(ended.stdout) as Report[];
    run = ended;
  });
  afterAll(async () => {
    await story.close();
    await rm(peakFolder, { recursive: true });
  });

  const reportOf = (file: string): Report => {
    const found = reports.find((each) => each.file === file);
    if (found === undefined) throw new Error(`${file} was not reported`);
    return found;
  };

  it('ends with the exit code that says so', () => expect(run.code).toBe(3));

  it.each(BAD.map((bad, i) => [bad.what, bad, i] as const))(
    '%s: told with file, record, field, position and return code',
    (_what, { problem }, i) => {
      const report = reportOf(fileOf(i));
      expect(report).toMatchObject({ outcome: 'refused', lines: 0 });
      expect(report.problems).toContainEqual(expect.objectContaining(problem));
      for (const each of report.problems) expect(each.problem).toMatch(/\w{3,}.*[.?]$/);
      expect(run.stderr).toContain(`${fileOf(i)}: refused whole`);
      const place = typeof problem.record === 'number' ? `: record ${problem.record}` : '';
      expect(run.stderr).toContain(`${fileOf(i)}${place}`);
    },
  );

  it('where the header can be read it is answered: the header as it came, the codes, and a trailer of nothing', async () => {
    for (const [i, { isAnswered, problem, what }] of BAD.entries()) {
      const returned = story.path(`bad-${i}.pm305`);
      expect([what, existsSync(returned)]).toEqual([what, isAnswered]);
      expect([what, reportOf(fileOf(i)).returnFile]).toEqual([what, isAnswered ? `bad-${i}.pm305` : null]);
      if (!isAnswered) continue;
      const content = await readFile(returned);
      expect(content).toHaveLength(2 * 372);
      const sent = Buffer.from(bytes[i] ?? Buffer.alloc(0)).subarray(0, 310);
      expect(content.subarray(0, 310).toString('latin1')).toBe(
        `${sent.toString('latin1', 0, 2)}108${sent.toString('latin1', 5)}`,
      );
      expect(content.toString('latin1', 372, 372 + 45)).toBe(`99${'0'.repeat(42)}D`);
      // positions 343-354 of the header: at most three codes
      const codes = content.toString('latin1', 342, 354).match(/\d{4}/g) ?? [];
      expect([what, codes]).toEqual([what, expect.arrayContaining([problem.code])]);
    }
  });

  it('a refused header is read back from the answer', async () => {
    const [i, bad] = [...BAD.entries()].find(([, { what }]) => what === 'one record a byte too long') ?? [];
    const records: Pm305Record[] = [];
    for await (const record of readPm305(createReadStream(story.path(`bad-${i}.pm305`)))) records.push(record);
    expect(records.map((each) => [each.kind, each.codes])).toEqual([
      ['header', [bad?.problem.code]],
      ['trailer', []],
    ]);
  });

  it('a folder, a missing file and a device are named, with what to do', () => {
    expect(reportOf('missing.pm304')).toMatchObject({
      outcome: 'unreadable',
      problems: [{ code: null, record: null, problem: 'there is no such file; check the path' }],
    });
    expect(run.stderr).toContain('missing.pm304: there is no such file; check the path');
    expect(run.stderr).toContain('a-folder.pm304: this is a folder; name the files in it');
    expect(run.stderr).toContain('good.pm304/x.pm304: there is no such file; check the path');
    expect(run.stderr).toContain('/dev/zero: this is no plain file; save it as one');
  });

  it('half a gigabyte without a line end is refused in the memory of one chunk', () => {
    expect(reportOf(HUGE)).toMatchObject({ outcome: 'refused', problems: [{ code: '0001', record: 1 }] });
    expect(peakKilobytes).toBeGreaterThan(10_000);
    expect(peakKilobytes * 1024).toBeLessThan(HUGE_BYTES * 0.75);
  });

  // root may read everything
  (process.getuid?.() === 0 ? it.skip : it)('a file that this user may not read is named as well', () => {
    expect(run.stderr).toContain('locked.pm304: this user may not read it; change its permissions or run as its owner');
  });

  it('the good file at the end of the command is taken in, and nothing of the others', async () => {
    expect(reportOf('good.pm304')).toMatchObject({ outcome: 'processed', lines: 2 });
    const { trajectories } = await story.dossier(BSN);
    expect(trajectories.map(outline)).toEqual([['1 insured', '2 insured']]);
    await story.verifyIsClean();
  });

  it('never echoes what a file held', () => {
    const said = run.stderr + JSON.stringify(reports);
    for (const content of [BSN, 'ller-Voorbeeld', 'Dear insurer', 'xxxx']) expect(said).not.toContain(content);
  });

  it('a file that was refused stays refused, with the same answer, also when it is sent again later', async () => {
    const i = BAD.findIndex(({ what }) => what === 'an invoice date in the future');
    const before = await readFile(story.path(`bad-${i}.pm305`));
    const again = await story.run(['ingest', '--received-on', '2099-02-01', '--json', fileOf(i)]);
    expect(again.code).toBe(3);
    expect(JSON.parse(again.stdout)).toMatchObject([{ outcome: 'refused', problems: [{ code: '0025', record: 1 }] }]);
    expect(await readFile(story.path(`bad-${i}.pm305`))).toEqual(before);
  });
});
