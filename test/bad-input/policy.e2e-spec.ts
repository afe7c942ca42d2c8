import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicyFiles } from '#libs/policy-files';
import { Story } from '../stories/story';

const BUNDLED = join(__dirname, '../../libs/policy-files/data');

/** One text of one file replaced, and what the check must say: file, line where the new text stands, and the problem. */
interface Fault {
  readonly what: string;
  readonly file: string;
  readonly replace: readonly [was: string, is: string];
  /** A text of the line that must be named; the new text's first line when left out. */
  readonly at?: string;
  readonly problem: RegExp;
}

const PERIOD = "- { from: 2017-01-01, through: 2017-12-31, limit: 9, source: 'ONVZ reimbursement guide 2017' }";
const FAULTS: readonly Fault[] = [
  {
    what: 'a gap between two values',
    file: 'insurers/3343.yaml',
    replace: [PERIOD, PERIOD.replace('2017-12-31', '2017-11-30')],
    at: '- { from: 2018-01-01, limit: 9,',
    problem: /leaves a gap: the value before it ends on 2017-11-30, this one begins on 2018-01-01/,
  },
  {
    what: 'values that overlap',
    file: 'insurers/3343.yaml',
    replace: [PERIOD, PERIOD.replace('2017-12-31', '2018-01-31')],
    at: '- { from: 2018-01-01, limit: 9,',
    problem: /overlap/,
  },
  {
    what: 'an unknown key in a file',
    file: 'thresholds.yaml',
    replace: ['thresholds:', 'treshold: 20\nthresholds:'],
    problem: /unknown key/,
  },
  {
    what: 'an unknown key deeper down',
    file: 'interpretations.yaml',
    replace: ['reason: More than four', 'motive: none\n    reason: More than four'],
    at: 'motive: none',
    problem: /unknown key/,
  },
  {
    what: 'a date that does not exist',
    file: 'insurers/3343.yaml',
    replace: [PERIOD, PERIOD.replace('2017-12-31', '2017-02-30')],
    problem: /date/i,
  },
  {
    what: 'an unknown condition',
    file: 'thresholds.yaml',
    replace: ['condition: ra-severe', 'condition: ra-sever'],
    problem: /^unknown condition ra-sever$/,
  },
  {
    what: 'a cap without its window',
    file: 'conditions.yaml',
    replace: ['{ count: 9, per: once }', '{ count: 9, per: term }'],
    problem: /the term is open: a cap needs its window/,
  },
  { what: 'no YAML', file: 'conditions.yaml', replace: ['conditions:', 'conditions: ['], at: '', problem: /\w{3,}/ },
  {
    what: 'the same key twice',
    file: 'policy.yaml',
    replace: ['version:', 'version: twice\nversion:'],
    at: '',
    problem: /twice/,
  },
];

/** Faults that show at the same stage are told at once: YAML, then names and kinds, then validities. */
const FOLDERS: readonly (readonly [what: string, faults: readonly Fault[]])[] = [
  ['files that are no YAML of their kind', FAULTS.filter(({ what }) => /no YAML|twice|in a file/.test(what))],
  ['unknown keys and values', FAULTS.filter(({ what }) => /deeper|does not exist/.test(what))],
  ['a gap', FAULTS.filter(({ what }) => /gap/.test(what))],
  ['an unknown condition and a cap without its window', FAULTS.filter(({ what }) => /condition|window/.test(what))],
  ['an overlap', FAULTS.filter(({ what }) => /overlap/.test(what))],
];

describe('Policy: a folder with a fault is refused with file and line', () => {
  let story: Story;
  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  /** Puts the fault into a copy of the bundled policy; answers the line that must be named, 0 for any. */
  async function spoil(folder: string, { file, replace: [was, is], at }: Fault): Promise<number> {
    const text = await readFile(story.path(join(folder, file)), 'utf8');
    if (!text.includes(was)) throw new Error(`${file} has changed: the fault cannot be made`);
    const spoilt = text.replace(was, is);
    await writeFile(story.path(join(folder, file)), spoilt);
    if (at === '') return 0;
    const from = spoilt.indexOf(is);
    const found = at === undefined ? from : spoilt.indexOf(at, from);
    return spoilt.slice(0, found).split('\n').length;
  }

  it.each(FOLDERS.map(([what, faults], i) => [what, faults, `policy-${i}`] as const))('%s', async (_what, faults, folder) => {
    expect(faults).not.toHaveLength(0);
    await cp(BUNDLED, story.path(folder), { recursive: true });
    const lines = new Map<Fault, number>();
    for (const fault of faults) lines.set(fault, await spoil(folder, fault));
    const run = await story.run(['policy', 'check', '--json', folder]);
    expect(run.code).toBe(3);
    const { problems } = JSON.parse(run.stdout) as { problems: { file: string; line: number; problem: string }[] };
    for (const [{ what, file, problem }, line] of lines) {
      const found = problems.find((each) => each.file === file && problem.test(each.problem));
      expect([what, found?.line]).toEqual([what, line > 0 ? line : expect.any(Number)]);
      expect(run.stderr).toContain(`${file}:${found?.line}`);
      expect(run.stderr).toContain(`${found?.problem}\n`);
    }
  });

  it('a missing file is named', async () => {
    await cp(BUNDLED, story.path('cut'), { recursive: true });
    await rm(story.path('cut/thresholds.yaml'));
    const run = await story.run(['policy', 'check', 'cut']);
    expect([run.code, run.stderr]).toEqual([3, 'thresholds.yaml:1: cannot be read (ENOENT); the policy needs this file\n']);
  });

  it('does not take effect: the version that is in effect stays', async () => {
    const run = await story.run(['policy', 'activate', 'cut']);
    expect(run.code).toBe(3);
    expect(await story.json<object>(['policy', 'show'])).toMatchObject({ digest: loadPolicyFiles().digest });
  });
});
