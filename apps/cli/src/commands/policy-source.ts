/** Where a policy comes from that a command names: a folder of policy files, the version in effect, or one kept under its digest. */
import { stat } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { isIsoDate } from '#libs/coverage';
import { PolicyMissingError } from '#libs/dossiers';
import { layScenario, loadPolicyFiles, PolicyFileError, sealPolicy, type LoadedPolicy } from '#libs/policy-files';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import type { Terminal } from '../output/terminal';
import { openSession, type Session } from '../session';

const ACTIVE = 'active';
const DIGEST = /^[0-9a-f]{64}$/;
const SHOWN_PER_FILE = 50;

export const parseDate = (text: string): string => {
  if (!isIsoDate(text)) throw new InvalidArgumentError('give a date as YYYY-MM-DD');
  return text;
};

/**
 * Prints what is wrong with policy files, a scenario or a workbook, and sets the exit code; other errors are thrown on.
 */
export function refuse(terminal: Terminal, error: unknown): void {
  if (!(error instanceof PolicyFileError)) throw error;
  const ofFile = new Map<string, number>();
  for (const { file, line, path, problem } of error.problems) {
    const count = (ofFile.get(file) ?? 0) + 1;
    ofFile.set(file, count);
    if (count <= SHOWN_PER_FILE) terminal.problem(`${file}:${line}${path === '' ? '' : ` ${path}`}: ${problem}`);
  }
  for (const [file, count] of ofFile)
    if (count > SHOWN_PER_FILE) terminal.problem(`${file}: … and ${count - SHOWN_PER_FILE} more (--json lists all)`);
  terminal.value({ problems: error.problems });
  process.exitCode = EXIT.refused;
}

/** The policy of a folder, with a scenario laid over it where one is named; null after its problems were printed. */
export function loadFolder(terminal: Terminal, folder: string | undefined, scenario?: string): LoadedPolicy | null {
  try {
    const policy = loadPolicyFiles(folder);
    return scenario === undefined ? policy : layScenario(policy, scenario);
  } catch (error) {
    refuse(terminal, error);
    return null;
  }
}

/**
 * Policies by name: `active`, a digest, or a folder. The store is opened only when one of them is kept there.
 * @throws UsageError when a name leads nowhere
 * @throws PolicyFileError when the files of a folder cannot be used
 */
export async function namedPolicies(names: readonly string[]): Promise<LoadedPolicy[]> {
  const isStored = (name: string): boolean => name === ACTIVE || DIGEST.test(name);
  for (const name of names) if (!isStored(name)) await requireFolder(name);
  const session = names.some(isStored) ? await openSession('policy') : null;
  try {
    const policies: LoadedPolicy[] = [];
    for (const name of names)
      policies.push(session !== null && isStored(name) ? await storedPolicy(session, name) : loadPolicyFiles(name));
    return policies;
  } finally {
    await session?.close();
  }
}

async function storedPolicy(session: Session, name: string): Promise<LoadedPolicy> {
  const { policies } = session.runtime.context;
  try {
    const book = name === ACTIVE ? (await policies.inEffect()).book : await policies.byDigest(name);
    return sealPolicy(book.document);
  } catch (error) {
    if (error instanceof PolicyMissingError) throw new UsageError(error.message);
    throw error;
  }
}

async function requireFolder(name: string): Promise<void> {
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new UsageError(`${name}: name a folder of policy files, "active", or the 64 digits of a digest that is kept`);
}
