/**
 * Random corrections on random dossiers: `npm run test:corrections -- --cases 2000 --seed 1 [--all]`.
 * It stops at the first fault and tells its case, made small; with --all it goes on and tells one example of each check that fails. Interrupted
 * (Ctrl-C), it tells of the cases that were done.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadPolicyFiles } from '#libs/policy-files';
import { packageLimitsOf } from '../oracle/package-limits';
import { cutDown } from './cut';
import { Desk } from './desk';
import { Runner, type Ran } from './run';
import { Tally } from './tally';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function readOptions(): { cases: number; seed: number; all: boolean } {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      all: { type: 'boolean', default: false },
    },
  });
  const [cases, seed] = [Number(values.cases), Number(values.seed)];
  if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(seed)) throw new Error('--cases and --seed are whole numbers');
  return { cases, seed, all: values.all };
}

async function report(runner: Runner, { case: failed, fault }: Ran): Promise<void> {
  const small = await cutDown(failed, async (candidate) => (await runner.again(candidate)).fault?.check === fault?.check);
  const shown = (await runner.again(small)).fault ?? fault;
  say(`seed ${failed.seed}: ${shown?.message}`);
  say(`the case made small: ${JSON.stringify(small, null, 2)}`);
}

async function main(): Promise<number> {
  const { cases, seed, all } = readOptions();
  const desk = await Desk.open();
  const runner = new Runner(desk, packageLimitsOf(loadPolicyFiles().document));
  const tally = new Tally();
  const failed = new Map<string, number[]>();
  const began = process.hrtime.bigint();
  let lines = 0;
  let done = 0;
  let interrupted = false;
  process.once('SIGINT', () => (interrupted = true));
  for (let each = seed; each < seed + cases && !interrupted; each += 1) {
    const ran = await runner.drawn(each, tally);
    lines += ran.lines;
    done += 1;
    // nothing here waits for anything outside: a signal is heard when the loop turns
    await turn();
    if (ran.fault === null) continue;
    const { check } = ran.fault;
    if (!failed.has(check)) await report(runner, ran);
    failed.set(check, [...(failed.get(check) ?? []), each]);
    if (!all) break;
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  await desk.close();
  say(tally.table());
  for (const [check, seeds] of failed) say(`${seeds.length} cases fail (${check}): seeds ${seeds.slice(0, 20).join(', ')}`);
  say(
    `${done} cases from seed ${seed}, ${lines} lines, ${tally.sum('asked')} corrections, ${seconds.toFixed(1)} seconds: ` +
      (failed.size === 0 ? 'everything holds' : `${[...failed.values()].flat().length} do not hold`),
  );
  if (done < cases) say(`it was to be ${cases}`);
  return failed.size === 0 && done === cases ? 0 : 1;
}

void main().then((code) => {
  process.exitCode = code;
});
