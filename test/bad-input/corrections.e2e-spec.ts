import { writeFile } from 'node:fs/promises';
import { outline, Story } from '../stories/story';
import { claimBytes } from './claim-bytes';

const BSN = '111222333';
const UNKNOWN = '123456782';
const FAILS_11_TEST = '987654321';

const history = (change: object): object => ({
  command: 'import-history',
  bsn: BSN,
  input: {
    diagnosis: '9373',
    startedOn: '2023-01-02',
    count: 14,
    throughDate: '2023-12-28',
    scope: 'elsewhere',
    source: 'previous insurer',
    statedBy: 'clerk 7',
    document: { reference: 'LETTER' },
    ...change,
  },
});

/** A statement about 9373, which is ambiguous between two items with open terms. */
const statement = (command: string, change: object): object => ({
  command,
  bsn: BSN,
  input: {
    diagnosis: '9373',
    statedOn: '2024-05-06',
    source: 'letter',
    statedBy: 'clerk 7',
    document: { reference: 'LETTER' },
    ...change,
  },
});
const NO_STATEMENT = '5f0c4f4e-5b7c-4b87-9d0c-0a1b2c3d4e5f';

/** A line of the file, and the fields that must be named with it. */
const BAD: readonly (readonly [what: string, line: string | object, fields: readonly unknown[], outcome?: 'refused'])[] = [
  ['no JSON', '{"command":', ['line']],
  ['a list', '[1,2,3]', ['line']],
  ['a text', '"record-switch"', ['line']],
  ['no command', { bsn: BSN, input: {} }, ['command']],
  ['an unknown command', { command: 'erase-everything', bsn: BSN, input: {} }, ['command']],
  ['an unknown field beside the input', { ...history({}), note: 'x' }, ['note']],
  ['an unknown field in the input', history({ cuont: 14 }), ['cuont']],
  ['an unknown field deeper in the input', history({ document: { reference: 'L', author: 'x' } }), ['document.author']],
  ['a BSN for the name of a field', history({ [BSN]: 1 }), ['?']],
  ['fields of a wrong kind, all at once', history({ count: '14', scope: 'nowhere' }), ['count', 'scope']],
  ['a field that is missing', history({ startedOn: undefined }), ['startedOn']],
  ['a date that does not exist', history({ throughDate: '2023-02-30' }), ['throughDate']],
  [
    'a date that does not exist, in a switch',
    { command: 'record-switch', bsn: BSN, input: { diagnosis: '9373', switchDate: '2023-13-01' } },
    ['switchDate'],
  ],
  ['a date that is yet to come', history({ throughDate: '2199-01-01' }), ['throughDate'], 'refused'],
  ['dates the wrong way round', history({ startedOn: '2023-12-30' }), ['startedOn'], 'refused'],
  ['a negative count', history({ count: -1 }), ['count']],
  ['a count that nobody had', history({ count: 5001 }), ['count']],
  ['years that do not add up', history({ perCalendarYear: { 2023: 13 } }), ['perCalendarYear'], 'refused'],
  ['a BSN that fails the 11-test', { ...history({}), bsn: FAILS_11_TEST }, ['bsn']],
  ['a BSN that nobody has', { ...history({}), bsn: UNKNOWN }, ['bsn']],
  ['no person', { ...history({}), bsn: undefined }, ['bsn']],
  ['a person id that is none', { ...history({}), bsn: undefined, person: BSN }, ['person']],
  [
    'insurance periods that overlap',
    {
      command: 'state-insurance',
      bsn: BSN,
      input: {
        periods: [
          { insurer: '3343', from: '2015-01-01', through: null },
          { insurer: '7095', from: '2020-01-01', through: null },
        ],
      },
    },
    [expect.stringMatching(/\[1\]$/) as unknown],
    'refused',
  ],
  [
    'a remap of a code that was never claimed',
    { command: 'remap-diagnosis', bsn: BSN, input: { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'closed' } },
    ['from'],
    'refused',
  ],
  ['facts that state nothing', statement('state-clinical-facts', {}), ['input'], 'refused'],
  ['facts of a day that does not exist', statement('state-clinical-facts', { dischargedOn: '2024-02-30' }), ['dischargedOn']],
  ['facts that are yet to come', statement('state-clinical-facts', { diagnosedOn: '2199-01-01' }), ['diagnosedOn'], 'refused'],
  ['a side that nobody has', statement('state-clinical-facts', { side: 'front' }), ['side']],
  ['a statement without its document', statement('confirm-condition', { item: '1.a.3', document: undefined }), ['document']],
  [
    'a statement about nothing that began',
    statement('confirm-condition', { item: '1.b.7', diagnosis: '4021' }),
    ['diagnosis'],
    'refused',
  ],
  ['a regime that there is not', statement('confirm-condition', { item: '1.a.3', regime: 'annexe' }), ['regime']],
  ['an item that the policy does not know', statement('confirm-condition', { item: '1.z.9' }), ['item'], 'refused'],
  ['an item that the code does not have', statement('confirm-condition', { item: '1.b.16' }), ['item'], 'refused'],
  [
    'a new episode of a condition that has none, by nothing',
    statement('confirm-new-episode', { from: '2024-05-06', event: ' ' }),
    ['event'],
  ],
  [
    'a new episode of a condition that has none',
    statement('confirm-new-episode', { from: '2024-05-06', event: 'recurrence' }),
    ['from'],
    'refused',
  ],
  ['a class where there is none', statement('change-care-class', { from: '2024-05-06', class: 'B2' }), ['class'], 'refused'],
  ['an extension where there is none', statement('extend-term', { months: 3 }), ['diagnosis'], 'refused'],
  ['an extension by no month', statement('extend-term', { months: 0 }), ['months']],
  [
    'an extension of no episode',
    statement('extend-term', { episodeFrom: '2024-05-06' }),
    ['episodeFrom', 'diagnosis'],
    'refused',
  ],
  [
    'an authorisation that ends before it begins',
    statement('grant-authorisation', { number: 'M-1', from: '2024-05-06', through: '2024-05-05' }),
    ['through'],
    'refused',
  ],
  [
    'an authorisation of less than nothing',
    statement('grant-authorisation', { number: 'M-1', from: '2024-05-06', maximum: -1 }),
    ['maximum'],
  ],
  ['an authorisation without a number', statement('grant-authorisation', { number: ' ', from: '2024-05-06' }), ['number']],
  [
    'the retraction of a statement that was never made',
    { command: 'retract-statement', bsn: BSN, input: { statementId: NO_STATEMENT, reason: 'x' } },
    ['statementId'],
    'refused',
  ],
];

