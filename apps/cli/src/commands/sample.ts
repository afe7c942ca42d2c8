import { InvalidArgumentError, type Command } from 'commander';
import { Terminal } from '../output/terminal';
import { writeSample } from '../sample';

const wholeNumber = (text: string): number => {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('give a whole number');
  return Number(text);
};

export function addSample(program: Command): void {
  program
    .command('sample')
    .description('write made-up members, claim files and corrections, the same for the same seed')
    .option('--persons <n>', 'members', wholeNumber, 300)
    .option('--seed <n>', 'seed', wholeNumber, 1)
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--json', 'print the manifest as JSON')
    .action(async (options: { persons: number; seed: number; out: string; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const manifest = await writeSample({ persons: options.persons, seed: options.seed, out: options.out });
      terminal.value(manifest);
      const { persons, claimFiles, lines, corrections } = manifest;
      terminal.line(
        `${persons} members, ${lines.total} lines in ${claimFiles.length} claim files and their corrections in ${options.out}`,
      );
      terminal.line(`  traject import-members ${options.out}/${manifest.members.file}`);
      terminal.line(`  traject ingest ${options.out}/*.pm304`);
      terminal.line(`  traject correct ${options.out}/${corrections.file}`);
    });
}
