import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicyFiles, policyFromContent, PolicyFileError, type PolicyProblem } from './index';

/** Copies the bundled policy, spoils one file, and gives the problems that loading it names. */
function problemsAfter(file: string, spoil: (text: string) => string | Buffer): readonly PolicyProblem[] {
  const directory = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    cpSync(join(__dirname, '..', 'data'), directory, { recursive: true });
    const path = join(directory, file);
    const before = readFileSync(path, 'utf8');
    const after = spoil(before);
    if (after === before) throw new Error(`${file} was not changed: the test no longer fits it`);
    writeFileSync(path, after);
    loadPolicyFiles(directory);
  } catch (error) {
    if (error instanceof PolicyFileError) return error.problems;
    throw error;
  } finally {
    rmSync(directory, { recursive: true });
  }
  return [];
}

const replace = (from: string, to: string) => (text: string) => text.replace(from, to);
/** Line of the bundled file in which the text stands (after spoiling, when `text` is the spoilt one). */
const lineIn = (file: string, text: string, spoil: (text: string) => string = (each) => each): number => {
  const lines = spoil(readFileSync(join(__dirname, '..', 'data', file), 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes(text));
  if (at < 0) throw new Error(`${text} does not stand in ${file}`);
  return at + 1;
};

describe('a policy file with a mistake is refused with file, line, path and what is wrong', () => {
  it.each<[string, string, string, string, RegExp]>([
    [
      'an unknown key',
      'conditions.yaml',
      'id: 1.b.7\n    regime: annex',
      'id: 1.b.7\n    colour: red\n    regime: annex',
      /unknown key/,
    ],
    [
      'a key that stands twice',
      'conditions.yaml',
      'id: 1.b.7\n    regime: annex',
      'id: 1.b.7\n    regime: annex\n    regime: annex',
      /twice/,
    ],
    [
      'a date that does not exist',
      'conditions.yaml',
      'noStartFrom: 2024-07-01',
      'noStartFrom: 2024-06-31',
      /not an existing date/,
    ],
    ['a cap without its window', 'conditions.yaml', '{ count: 9, per: once }', '{ count: 9 }', /needs its window/],
    [
      'a cap per term where the term is open',
      'conditions.yaml',
      '{ count: 9, per: once }',
      '{ count: 9, per: term }',
      /needs its window/,
    ],
    ['an unknown condition', 'thresholds.yaml', 'condition: ra-severe', 'condition: ra-sever', /unknown condition ra-sever/],
    ['a gap between starts', 'thresholds.yaml', 'startedFrom: 2012-01-01', 'startedFrom: 2012-02-01', /gap or overlaps/],
    ['an indication code without quotes', 'indications.yaml', "code: '008'", 'code: 008', /3 digits in quotes/],
    [
      'an unknown performance list',
      'performances.yaml',
      "lists: ['012', '073'], therapy",
      "lists: ['912', '073'], therapy",
      /unknown performance list 912/,
    ],
    [
      'a performance code twice',
      'performances.yaml',
      "['1500', '1501', '1502']",
      "['1500', '1501', '1200']",
      /1200 stands twice/,
    ],
    ['a missing parameter', 'interpretations.yaml', 'name: assertedSlack', 'name: assertedSlak', /assertedSlack is missing/],
    [
      'a reading the engine does not know',
      'interpretations.yaml',
      "value: 'longest-term'",
      "value: 'shortest-term'",
      /knows only "longest-term"/,
    ],
    ['a file of another insurer', 'insurers/3343.yaml', "insurer: '3343'", "insurer: '3344'", /must be named 3344.yaml/],
    ['a label of two insurers', 'insurers/3343.yaml', "['3343', '3365']", "['3343', '7095']", /belongs to 3343 already/],
    ['a negative limit', 'insurers/3343.yaml', 'limit: 9', 'limit: -9', /must not be negative/],
    ['a tab for indentation', 'policy.yaml', "version: '2026.4'", 'version:\n\t- a', /tab/i],
  ])('%s', (_, file, from, to, problem) => {
    const problems = problemsAfter(file, replace(from, to));
    expect(problems.map((each) => each.problem).join('\n')).toMatch(problem);
    for (const each of problems) expect(each.line).toBeGreaterThan(0);
  });

  it('the line is that of the mistake', () => {
    const spoil = replace('{ count: 9, per: once }', '{ count: 9 }');
    const [problem] = problemsAfter('conditions.yaml', spoil);
    expect(problem).toMatchObject({
      file: 'conditions.yaml',
      line: lineIn('conditions.yaml', '{ count: 9 }', spoil),
      path: expect.stringMatching(/^conditions\[\d+\]\.periods\[0\]\.cap\.per$/) as string,
    });
    const key = replace('title:', 'titel: x\ntitle:');
    expect(problemsAfter('policy.yaml', key)).toEqual([
      {
        file: 'policy.yaml',
        line: lineIn('policy.yaml', 'titel', key),
        path: 'titel',
        problem: 'unknown key; this file holds version, title',
      },
    ]);
  });

  it('overlapping validities, at the line of the second', () => {
    const spoil = replace(
      "through: 2017-12-31, limit: 9, source: 'ONVZ reimbursement guide 2017' }",
      "through: 2018-03-31, limit: 9, source: 'x' }",
    );
    expect(problemsAfter('insurers/3343.yaml', spoil)).toEqual([
      {
        file: 'insurers/3343.yaml',
        line: lineIn('insurers/3343.yaml', 'from: 2018-01-01, limit: 9'),
        path: 'packages[0].periods[1]',
        problem: 'begins on 2018-01-01 and overlaps the value before it, which ends on 2018-03-31',
      },
    ]);
    const open = replace('through: 2017-12-31, limit: 9,', 'limit: 9,');
    expect(problemsAfter('insurers/3343.yaml', open)[0]?.problem).toMatch(/has no end/);
  });

  it('a gap between validities, at the line after it', () => {
    const spoil = replace('through: 2017-12-31, limit: 9,', 'through: 2017-11-30, limit: 9,');
    expect(problemsAfter('insurers/3343.yaml', spoil)).toEqual([
      {
        file: 'insurers/3343.yaml',
        line: lineIn('insurers/3343.yaml', 'from: 2018-01-01, limit: 9'),
        path: 'packages[0].periods[1]',
        problem: 'leaves a gap: the value before it ends on 2017-11-30, this one begins on 2018-01-01',
      },
    ]);
  });

  it('an unknown condition, indication, location or availability in the diagnosis table, at its line', () => {
    const file = 'diagnoses/dcsph-2024-07-01.csv';
    const row = '21,40,all,1.b.7,yes,001 008 009,001 003 009,001 003 009';
    const line = lineIn(file, row);
    const spoilt = (to: string) =>
      problemsAfter(file, replace(row, to)).map(({ file: name, line: at, problem }) => [name, at, problem]);
    expect(spoilt(row.replace('1.b.7', '1.b.77'))).toEqual([[file, line, 'unknown condition 1.b.77']]);
    expect(spoilt(row.replace('all', 'none'))).toEqual([[file, line, 'unknown availability none']]);
    expect(spoilt(row.replace(',40,', ',48,'))).toEqual([[file, line, 'unknown location 48']]);
    expect(spoilt(row.replace('001 008 009', '001 808 009'))).toEqual([[file, line, 'unknown indication 808']]);
    expect(spoilt(row.replace(',yes,', ',perhaps,'))).toEqual([[file, line, 'must be yes or no']]);
    expect(spoilt('21,40,all')[0]?.[2]).toMatch(/Invalid Record Length/);
    expect(spoilt(row.replace(',40,', ',40 41,'))[0]?.[2]).toBe('4121 is opened by an earlier line already');
  });

  it('an empty file, a missing file, another charset, a list where a mapping is due', () => {
    expect(problemsAfter('thresholds.yaml', () => '')[0]).toEqual({
      file: 'thresholds.yaml',
      line: 1,
      path: '',
      problem: 'is empty',
    });
    expect(problemsAfter('thresholds.yaml', () => '# only a comment\n')[0]?.problem).toBe('must be a mapping of names to values');
    expect(problemsAfter('thresholds.yaml', () => '- a\n')[0]?.problem).toBe('must be a mapping of names to values');
    const latin1 = (text: string) => Buffer.from(text.replace('adultAge', 'adultAge # réglé'), 'latin1');
    expect(problemsAfter('thresholds.yaml', latin1)[0]).toMatchObject({
      line: lineIn('thresholds.yaml', 'adultAge'),
      problem: 'is not UTF-8; save it in that encoding',
    });
    expect(problemsAfter('diagnoses/dcsph-2024-07-01.csv', () => '')[0]?.problem).toBe('is empty');
    expect(() => loadPolicyFiles('/nowhere')).toThrow(/policy.yaml:1 .*cannot be read/);
  });

  it('all problems of the shape at once', () => {
    const problems = problemsAfter('conditions.yaml', (text) =>
      text.replace('{ count: 9, per: once }', '{ count: 9 }').replace('endsOn: 2025-01-01', 'endsOn: soon'),
    );
    expect(problems).toHaveLength(2);
  });
});

describe('stored content', () => {
  it('is checked again when it is read back', () => {
    const { document, content } = loadPolicyFiles();
    expect(() => policyFromContent('{')).toThrow(PolicyFileError);
    expect(() => policyFromContent('{}')).toThrow(/policy document:1 conditions/);
    expect(() => policyFromContent(JSON.stringify({ ...document, extra: 1 }))).toThrow(/extra: unknown key/);
    expect(policyFromContent(content)).toEqual(document);
  });
});
