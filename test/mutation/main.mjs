/**
 * `npm run test:mutation [-- --all | --changed | --files PATH,… | --cases N --seed S]`: mutants of the pure libraries, killed by their unit tests.
 *
 *   --all            every line of trajectory, coverage and settlement (long)
 *   --files PATH,…   every line of these files or folders of theirs
 *   --changed        of the lines that differ from the first parent, filled up from all lines: of a handful of mutants a single one that means the same would be too much.
 *                    Without history, or when nothing differs, all are of the fixed sample
 *   --cases N        N lines drawn by the seed (default 60, seed 1), so that a run ends in time: of all lines, the fixed sample
 *
 * Exit code 1 when fewer than 90 % are killed. Survivors are printed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const ROOTS = ['libs/trajectory/src', 'libs/coverage/src', 'libs/settlement/src'];
/** Less than this and the tests do not hold the rules. */
const BAR_PERCENT = 90;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean' },
    changed: { type: 'boolean' },
    files: { type: 'string' },
    cases: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
  },
});

const isMutated = (path) =>
  ROOTS.some((root) => path.startsWith(`${root}/`)) &&
  path.endsWith('.ts') &&
  !path.endsWith('.spec.ts') &&
  !path.includes('/testing/');
const sources = () =>
  ROOTS.flatMap((root) =>
    readdirSync(root, { recursive: true })
      .map((name) => join(root, name))
      .filter(isMutated),
  ).sort();

const isAmong = (paths) => (file) => paths.some((path) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));

/** Lines that hold code: the rest makes no mutants. */
const codeLines = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, i) =>
      /[=(?<>!&|+-]/.test(text) && !/^\s*(\/\/|\/?\*|import |export (type|interface)|readonly )/.test(text) ? [i + 1] : [],
    );

function drawn(lines, count, seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const left = [...lines];
  const taken = [];
  while (taken.length < count && left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken;
}

function changedLines() {
  let diff;
  try {
    diff = execFileSync('git', ['diff', '--unified=0', 'HEAD^1', 'HEAD', '--', ...ROOTS], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
  } catch {
    return []; // no history: a shallow clone, or the first commit
  }
  const lines = [];
  let file = '';
  for (const text of diff.split('\n')) {
    const path = /^\+\+\+ b\/(.*)$/.exec(text);
    if (path) file = path[1];
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (hunk && isMutated(file)) {
      const code = new Set(codeLines(file));
      for (let i = 0; i < Number(hunk[2] ?? 1); i += 1)
        if (code.has(Number(hunk[1]) + i)) lines.push([file, Number(hunk[1]) + i]);
    }
  }
  return lines;
}

function toMutate() {
  if (values.files !== undefined) return sources().filter(isAmong(values.files.split(',')));
  if (values.all === true) return sources();
  const [count, seed] = [Number(values.cases), Number(values.seed)];
  const changed = values.changed === true ? drawn(changedLines(), count, seed) : [];
  if (values.changed === true) console.log(`${changed.length} lines of those that changed`);
  const every = sources().flatMap((file) => codeLines(file).map((line) => [file, line]));
  const lines = [...changed, ...drawn(every, count - changed.length, seed)].map(([file, line]) => `${file}:${line}-${line}`);
  return [...new Set(lines)];
}

const report = '.stryker-tmp/mutation.json';
rmSync(report, { force: true });
const mutate = toMutate();
console.log(`mutating ${mutate.length} ${values.all || values.files ? 'files' : 'lines'}`);
const run = spawnSync('npx', ['stryker', 'run', 'test/mutation/stryker.config.mjs', '--mutate', mutate.join(',')], {
  stdio: 'inherit',
});
if (run.status !== 0) process.exit(run.status ?? 1);
const mutants = Object.values(JSON.parse(readFileSync(report, 'utf8')).files).flatMap((file) => file.mutants);
const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
const [killed, alive] = [count('Killed', 'Timeout'), count('Survived', 'NoCoverage')];
const percent = killed + alive === 0 ? 100 : (100 * killed) / (killed + alive);
console.log(`${killed} of ${killed + alive} mutants killed: ${percent.toFixed(1)} % (at least ${BAR_PERCENT} %)`);
process.exit(percent < BAR_PERCENT ? 1 : 0);
