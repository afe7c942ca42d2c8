import { access, constants, stat } from 'node:fs/promises';
import { UsageError } from '../errors';

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file; check the path',
  ENOTDIR: 'there is no such file; check the path',
  EACCES: 'this user may not read it; change its permissions or run as its owner',
  EPERM: 'this user may not read it; change its permissions or run as its owner',
};

/** Why the path cannot be read as a file, and what to do; null when it can. Devices and pipes have no end or can be read once only. */
export async function inputFileFault(path: string): Promise<string | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'this is a folder; name the files in it';
    if (!found.isFile()) return 'this is no plain file; save it as one';
    await access(path, constants.R_OK);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const fault = FAULTS[code ?? ''];
    if (fault === undefined) throw error;
    return fault;
  }
}

/** @throws UsageError naming the file when it cannot be read as one */
export async function requireInputFile(path: string): Promise<void> {
  const fault = await inputFileFault(path);
  if (fault !== null) throw new UsageError(`${path}: ${fault}`);
}
