/**
 * A scenario: differences laid over a whole policy, to compare and to evaluate. What comes out is checked like policy files and has
 * a digest of its own; it can never take effect.
 *
 * ```yaml
 * scenario: startfit-8
 * title: Startfit with eight sessions from 2027
 * changes:
 *   - set: insurers/3343/packages/Startfit/periods/2018-01-01/through
 *     to: 2026-12-31
 *   - add: insurers/3343/packages/Startfit/periods
 *     value: { from: 2027-01-01, limit: 8, source: 'Scenario' }
 *   - remove: thresholds/byCondition/axspa-severe@2026-01-01
 * ```
 *
 * `set` replaces the value at an address or gives a field that is not there yet; `add` puts an element into a list; `remove` takes a
 * field or an element away. Changes are laid one after the other. Addresses: see `tree.ts`.
 */
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { readYaml, type YamlFile } from './files';
import { checked, sealed, type LoadedPolicy } from './load';
import { PolicyFileError, type PolicyProblem } from './problem';
import { addressOf, layChange, type Change } from './scenario-change';
import { codeEntrySchema } from './schema';
import { addressSteps, addressText, keyOf, treeOf, valueOf, type Node } from './tree';

/** What a policy says besides rules: a scenario leaves it alone. */
const NO_RULES = ['format', 'version', 'title', 'scenario'];

/** What goes with each kind of change. */
const NEEDS = { set: 'to', add: 'value', remove: null } as const;

const scenarioSchema = z.strictObject({
  scenario: z
    .string('must be a name')
    .regex(/^[\w.-]{1,40}$/, 'must be a name of letters, digits, dots and dashes, at most forty'),
  title: z.string('must say what the scenario is about').min(1).max(500),
  changes: z
    .array(z.record(z.string(), z.json(), 'must be set, add or remove with an address').transform(readChange))
    .min(1, 'needs at least one change')
    .max(10_000),
});

/**
 * Lays a scenario file over a policy.
 * @param policy what it is laid over; it is not changed
 * @param file path of the scenario file
 * @throws PolicyFileError with every problem found, each with the line of the change that it comes from
 */
export function layScenario(policy: LoadedPolicy, file: string): LoadedPolicy {
  const problems: PolicyProblem[] = [];
  const yaml = readYaml(dirname(file), basename(file), problems);
  if (yaml === null) throw new PolicyFileError(problems.map((each) => ({ ...each, file })));
  const parsed = scenarioSchema.safeParse(yaml.content);
  if (!parsed.success) throw new PolicyFileError(shapeProblems(parsed.error, yaml, file));
  const { scenario: name, title, changes } = parsed.data;

  const tree = treeOf(policy.document);
  changes.forEach((change, i) => {
    const problem = layChange(tree, change);
    if (problem !== null) problems.push({ file, line: yaml.lineOf(['changes', i, change.kind]), path: change.address, problem });
  });
  if (problems.length > 0) throw new PolicyFileError(problems);
  const locate = locator(changes, yaml, file);
  const codes = codeProblems(tree, locate);
  if (codes.length > 0) throw new PolicyFileError(codes);

  const laid = valueOf(tree) as Record<string, unknown>;
  const touched = new Set(changes.map((change) => addressSteps(change.address).slice(0, 3).join('/')));
  // rows that no change names stay as they are written: folding them anew could order them otherwise
  laid.diagnoses = (laid.diagnoses as { release: string }[]).map((release) => {
    const before = policy.document.diagnoses.find((each) => each.release === release.release);
    return before === undefined || touched.has(`diagnoses/${release.release}/codes`)
      ? release
      : { ...release, rows: before.rows };
  });
  const raw = { ...laid, scenario: { name, title, base: policy.digest } };
  return sealed(checked(raw, (path) => locate(addressOf(raw, path))));
}

