import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { readPm305, type FieldProblem, type Pm305Record } from '#libs/claims';
import { Story } from '../stories/story';
import { claimBytes, overwrite, type SpoiltLine } from './claim-bytes';

const BSN = '111222333';
const UNKNOWN = '123456782';
const FAILS_11_TEST = '987654321';

/** A line that is wrong in one thing, and what must be said of it. Its session is on a day of its own. */
interface BadLine {
  readonly what: string;
  readonly line: Partial<SpoiltLine>;
  /** Bytes written over a field after the file was made: what the writer would not write. */
  readonly overwritten?: readonly [field: string, text: string];
  readonly codes: readonly string[];
  readonly field: string;
  readonly position: unknown;
  readonly outcome: 'refused' | 'invalid';
}

const ANY_POSITION = expect.stringMatching(/^\d+-\d+$/) as unknown;

const BAD: readonly BadLine[] = [
  {
    what: 'a session from 2025, which PM304 cannot claim',
    line: { date: '2025-01-01' },
    codes: ['8061'],
    field: '0408 ',
    position: '59-66',
    outcome: 'refused',
  },
  {
    what: 'a session date that does not exist',
    line: {},
    overwritten: ['0408', '20240230'],
    codes: ['8007'],
    field: '0408 ',
    position: '59-66',
    outcome: 'refused',
  },
  {
    what: 'a session date of zeros',
    line: {},
    overwritten: ['0408', '00000000'],
    codes: ['8007'],
    field: '0408 ',
    position: '59-66',
    outcome: 'refused',
  },
  {
    what: 'a session after the invoice date',
    line: { date: '2025-01-05' },
    codes: ['8061', '8176'],
    field: '0408 ',
    position: '59-66',
    outcome: 'refused',
  },
  {
    what: 'a session before the person was born',
    line: { date: '1969-12-31' },
    codes: ['8007'],
    field: '0408 ',
    position: '59-66',
    outcome: 'refused',
  },
  {
    what: 'a session before the person was insured here',
    line: { date: '2014-12-30' },
    codes: ['0320'],
    field: '0403 ',
    position: '15-23',
    outcome: 'invalid',
  },
  {
    what: 'an unknown diagnosis code',
    line: { diagnosis: '0000' },
    codes: ['8009'],
    field: '0418 ',
    position: ANY_POSITION,
    outcome: 'invalid',
  },
  {
    what: 'no diagnosis code',
    line: { diagnosis: undefined },
    codes: ['8009'],
    field: '0418 ',
    position: ANY_POSITION,
    outcome: 'invalid',
  },
  {
    what: 'an unknown indication code',
    line: { csi: '099' },
    codes: ['3102'],
    field: '0421 ',
    position: ANY_POSITION,
    outcome: 'invalid',
  },
  {
    what: 'an indication code with a letter',
    line: {},
    overwritten: ['0421', '0O8'],
    codes: ['3102'],
    field: '0421 ',
    position: ANY_POSITION,
    outcome: 'refused',
  },
  {
    what: 'an unknown performance code',
    line: { performance: '9999' },
    codes: ['0582'],
    field: '0410 ',
    position: '70-75',
    outcome: 'invalid',
  },
  {
    what: 'an unknown performance list',
    line: { list: '999' },
    codes: ['0581'],
    field: '0409 ',
    position: '67-69',
    outcome: 'invalid',
  },
  { what: 'a quantity of five', line: { quantity: 5 }, codes: ['0638'], field: '0411 ', position: '76-79', outcome: 'invalid' },
  {
    what: 'a quantity of none',
    line: {},
    overwritten: ['0411', '0000'],
    codes: ['0638'],
    field: '0411 ',
    position: '76-79',
    outcome: 'refused',
  },
  {
    what: 'a calculated amount that is not tariff times quantity',
    line: { quantity: 2, calculatedCents: 4000, declaredCents: 4000 },
    codes: ['8059'],
    field: '0432 ',
    position: '183-190',
    outcome: 'invalid',
  },
  {
    what: 'a declared amount other than the calculated one',
    line: { declaredCents: 3999 },
    codes: ['8059'],
    field: '0432 ',
    position: '183-190',
    outcome: 'invalid',
  },
  {
    what: 'a tariff with a comma',
    line: {},
    overwritten: ['0428', '   40,00'],
    codes: ['0611'],
    field: '0428 ',
    position: '162-169',
    outcome: 'refused',
  },
  {
    what: 'debit and credit at once',
    line: {},
    overwritten: ['0430', 'C'],
    codes: ['8064'],
    field: '0433 ',
    position: '191',
    outcome: 'refused',
  },
  {
    what: 'a credit of a line that was never claimed',
    line: { debitCredit: 'C', relatedReference: 'NEVER' },
    codes: ['8017'],
    field: '0435 ',
    position: '212-231',
    outcome: 'refused',
  },
  {
    what: 'no reference number',
    line: {},
    overwritten: ['0434', ' '.repeat(20)],
    codes: ['8021'],
    field: '0434 ',
    position: '192-211',
    outcome: 'refused',
  },
  {
    what: 'a therapist number with a letter',
    line: {},
    overwritten: ['0422', '0405432X'],
    codes: ['8011'],
    field: '0422 ',
    position: ANY_POSITION,
    outcome: 'refused',
  },
];
/** A good session before and after every bad one. */
const GOOD = ['2024-01-01', '2024-12-30'];
const dayOf = (index: number): string => new Date(Date.UTC(2024, 1, 1 + 7 * index)).toISOString().slice(0, 10);

