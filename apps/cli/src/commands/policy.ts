import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { ActivatePolicy, PolicyRefusedError } from '#libs/dossiers';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';
import { addPolicyDiff } from './policy-diff';
import { addImportDcsph } from './policy-import-dcsph';
import { addPolicyShow } from './policy-show';
import { loadFolder } from './policy-source';

export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('the policy book: law, codes, packages and interpretations as dated data');
  policy
    .command('check')
    .description('check policy files: schema, gaps, overlaps, unknown names')
    .argument('[folder]', 'folder of policy files (default: the bundled ones)')
    .option('--scenario <file>', 'check this scenario as well, laid over the folder')
    .option('--json', 'print the result as JSON')
    .action((folder: string | undefined, options: { scenario?: string; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const loaded = loadFolder(terminal, folder, options.scenario);
      if (loaded === null) return;
      const { version, digest, document } = loaded;
      const scenario = document.scenario?.name;
      terminal.value({ version, digest, ...(scenario === undefined ? {} : { scenario }), problems: [] });
      terminal.line(
        `${scenario === undefined ? `Policy ${version}` : `Scenario ${scenario} laid over policy ${version}`} is sound. Digest ${digest}`,
      );
    });
  policy
    .command('activate')
    .description('make policy files take effect; persons are decided anew by them at their next command')
    .argument('[folder]', 'folder of policy files (default: the bundled ones)')
    .option('--scenario <file>', 'always refused: a scenario never takes effect')
    .option('--json', 'print the result as JSON')
    .action(async (folder: string | undefined, options: { scenario?: string; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      if (folder !== undefined && (await isFile(folder))) {
        refuseToActivate(
          terminal,
          `${folder} is a file: activate takes a folder of policy files. A scenario never takes effect.`,
        );
        return;
      }
      const loaded = loadFolder(terminal, folder, options.scenario);
      if (loaded === null) return;
      const session = await openSession('policy');
      try {
        const changed = await session.commands.execute(new ActivatePolicy(loaded, 'policy-office'));
        terminal.value({ version: loaded.version, digest: loaded.digest, changed });
        terminal.line(
          changed ? `Policy ${loaded.version} is in effect from now on.` : `Policy ${loaded.version} was in effect already.`,
        );
      } catch (error) {
        if (!(error instanceof PolicyRefusedError)) throw error;
        refuseToActivate(terminal, error.message);
      } finally {
        await session.close();
      }
    });
  addPolicyShow(policy);
  addPolicyDiff(policy);
  addImportDcsph(policy);
}

function refuseToActivate(terminal: Terminal, reason: string): void {
  terminal.problem(`not activated: ${reason}`);
  terminal.value({ changed: false, refused: reason });
  process.exitCode = EXIT.refused;
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
