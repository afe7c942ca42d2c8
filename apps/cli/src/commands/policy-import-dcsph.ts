import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { importDcsph, loadPolicyFiles, type DcsphChange, type DcsphImport } from '#libs/policy-files';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { requireInputFile } from './input-file';
import { parseDate, refuse } from './policy-source';

const CODES_SHOWN = 40;

interface ImportOptions {
  readonly out?: string;
  readonly validFrom?: string;
  readonly release?: string;
  readonly policy?: string;
  readonly json?: boolean;
}

export function addImportDcsph(policy: Command): void {
  policy
    .command('import-dcsph')
    .description(
      'read a later release of the official DCSPH workbook: what it opens, closes and changes, and with --out as policy files',
    )
    .argument('<file>', 'the workbook (.xlsx)')
    .option('--out <folder>', 'write diagnoses/dcsph-DATE.yaml and .csv below this folder; needs --valid-from')
    .option('--valid-from <date>', 'first day on which the release holds', parseDate)
    .option('--release <name>', 'name of the release, e.g. 4.8 (default: named after its first day)')
    .option(
      '--policy <folder>',
      'policy that it joins and is compared with (default: --out where that holds one, else the bundled one)',
    )
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: ImportOptions) => {
      const terminal = new Terminal(options.json === true);
      if (options.out !== undefined && options.validFrom === undefined)
        throw new UsageError('--out needs --valid-from: the workbook does not say from when the release holds');
      await requireInputFile(file);
      const outIsPolicy = options.out !== undefined && existsSync(join(options.out, 'policy.yaml'));
      let result: DcsphImport;
      try {
        const { document } = loadPolicyFiles(options.policy ?? (outIsPolicy ? options.out : undefined));
        const naming = { validFrom: options.validFrom ?? null, release: options.release ?? null };
        result = importDcsph(await readFile(file), file, document, naming);
      } catch (error) {
        refuse(terminal, error);
        return;
      }
      const { counts, comparison, carried, files } = result;
      let written: string[] = [];
      if (options.out !== undefined && files !== null) {
        const pair = [files.csv, files.yaml].map(([path, text]): [string, string] => [join(options.out ?? '', path), text]);
        const there = pair.find(([path]) => existsSync(path));
        if (there !== undefined) {
          terminal.problem(`${there[0]} is there already: choose another --valid-from, or remove it first; nothing was written`);
          process.exitCode = EXIT.refused;
          return;
        }
        written = await writePair(pair);
      }
      terminal.value({ counts, comparison, carried, files: written });
      print(terminal, result);
      for (const path of written) terminal.line(`written ${path}`);
      if (written.length > 0)
        terminal.line('Next: raise version in policy.yaml of that folder, then traject policy check and activate.');
    });
}

/** Both or none: the YAML comes last, and without it the table is no part of a policy. */
async function writePair(pair: readonly (readonly [path: string, text: string])[]): Promise<string[]> {
  const written: string[] = [];
  try {
    for (const [path, text] of pair) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text, { flag: 'wx' });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) await rm(path, { force: true });
    throw error;
  }
  return written;
}

function print(terminal: Terminal, { counts, comparison, carried }: DcsphImport): void {
  const reserved = Object.entries(counts.openTo)
    .filter(([id]) => id !== 'all')
    .map(([id, count]) => `${count} ${id}`);
  terminal.line(
    `${counts.codes} codes: ${counts.closed} closed, ${counts.open} open, of which reserved: ${reserved.join(', ') || 'none'}`,
  );
  terminal.line(`Compared with release ${comparison.with}:`);
  const list = (what: string, codes: readonly string[]): void =>
    terminal.line(`  ${what}: ${codes.length}${codes.length === 0 ? '' : `  ${shown(codes)}`}`);
  list('opened', comparison.opened);
  list('closed', comparison.closed);
  list('changed', [...new Set(comparison.changed.map((each) => each.code))]);
  for (const [text, codes] of grouped(comparison.changed)) terminal.line(`    ${text}: ${shown(codes)}`);
  for (const each of comparison.table) terminal.line(`  ${each}`);
  for (const { code, items } of carried)
    terminal.line(
      `  ${code}: its item ${items.join(' ')} is ours and stands in no workbook; kept as in release ${comparison.with}, to be confirmed`,
    );
}

const shown = (codes: readonly string[]): string =>
  `${codes.slice(0, CODES_SHOWN).join(' ')}${codes.length > CODES_SHOWN ? ` and ${codes.length - CODES_SHOWN} more (--json lists all)` : ''}`;

/** Codes that changed in the same way stand together. */
function grouped(changes: readonly DcsphChange[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { code, what, from, to } of changes) {
    const text = `${what} ${from} → ${to}`;
    groups.set(text, [...(groups.get(text) ?? []), code]);
  }
  return groups;
}