/** A change as it is written: one of set, add and remove with its address, what goes with it, and perhaps a reason. */
function readChange(written: Readonly<Record<string, unknown>>, context: z.RefinementCtx): Change {
  const refuse = (message: string): never => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const kinds = (['set', 'add', 'remove'] as const).filter((kind) => kind in written);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) return refuse('must have one of set, add and remove');
  const need = NEEDS[kind];
  const unknown = Object.keys(written).find((key) => key !== kind && key !== need && key !== 'reason');
  if (unknown !== undefined) return refuse(`${kind} goes with ${need === null ? '' : `${need} and `}reason, not with ${unknown}`);
  if (need !== null && !(need in written)) return refuse(`${kind} needs ${need}`);
  if ('reason' in written && typeof written.reason !== 'string') return refuse('the reason must be a text');
  const address = written[kind];
  const steps = typeof address === 'string' ? addressSteps(address) : [];
  if (typeof address !== 'string' || steps.length === 0)
    return refuse(`${kind} needs an address, names with / between them, such as conditions/1.b.7/periods/2006-01-01/term`);
  const [first = '', ...below] = steps;
  if (NO_RULES.includes(first)) return refuse(`${first} is no rule: a scenario leaves it alone`);
  if (first === 'diagnoses' && below.length < 2)
    return refuse('a release of the diagnosis list comes from files: change its codes, at diagnoses/RELEASE/codes/CODE');
  return kind === 'remove' ? { kind, address } : { kind, address, value: written[NEEDS[kind]] };
}

/** How a code is open must be whole before codes can be folded to rows. */
function codeProblems(
  tree: Node,
  locate: (steps: readonly (readonly string[])[]) => Omit<PolicyProblem, 'problem'>,
): PolicyProblem[] {
  const releases = tree.kind === 'leaf' ? undefined : tree.entries.get('diagnoses');
  if (releases === undefined || releases.kind === 'leaf') return [];
  return [...releases.entries].flatMap(([release, node]) => {
    const codes = node.kind === 'object' ? node.entries.get('codes') : undefined;
    if (codes?.kind !== 'codes') return [];
    return [...codes.entries].flatMap(([code, entry]) => {
      const steps = ['diagnoses', release, 'codes', code];
      if (!/^\d{4}$/.test(code))
        return [{ ...locate([steps]), problem: `${code} is no diagnosis code: four digits, location and pathology` }];
      const issues = codeEntrySchema.safeParse(valueOf(entry)).error?.issues ?? [];
      return issues.map((issue) => ({
        ...locate([[...steps, ...issue.path.map(String)]]),
        problem: issue.code === 'unrecognized_keys' ? `unknown key ${issue.keys.join(', ')}` : issue.message,
      }));
    });
  });
}

/** Leads an address of the result to the change that is nearest to it: the one whose own address goes along with it farthest. */
function locator(changes: readonly Change[], yaml: YamlFile, file: string) {
  return (places: readonly (readonly string[])[]): Omit<PolicyProblem, 'problem'> => {
    let nearest = { change: changes.length === 1 ? 0 : -1, depth: 0 };
    changes.forEach((change, i) => {
      const steps = addressSteps(change.address);
      // what was put into a list is found below the list's own address
      if (change.kind === 'add') steps.push(keyOf(change.value) ?? '');
      for (const place of places) {
        const differs = steps.findIndex((step, at) => step !== place[at]);
        const depth = differs < 0 ? steps.length : differs;
        if (depth > nearest.depth) nearest = { change: i, depth };
      }
    });
    const line = yaml.lineOf(nearest.change < 0 ? ['changes'] : ['changes', nearest.change]);
    return { file, line, path: addressText(places[0] ?? []) };
  };
}

function shapeProblems(error: z.ZodError, yaml: YamlFile, file: string): PolicyProblem[] {
  return error.issues.map((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
    const path = [...issue.path, ...keys.slice(0, 1)];
    return {
      file,
      line: yaml.lineOf(path),
      path: path.map(String).join('.'),
      problem: keys.length > 0 ? 'unknown key; a scenario has scenario, title and changes' : issue.message,
    };
  });
}
