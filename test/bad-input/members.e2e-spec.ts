import { writeFile } from 'node:fs/promises';
import { Story } from '../stories/story';

const HEADER = 'kind,bsn,birth_date,name,relation_number,insurer,package,from,through,dcsph,previous_insurer';
const member = (bsn: string, birthDate = '1970-05-05'): string => `member,${bsn},${birthDate},V. Zonnebloem,,,,,,,`;
const insurance = (bsn: string, from = '2015-01-01', through = ''): string => `insurance,${bsn},,,,3343,,${from},${through},,`;
const pack = (bsn: string, from: string): string => `package,${bsn},,,,3343,Startfit,${from},,,`;

/** Persons of one file: the rows, and where the problem is (row of the person from 1, column). All numbers pass the 11-test. */
const BAD: readonly (readonly [what: string, bsn: string, rows: readonly string[], row: number, column: string | null])[] = [
  ['a BSN that fails the 11-test', '987654321', [member('987654321')], 1, 'bsn'],
  ['a BSN of eight digits', '12345678', [member('12345678')], 1, 'bsn'],
  ['no BSN', '', [member('')], 1, 'bsn'],
  ['an unknown kind', '200000019', [member('200000019'), 'subscription,200000019,,,,3343,,2015-01-01,,,'], 2, 'kind'],
  ['no row of kind member', '200000020', [insurance('200000020')], 1, 'kind'],
  ['two rows of kind member', '200000032', [member('200000032'), member('200000032')], 1, 'kind'],
  ['a birth date that does not exist', '200000044', [member('200000044', '1970-02-30')], 1, 'birth_date'],
  ['a birth date written another way', '200000056', [member('200000056', '05-05-1970')], 1, 'birth_date'],
  ['a birth date that is yet to come', '200000068', [member('200000068', '2199-01-01')], 1, 'birth_date'],
  ['no birth date', '200000081', [member('200000081', '')], 1, 'birth_date'],
  ['a period whose date does not exist', '200000093', [member('200000093'), insurance('200000093', '2023-02-29')], 2, 'from'],
  [
    'a period that ends before it begins',
    '200000111',
    [member('200000111'), insurance('200000111', '2015-01-01', '2014-12-31')],
    2,
    'through',
  ],
  [
    'insurance periods that overlap',
    '200000123',
    [member('200000123'), insurance('200000123', '2020-01-01'), insurance('200000123', '2015-01-01', '2020-01-01')],
    2,
    'from',
  ],
  [
    'packages that overlap at one insurer',
    '200000135',
    [member('200000135'), insurance('200000135'), pack('200000135', '2020-01-01'), pack('200000135', '2021-01-01')],
    4,
    'from',
  ],
  ['an insurer of three digits', '200000147', [member('200000147'), 'insurance,200000147,,,,334,,2015-01-01,,,'], 2, 'insurer'],
  ['a field that its kind does not have', '200000159', [`${member('200000159')}7095`], 1, 'previous_insurer'],
  ['a death that is yet to come', '200000160', [member('200000160'), 'deceased,200000160,,,,,,2199-01-01,,,'], 2, 'from'],
  ['a relation number of nobody', '200000172', ['member,200000172,1970-05-05,Z,R1,,,,,,'], 1, 'insurer'],
  ['a row with a column too few', '200000184', [member('200000184'), 'insurance,200000184,,,,3343,,2015-01-01'], 2, null],
];
const GOOD = ['111222333', '123456782'];

interface Report {
  readonly persons: number;
  readonly changed: number;
  readonly refused: number;
  readonly problems: readonly { readonly line: number; readonly column: string | null; readonly problem: string }[];
}

describe('Members: a person with a bad row is refused whole, told by line and column, and the others go on', () => {
  let story: Story;
  let run: { code: number | null; stdout: string; stderr: string };
  let report: Report;
  const rows = [
    HEADER,
    member(GOOD[0] ?? ''),
    insurance(GOOD[0] ?? ''),
    member('200000196'),
    ...BAD.flatMap(([, , each]) => each),
    insurance('200000196'),
    member(GOOD[1] ?? ''),
    insurance(GOOD[1] ?? ''),
  ];
  const firstLineOf = (index: number): number => 5 + BAD.slice(0, index).reduce((lines, [, , each]) => lines + each.length, 0);

  beforeAll(async () => {
    story = await Story.open();
    await writeFile(story.path('members.csv'), `${rows.join('\n')}\n`);
    run = await story.run(['import-members', '--json', 'members.csv']);
    report = JSON.parse(run.stdout) as Report;
  });
  afterAll(() => story.close());

  it('ends with the exit code that says so', () => expect(run.code).toBe(3));

  it.each(BAD.map(([what, , , row, column], i) => [what, firstLineOf(i) + row - 1, column] as const))(
    '%s',
    (_what, line, column) => {
      const found = report.problems.filter((each) => each.line === line);
      expect(found).toContainEqual({ line, column, problem: expect.stringMatching(/\w{3,}/) as unknown });
      for (const each of found)
        expect(run.stderr).toContain(`members.csv:${line}${each.column === null ? '' : ` ${each.column}`}: ${each.problem}\n`);
    },
  );

  it('rows of one person that stand apart refuse the person, not only the rows further down', () => {
    expect(report.problems).toContainEqual({ line: 4, column: 'bsn', problem: expect.stringMatching('together') as unknown });
  });

  it('the good persons are taken in, and of the bad ones nothing: no dossier, no identity', async () => {
    expect(report).toMatchObject({ persons: BAD.length + 3, changed: 2, refused: BAD.length + 1 });
    expect((await story.dossier(GOOD[0] ?? '')).trajectories).toEqual([]);
    for (const bsn of ['200000123', '200000196']) {
      const shown = await story.run(['show', '--bsn-from-stdin'], bsn);
      expect([shown.code, shown.stderr]).toEqual([2, 'traject: nobody is known by this number; import the member first\n']);
    }
    await story.verifyIsClean();
  });

  it('no BSN, name or birth date is echoed', () => {
    for (const content of ['987654321', '12345678', ...GOOD, '20000', 'Zonnebloem', '1970']) {
      expect(run.stdout + run.stderr).not.toContain(content);
    }
  });
});

describe('Members: a file that is none is refused whole, also when its beginning is good', () => {
  let story: Story;
  const good = `${HEADER}\n${member(GOOD[0] ?? '')}\n${insurance(GOOD[0] ?? '')}\n`;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  it('a quote that stays open: nobody before it is taken in', async () => {
    await writeFile(story.path('quote.csv'), `${good}member,123456782,1970-05-05,"V,,,,,,,\n`);
    const run = await story.run(['import-members', '--json', 'quote.csv']);
    const report = JSON.parse(run.stdout) as Report;
    expect(run.code).toBe(3);
    expect(report).toMatchObject({ persons: 0, changed: 0, problems: [{ line: 4, column: null }] });
    expect(run.stderr).toBe(`quote.csv:4: ${report.problems[0]?.problem}\n`);
    expect(await story.run(['show', '--bsn-from-stdin'], GOOD[0])).toMatchObject({ code: 2 });
  });

  it('a missing file is named', async () => {
    const run = await story.run(['import-members', 'missing.csv']);
    expect([run.code, run.stderr]).toEqual([2, 'traject: missing.csv: there is no such file; check the path\n']);
  });
});