interface Report {
  readonly outcome: string;
  readonly lines: number;
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly problems: readonly FieldProblem[];
}
type ReturnedLine = Extract<Pm305Record, { kind: 'performance' }>;

describe('A bad line is refused or invalid with its return code, and the others of the file go on', () => {
  let story: Story;
  let claim: Buffer;
  let report: Report;
  let shown: string;
  const returned: ReturnedLine[] = [];
  const recordOf = (index: number): number => 4 + index;

  beforeAll(async () => {
    story = await Story.open();
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
    const lines = [
      { date: GOOD[0] ?? '', reference: 'GOOD-1' },
      ...BAD.map(({ line }, i) => ({ date: dayOf(i), reference: `BAD-${i}`, ...line })),
      { date: GOOD[1] ?? '', reference: 'GOOD-2' },
    ];
    const nobody = [
      { bsn: UNKNOWN, lines: [{ date: '2024-03-04', reference: 'UNKNOWN-1' }] },
      { bsn: FAILS_11_TEST, lines: [{ date: '2024-03-04', reference: 'ELEVEN-1' }] },
      { bsn: UNKNOWN, birthDate: '2025-01-02', lines: [{ date: '2024-03-04', reference: 'BORN-1' }] },
    ];
    claim = claimBytes('LINES', [{ bsn: BSN, lines }, ...nobody]);
    BAD.forEach(({ overwritten }, i) => {
      if (overwritten !== undefined) claim = overwrite(claim, recordOf(i), ...overwritten);
    });
    // the last person's birth date lies after the invoice date
    claim = overwrite(claim, recordOf(BAD.length) + 5, '0207', '20250103');
    await writeFile(story.path('lines.pm304'), claim);
    const run = await story.run(['ingest', '--received-on', '2025-01-03', '--json', 'lines.pm304']);
    if (run.code !== 0) throw new Error(`ended with ${run.code}: ${run.stderr}`);
    [report] = JSON.parse(run.stdout) as [Report];
    shown = run.stdout + run.stderr;
    for await (const record of readPm305(createReadStream(story.path('lines.pm305'))))
      if (record.kind === 'performance') returned.push(record);
  });
  afterAll(() => story.close());

  it.each(BAD.map((bad, i) => [bad.what, bad, i] as const))('%s', (_what, bad, i) => {
    const record = recordOf(i);
    const line = returned.find((each) => each.record === record);
    expect(line?.codes).toEqual(bad.codes);
    expect(line?.grantedCents).toBe(0);
    for (const code of bad.codes)
      expect(report.problems).toContainEqual({
        code,
        record,
        field: expect.stringMatching(`^${bad.field}`) as unknown,
        position: bad.position,
        problem: expect.stringMatching(/\w{3,}.*\.$/) as unknown,
      });
    expect(report.problems.filter((each) => each.record === record)).toHaveLength(bad.codes.length);
  });

  it('the console tells the first twenty problems in full, and how many more there are', () => {
    for (const { code, record, field, position, problem } of report.problems.slice(0, 20))
      expect(shown).toContain(`lines.pm304: record ${record}, field ${field}, position ${position}: ${problem} [${code}]\n`);
    expect(shown).toContain(`… and ${report.problems.length - 20} more problems`);
  });

  it('a person whom nobody knows is 0320, a BSN that fails the 11-test 0435, a person born after the invoice 8002', () => {
    const byReference = new Map(returned.map((each) => [each.reference, each]));
    for (const [reference, code, field, position] of [
      ['UNKNOWN-1', '0320', '0403 ', '15-23'],
      ['ELEVEN-1', '0435', '0403 ', '15-23'],
      ['BORN-1', '8002', '0401 ', '1-2'],
    ] as const) {
      const line = byReference.get(reference);
      expect([reference, line?.codes, line?.grantedCents]).toEqual([reference, [code], 0]);
      expect(report.problems).toContainEqual(
        expect.objectContaining({ code, record: line?.record, position, field: expect.stringMatching(`^${field}`) as unknown }),
      );
    }
    // the records of the persons themselves
    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: '0435', field: expect.stringMatching('^0203 ') as unknown, position: '15-23' }),
    );
    expect(report.problems).toContainEqual(
      expect.objectContaining({ code: '8004', field: expect.stringMatching('^0207 ') as unknown, position: '54-61' }),
    );
  });

  it('the good lines before and after are decided as if the bad ones were not there', async () => {
    const good = returned.filter((each) => each.reference.startsWith('GOOD'));
    expect(good.map((each) => [each.grantedCents, each.codes])).toEqual([
      [4000, []],
      [4000, []],
    ]);
    const { trajectories } = await story.dossier(BSN);
    const counted = trajectories.flatMap((each) => each.sessions).filter((each) => each.decision?.status === 'decided');
    expect(counted.map((each) => [each.reference, each.decision?.units])).toEqual([
      ['GOOD-1', [expect.objectContaining({ position: 1, purse: 'insured' })]],
      ['GOOD-2', [expect.objectContaining({ position: 2, purse: 'insured' })]],
    ]);
    expect(report.byOutcome).toEqual({
      decided: 2,
      held: 0,
      credited: 0,
      invalid: BAD.filter((each) => each.outcome === 'invalid').length,
      refused: BAD.filter((each) => each.outcome === 'refused').length + 3,
    });
  });

  it('[refused-1] [invalid-1] a refused line is no fact; an invalid one is, not counted and with its cents refused', async () => {
    const { trajectories } = await story.dossier(BSN);
    const sessions = trajectories.flatMap((each) => each.sessions);
    const kept = new Set(sessions.map((each) => each.reference));
    BAD.forEach(({ what, outcome }, i) => expect([what, kept.has(`BAD-${i}`)]).toEqual([what, outcome === 'invalid']));
    for (const each of sessions.filter((session) => session.decision?.status === 'invalid')) {
      expect(each.decision?.split).toMatchObject({ basic: 0, supplementary: 0, insured: 0, undecided: 0 });
      expect(each.decision?.split.refused).toBeGreaterThan(0);
      expect(each.booked).toBeNull();
    }
    await story.verifyIsClean();
  });

  it('the return message repeats every record byte for byte, with its answer behind it and totals that close', async () => {
    const answer = await readFile(story.path('lines.pm305'));
    expect(answer.length / 372).toBe(claim.length / 312);
    const totals = { submitted: 0, granted: 0 };
    for (let record = 0; record < claim.length / 312; record += 1) {
      const sent = claim.toString('latin1', record * 312, record * 312 + 310);
      const text = answer.toString('latin1', record * 372, record * 372 + 372);
      expect(text.slice(370)).toBe('\r\n');
      const type = sent.slice(0, 2);
      if (type === '01') expect(text.slice(0, 310)).toBe(`01108${sent.slice(5)}`);
      else if (type === '99') {
        expect(text.slice(0, 45)).toBe(sent.slice(0, 45));
        expect(Number(text.slice(45, 56))).toBe(totals.granted);
        expect(text[56]).toBe('D');
      } else expect(text.slice(0, 310)).toBe(sent);
      if (type === '04') totals.granted += Number(text.slice(319, 327)) * (text[327] === 'C' ? -1 : 1);
    }
    expect(totals.granted).toBe(8000);
  });

  it('no BSN, name or birth date is echoed', () => {
    for (const content of [BSN, UNKNOWN, FAILS_11_TEST, 'Voorbeeld', '1970-05-05', '19700505'])
      expect(shown).not.toContain(content);
  });
});
