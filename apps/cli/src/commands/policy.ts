import type { Command } from 'commander';
import { ActivatePolicy } from '#libs/dossiers';
import { loadPolicyFiles, PolicyFileError, type LoadedPolicy } from '#libs/policy-files';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';

/** The policy of a folder, or null after its problems were printed. */
function load(terminal: Terminal, folder: string | undefined): LoadedPolicy | null {
  try {
    return loadPolicyFiles(folder);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    for (const { file, line, path, problem } of error.problems)
      terminal.problem(`${file}:${line}${path === '' ? '' : ` ${path}`}: ${problem}`);
    terminal.value({ problems: error.problems });
    process.exitCode = EXIT.refused;
    return null;
  }
}

export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('the policy book: law, codes, packages and interpretations as dated data');
  policy
    .command('check')
    .description('check policy files: schema, gaps, overlaps, unknown names')
    .argument('[folder]', 'folder of policy files (default: the bundled ones)')
    .option('--json', 'print the result as JSON')
    .action((folder: string | undefined, options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const loaded = load(terminal, folder);
      if (loaded === null) return;
      terminal.value({ version: loaded.version, digest: loaded.digest, problems: [] });
      terminal.line(`Policy ${loaded.version} is sound. Digest ${loaded.digest}`);
    });
  policy
    .command('activate')
    .description('make policy files take effect; persons are decided anew by them at their next command')
    .argument('[folder]', 'folder of policy files (default: the bundled ones)')
    .option('--json', 'print the result as JSON')
    .action(async (folder: string | undefined, options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const loaded = load(terminal, folder);
      if (loaded === null) return;
      const session = await openSession('policy');
      try {
        const changed = await session.commands.execute(new ActivatePolicy(loaded, 'policy-office'));
        terminal.value({ version: loaded.version, digest: loaded.digest, changed });
        terminal.line(
          changed ? `Policy ${loaded.version} is in effect from now on.` : `Policy ${loaded.version} was in effect already.`,
        );
      } finally {
        await session.close();
      }
    });
  policy
    .command('show')
    .description('show which policy version is in effect')
    .option('--json', 'print the result as JSON')
    .action(async (options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const session = await openSession('policy');
      try {
        const { book } = await session.runtime.context.policies.inEffect();
        terminal.value({ version: book.version, digest: book.digest });
        terminal.line(`Policy ${book.version}, digest ${book.digest}`);
      } finally {
        await session.close();
      }
    });
}
