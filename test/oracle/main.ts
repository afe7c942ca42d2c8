/**
 * Engine against oracle on random persons: `npm run test:oracle -- --cases 2000 --seed 1 [--without statements,imports] [--all]`.
 * It stops at the first difference; with --all it goes on and tells one example of each kind.
 * The engine is reached by its public face alone.
 */
import { parseArgs } from 'node:util';
import { compilePolicy, decide } from '#libs/coverage';
import { loadPolicyFiles } from '#libs/policy-files';
import type { PersonFacts } from '#libs/trajectory';
import { firstDifference, kindOf, readable, type Difference } from './compare';
import { oracle } from './oracle';
import { packageLimitsOf } from './package-limits';
import { LEAVABLE, randomPerson, type Leavable } from './persons';
import { shrink } from './shrink';
import { Situations } from './situations';

/** Whether a fact mattered is found by deciding without it, many times over: asked of the first persons only. */
const PERSONS_LEFT_WITHOUT = 2_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const isLeavable = (word: string): word is Leavable => (LEAVABLE as readonly string[]).includes(word);

function readOptions(): { cases: number; seed: number; without: Leavable[]; all: boolean } {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      without: { type: 'string', default: '' },
      all: { type: 'boolean', default: false },
    },
  });
  const words = values.without.split(',').filter((word) => word !== '');
  const unknown = words.find((word) => !isLeavable(word));
  if (unknown !== undefined) throw new Error(`--without knows ${LEAVABLE.join(', ')}, not ${unknown}`);
  const [cases, seed] = [Number(values.cases), Number(values.seed)];
  if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(seed)) throw new Error('--cases and --seed are whole numbers');
  return { cases, seed, without: words.filter(isLeavable), all: values.all };
}

const files = loadPolicyFiles();
const book = compilePolicy(files.document, files.digest);
const packages = packageLimitsOf(files.document);

const differenceOf = (facts: PersonFacts): Difference | null => firstDifference(decide(facts, book), oracle(facts, packages));
/** Says what is wrong with the person, be it that one of the two throws. */
function fault(facts: PersonFacts): Difference | null {
  try {
    return differenceOf(facts);
  } catch (error) {
    return {
      line: 'none: one of the two failed',
      engine: String(error),
      oracle: error instanceof Error ? (error.stack ?? '') : '',
    };
  }
}

function report(seed: number, facts: PersonFacts, found: Difference): void {
  const kind = kindOf(found);
  const small = shrink(facts, (candidate) => {
    const difference = fault(candidate);
    return difference !== null && kindOf(difference) === kind;
  });
  const difference = fault(small) ?? found;
  say(`seed ${seed}: engine and oracle differ; the person made small:`);
  say(readable(small));
  say(`line   ${difference.line}`);
  say(`engine ${difference.engine}`);
  say(`oracle ${difference.oracle}`);
}

function main(): number {
  const { cases, seed, without, all } = readOptions();
  const situations = new Situations();
  const kinds = new Map<string, number>();
  const began = process.hrtime.bigint();
  let sessions = 0;
  for (let each = seed; each < seed + cases; each += 1) {
    const facts = randomPerson(each, packages, without);
    const found = fault(facts);
    if (found !== null) {
      const kind = kindOf(found);
      if (!kinds.has(kind)) report(each, facts, found);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      if (all) continue;
      return 1;
    }
    const decisions = oracle(facts, packages);
    sessions += decisions.length;
    situations.see(facts, decisions, each - seed < PERSONS_LEFT_WITHOUT ? packages : null);
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  say(situations.table());
  for (const [kind, count] of kinds) say(`${count} persons differ: ${kind}`);
  say(
    `${cases} persons, ${sessions} sessions, ${seconds.toFixed(1)} seconds${kinds.size === 0 ? ': engine and oracle agree' : ''}`,
  );
  return kinds.size === 0 ? 0 : 1;
}

process.exitCode = main();
