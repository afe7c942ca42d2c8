import { spoil } from './testing/spoil';

interface Case {
  readonly what: string;
  readonly file: string;
  readonly was: string;
  readonly is: string;
  /** A text of the line that must be named. */
  readonly at: string;
  readonly path: RegExp;
  readonly problem: RegExp;
}

const REQUIRES = "{ from: 2024-07-01, performances: ['10039', '10040'],";
const AXSPA = '    - condition: axspa-severe\n      from: 2026-01-01\n      sessions: 0\n';
const AFTER_AXSPA = `${AXSPA.replace('2026-01-01', '2027-01-01').replace('sessions: 0', 'sessions: 5')}      source: test\n`;

/** Each fault must be named with its file, its line and its place. */
const CASES: readonly Case[] = [
  {
    what: 'overlapping periods of a condition',
    file: 'conditions.yaml',
    was: '        source: Annex 1, 1.b.7; Annex 4 for the term\n',
    is: '        source: Annex 1\n      - { from: 2027-01-01, term: open, newEpisode: refused, source: test-2027 }\n',
    at: '- { from: 2027-01-01, term: open',
    path: /^conditions\[\d+\]\.periods\[1\]$/,
    problem: /overlaps the value from 2006-01-01, which has no end: give that one a `through`/,
  },
  {
    what: 'a gap in the requirements of a condition',
    file: 'conditions.yaml',
    was: REQUIRES,
    is: REQUIRES.replace('2024-07-01', '2024-07-02'),
    at: REQUIRES.replace('2024-07-01', '2024-07-02'),
    path: /requires\[1\]$/,
    problem: /leaves a gap: the value before it ends on 2024-06-30, this one begins on 2024-07-02/,
  },
  {
    what: 'a gap between the values of a parameter',
    file: 'interpretations.yaml',
    was: 'values: [{ from: 2006-01-01, value: 4 }]',
    is: 'values: [{ from: 2006-01-01, through: 2026-12-31, value: 4 }, { from: 2027-02-01, value: 5 }]',
    at: '2027-02-01',
    path: /values\[1\]$/,
    problem: /leaves a gap/,
  },
  {
    what: 'two thresholds of one condition on the same day',
    file: 'thresholds.yaml',
    was: AXSPA,
    is: `${AFTER_AXSPA}${AXSPA}`,
    at: 'from: 2026-01-01',
    path: /byCondition\[2\]\.from$/,
    problem: /begins on 2026-01-01 and overlaps the threshold of axspa-severe before it, which has no end/,
  },
  {
    what: 'a gap between the starts of the general threshold',
    file: 'thresholds.yaml',
    was: 'startedFrom: 2012-01-01',
    is: 'startedFrom: 2012-02-01',
    at: 'startedFrom: 2012-02-01',
    path: /byStart\[2\]$/,
    problem: /gap or overlaps/,
  },
  {
    what: 'an indication code that ends before it begins',
    file: 'indications.yaml',
    was: 'through: 2016-12-31',
    is: 'through: 1996-12-31',
    at: "code: '002'",
    path: /^indications\[1\]$/,
    problem: /ends on 1996-12-31, before it begins on 1997-01-01/,
  },
  {
    what: 'a performance code that ends before it begins',
    file: 'performances.yaml',
    was: 'kind: child, counts: true, from: 1999-01-01,',
    is: 'kind: child, counts: true, from: 1999-01-01, through: 1998-12-31,',
    at: 'through: 1998-12-31',
    path: /^performances\[1\]$/,
    problem: /before it begins/,
  },
  {
    what: 'an unknown condition with a threshold of its own',
    file: 'thresholds.yaml',
    was: 'condition: ra-severe',
    is: 'condition: ra-sever',
    at: 'condition: ra-sever',
    path: /byCondition\[0\]\.condition$/,
    problem: /^unknown condition ra-sever$/,
  },
  {
    what: 'an unknown condition in an insurer’s file',
    file: 'insurers/3343.yaml',
    was: "except: ['2.6-6']",
    is: "except: ['2.6-66']",
    at: "except: ['2.6-66']",
    path: /^overCapUsesSupplementary\[0\]\.except$/,
    problem: /^unknown condition 2\.6-66$/,
  },
  {
    what: 'an unknown condition behind closed codes',
    file: 'diagnoses/dcsph-2024-07-01.yaml',
    was: "'008': annex-unspecified",
    is: "'008': annex",
    at: "'008': annex",
    path: /closedCodeConditions\.008$/,
    problem: /^unknown condition annex$/,
  },
  {
    what: 'a cap without its window',
    file: 'conditions.yaml',
    was: '{ count: 37, per: term }',
    is: '{ count: 37 }',
    at: '{ count: 37 }',
    path: /\.cap\.per$/,
    problem: /a cap needs its window: once, term, /,
  },
  {
    what: 'a cap per term where the term is open',
    file: 'conditions.yaml',
    was: '{ count: 9, per: once }',
    is: '{ count: 9, per: term }',
    at: '{ count: 9, per: term }',
    path: /\.cap$/,
    problem: /the term is open: a cap needs its window/,
  },
  {
    what: 'classes in another window than the treatment year',
    file: 'conditions.yaml',
    was: 'per: treatment-year\n',
    is: 'per: calendar-year\n',
    at: 'per: calendar-year\n',
    path: /\.cap\.per$/,
    problem: /classes need treatment-year as the window/,
  },
];

describe('dates, names and windows: refused with file, line and place', () => {
  it.each(CASES)('$what', ({ file, was, is, at, path, problem }) => {
    const { problems, lineOf } = spoil(file, was, is);
    expect(problems).toEqual([
      {
        file,
        line: lineOf(at),
        path: expect.stringMatching(path) as string,
        problem: expect.stringMatching(problem) as string,
      },
    ]);
  });
});

describe('performance codes of an insurer', () => {
  const rules = (...rows: string[]) =>
    spoil(
      'insurers/3343.yaml',
      '\npackages:',
      `\nperformances:\n${rows.map((row) => `  - { ${row}, source: test }\n`).join('')}packages:`,
    );
  const NOT = "codes: ['1864'], accepted: false, from: 2025-01-01";

  it('are taken in: not accepted for a while, then accepted again', () => {
    expect(rules(`${NOT}, through: 2025-12-31`, "codes: ['1864'], accepted: true, from: 2026-01-01").problems).toEqual([]);
    expect(rules(`${NOT}, lists: ['012']`, `${NOT}, lists: ['073']`).problems).toEqual([]);
  });

  it.each([
    ['an unknown code', [NOT.replace('1864', '1865')], 0, /^unknown performance code 1865: it stands in no national list/],
    ['an unknown list', [`${NOT}, lists: ['099']`], 0, /^unknown performance list 099$/],
    ['a list that has not the code', [`${NOT}, lists: ['074']`], 0, /^1864 is not in performance list 074$/],
    ['an end before the beginning', [`${NOT}, through: 2024-12-31`], 0, /^ends on 2024-12-31, before it begins on 2025-01-01$/],
    ['a second rule on the same day', [NOT, `${NOT}, lists: ['073']`], 1, /^1864 in list 073 overlaps the rule from 2025-01-01/],
    ['a rule without its answer', [NOT.replace('accepted: false, ', '')], 0, /boolean/],
  ])('%s is refused at its line', (_, rows, index, problem) => {
    const { problems, lineOf } = rules(...rows);
    expect(problems).not.toHaveLength(0);
    expect(problems[0]).toMatchObject({ file: 'insurers/3343.yaml', line: lineOf('performances:') + 1 + index });
    expect(problems[0]?.problem).toMatch(problem);
  });
});