interface Outcome {
  readonly line: number;
  readonly outcome: string;
  readonly problems: readonly { readonly field: string; readonly problem: string }[];
}

describe('Corrections: a bad line is told with its line, its fields and what to do, and the others go on', () => {
  let story: Story;
  let reports: readonly Outcome[];
  let run: { code: number | null; stdout: string; stderr: string };
  // every bad line twice: before and after the good one
  const file = [
    ...BAD.map(([, line]) => line),
    '',
    history({ count: 0, document: { reference: 'THE-GOOD-LETTER' } }),
    ...BAD.map(([, line]) => line),
  ];
  const goodLine = BAD.length + 2;

  beforeAll(async () => {
    story = await Story.open();
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
    const dates = ['2024-02-05', '2024-02-12'];
    await writeFile(
      story.path('claims.pm304'),
      claimBytes('CORRECT', [{ bsn: BSN, lines: dates.map((date, i) => ({ date, reference: `C-${i + 1}` })) }]),
    );
    await story.ingest('claims.pm304');
    const text = file.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\r\n`).join('');
    await writeFile(story.path('bad.jsonl'), `\ufeff${text}`);
    run = await story.run(['correct', '--json', 'bad.jsonl']);
    ({ reports } = JSON.parse(run.stdout) as { reports: Outcome[] });
  });
  afterAll(() => story.close());

  it('ends with the exit code that says so', () => expect(run.code).toBe(3));

  it.each(BAD.map(([what, , fields, outcome], i) => [what, i + 1, fields, outcome ?? 'unreadable'] as const))(
    '%s',
    (_what, line, fields, outcome) => {
      for (const at of [line, line + goodLine]) {
        const report = reports.find((each) => each.line === at);
        expect(report?.outcome).toBe(outcome);
        expect(report?.problems.map((each) => each.field)).toEqual(fields);
        for (const { field, problem } of report?.problems ?? []) {
          expect(problem).not.toBe('');
          expect(run.stderr).toContain(`bad.jsonl:${at}: ${outcome}: ${field}: ${problem}\n`);
        }
      }
    },
  );

  it('the good line between them is carried out, and nothing of the bad ones', async () => {
    expect(reports.find((each) => each.line === goodLine)?.outcome).toBe('done');
    expect(reports).toHaveLength(file.length - 1);
    const [trajectory, ...others] = (await story.dossier(BSN)).trajectories;
    expect(others).toEqual([]);
    expect(outline(trajectory)).toEqual(['1 insured', '2 insured']);
    expect(trajectory).toMatchObject({ histories: [{ count: 0 }], statements: [], switches: [], codes: ['9373'] });
    await story.verifyIsClean();
  });

  it('no BSN is echoed, whatever field it stood in', () => {
    for (const bsn of [BSN, UNKNOWN, FAILS_11_TEST]) expect(run.stdout + run.stderr).not.toContain(bsn);
  });

  it('an empty file asks for nothing, and nothing is done', async () => {
    await writeFile(story.path('empty.jsonl'), '');
    expect(await story.json(['correct', 'empty.jsonl'])).toEqual({ reports: [], payments: [] });
  });

  it('a missing file and a folder are named', async () => {
    for (const [name, problem] of [
      ['missing.jsonl', 'there is no such file; check the path'],
      ['.', 'this is a folder; name the files in it'],
    ] as const) {
      const ended = await story.run(['correct', name]);
      expect([ended.code, ended.stderr]).toEqual([2, `traject: ${name}: ${problem}\n`]);
    }
  });
});
