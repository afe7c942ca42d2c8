import type { Command } from 'commander';
import { diffPolicies, layScenario, type LoadedPolicy, type PolicyDifference } from '#libs/policy-files';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { namedPolicies, refuse } from './policy-source';

const CODES_SHOWN = 20;

export function addPolicyDiff(policy: Command): void {
  policy
    .command('diff')
    .description('list what differs between two policies; exit code 0 when nothing does, 4 otherwise')
    .argument('<a>', 'a folder of policy files, "active", or the digest of a version that is kept')
    .argument('[b]', 'the same; may be left out with --scenario, which is then laid over the first')
    .option('--scenario <file>', 'lay this scenario over the second')
    .option('--json', 'print the result as JSON')
    .action(async (a: string, second: string | undefined, options: { scenario?: string; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      if (second === undefined && options.scenario === undefined)
        throw new UsageError('name a second policy, or a scenario to lay over the first (--scenario FILE)');
      const b = second ?? a;
      let left: LoadedPolicy | undefined;
      let right: LoadedPolicy | undefined;
      try {
        [left, right] = await namedPolicies([a, b]);
        if (right !== undefined && options.scenario !== undefined) right = layScenario(right, options.scenario);
      } catch (error) {
        refuse(terminal, error);
        return;
      }
      if (left === undefined || right === undefined) throw new TypeError('two names are two policies');
      const differences = diffPolicies(left.document, right.document);
      const head = (name: string, { version, digest, document }: LoadedPolicy) => ({
        name,
        version,
        digest,
        scenario: document.scenario?.name ?? null,
      });
      const heads = { a: head(a, left), b: head(b, right) };
      terminal.value({ ...heads, equal: differences.length === 0, differences });
      for (const [letter, { name, version, digest, scenario }] of Object.entries(heads))
        terminal.line(
          `${letter}: ${name}, policy ${version}${scenario === null ? '' : ` with scenario ${scenario}`}, digest ${digest}`,
        );
      for (const line of inWords(differences)) terminal.line(line);
      terminal.line(differences.length === 0 ? 'Nothing differs.' : `${differences.length} differences`);
      process.exitCode = differences.length === 0 ? EXIT.ok : EXIT.findings;
    });
}

/** One line per difference; diagnosis codes that differ in the same way share one. */
function inWords(differences: readonly PolicyDifference[]): string[] {
  const lines = new Map<string, { readonly first: PolicyDifference; readonly codes: string[] }>();
  for (const difference of differences) {
    const [, list = '', code = '', rest = ''] = /^(diagnoses\/[^/]+\/codes\/)([^/]+)(.*)$/.exec(difference.address) ?? [];
    const key = list === '' ? difference.address : JSON.stringify([difference.kind, list, rest, difference.from, difference.to]);
    const line = lines.get(key) ?? { first: difference, codes: [] };
    if (code !== '') line.codes.push(code);
    lines.set(key, line);
  }
  return [...lines.values()].map(({ first, codes }) => sentence(first, codes));
}

function sentence({ kind, address, name, from, to, valid }: PolicyDifference, codes: readonly string[]): string {
  const more = codes.length > CODES_SHOWN ? ` and ${codes.length - CODES_SHOWN} more` : '';
  const place =
    codes.length > 1 ? address.replace(/(codes\/)[^/]+/, `$1{${codes.slice(0, CODES_SHOWN).join(' ')}${more}}`) : address;
  const what = kind === 'changed' ? `${inText(from)} → ${inText(to)}` : inText(kind === 'added' ? to : from);
  const dates = [
    valid?.from == null ? '' : ` from ${valid.from}`,
    valid?.through == null ? '' : ` through ${valid.through}`,
  ].join('');
  return `${kind.padEnd(7)} ${place}${name === null ? '' : ` (${name})`}: ${what}${dates === '' ? '' : `, valid${dates}`}`;
}

const inText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
