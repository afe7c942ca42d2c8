import type { Command } from 'commander';
import { layScenario, policyOn, type LoadedPolicy, type PolicyOnDate, type ValueInForce } from '#libs/policy-files';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';
import { namedPolicies, parseDate, refuse } from './policy-source';

interface ShowOptions {
  readonly json?: boolean;
  readonly on?: string;
  readonly condition?: string;
  readonly fileTree?: string;
  readonly scenario?: string;
}

export function addPolicyShow(policy: Command): void {
  policy
    .command('show')
    .description(
      'show which policy version is in effect; with any of the options the values in force on a date, each with its source',
    )
    .option('--on <date>', 'the date (default: today)', parseDate)
    .option('--condition <id>', 'this condition alone')
    .option('--file-tree <folder>', 'of a folder of policy files instead of the version in effect')
    .option('--scenario <file>', 'with a scenario laid over it')
    .option('--json', 'print the result as JSON')
    .action(async (options: ShowOptions) => {
      const terminal = new Terminal(options.json === true);
      if ([options.on, options.condition, options.fileTree, options.scenario].every((each) => each === undefined)) {
        await showVersion(terminal);
        return;
      }
      let shown: LoadedPolicy;
      try {
        const [named] = await namedPolicies([options.fileTree ?? 'active']);
        if (named === undefined) throw new TypeError('one name is one policy');
        shown = options.scenario === undefined ? named : layScenario(named, options.scenario);
      } catch (error) {
        refuse(terminal, error);
        return;
      }
      const values = policyOn(shown, options.on ?? today());
      if (options.condition === undefined) {
        terminal.value(values);
        printAll(terminal, values);
        return;
      }
      const condition = values.conditions.find((each) => each.id === options.condition);
      if (condition === undefined)
        throw new UsageError(
          `there is no condition ${options.condition}; there are ${values.conditions.map((each) => each.id).join(', ')}`,
        );
      const { version, digest, scenario, on } = values;
      const only = { version, digest, scenario, on, conditions: [condition] };
      terminal.value(only);
      printHead(terminal, values);
      printConditions(terminal, only.conditions);
    });
}

/** The day here: a policy's dates are days in the Netherlands. */
const today = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Amsterdam' });

async function showVersion(terminal: Terminal): Promise<void> {
  const session = await openSession('policy');
  try {
    const { book } = await session.runtime.context.policies.inEffect();
    terminal.value({ version: book.version, digest: book.digest });
    terminal.line(`Policy ${book.version}, digest ${book.digest}`);
  } finally {
    await session.close();
  }
}

function printHead(terminal: Terminal, { version, digest, scenario, on }: PolicyOnDate): void {
  const over = scenario === null ? '' : `, with the scenario ${scenario} laid over it`;
  terminal.line(`Policy ${version}${over}, digest ${digest}\nValues in force on ${on}`);
}

function printAll(terminal: Terminal, values: PolicyOnDate): void {
  printHead(terminal, values);
  terminal.line('\nConditions. Threshold: first sessions that an adult bears, in a trajectory that starts on the date');
  printConditions(terminal, values.conditions);
  for (const { insurer, name, packages, terms } of values.insurers) {
    terminal.line(`\nInsurer ${insurer}, ${name}`);
    printValues(terminal, [...packages.map((each) => ({ ...each, name: `package ${each.name}` })), ...terms]);
  }
  terminal.line('\nParameters where no law or list decides');
  printValues(terminal, values.parameters);
  terminal.line('\nDiagnosis list');
  printValues(terminal, [{ name: 'DCSPH', ...values.diagnoses }]);
}

/** Lines rather than a table: names and sources are too long for columns. */
function printConditions(terminal: Terminal, conditions: PolicyOnDate['conditions']): void {
  for (const each of conditions) {
    const { threshold } = each;
    terminal.line(`  ${each.id}  ${each.name}`);
    terminal.line(
      `      term ${each.term}; ${each.cap === null ? 'no cap' : `cap ${each.cap}`}; ${threshold === null ? 'no threshold' : `threshold ${threshold.sessions}`}`,
    );
    const source = threshold === null ? each.source : `${each.source}. Threshold: ${threshold.source}`;
    terminal.line(`      valid ${dates(each)}. ${source}`);
  }
}

function printValues(terminal: Terminal, values: readonly (ValueInForce & { readonly name: string })[]): void {
  for (const each of values) {
    terminal.line(`  ${each.name}: ${each.value}`);
    terminal.line(`      valid ${dates(each)}. ${each.source}`);
  }
}

const dates = ({ from, through }: { readonly from: string; readonly through: string | null }): string =>
  `from ${from}${through === null ? '' : ` through ${through}`}`;
