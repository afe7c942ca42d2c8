/** The bundled policy folder with one text replaced, for the tests of what the checks refuse. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicyFiles, PolicyFileError, type PolicyProblem } from '../index';

export const BUNDLED = join(__dirname, '..', '..', 'data');

/** Runs `use` on a copy of the bundled policy, which is removed afterwards. */
export function withCopy<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'policy-'));
  try {
    cpSync(BUNDLED, folder, { recursive: true });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface Spoilt {
  readonly problems: readonly PolicyProblem[];
  /** Line of the spoilt file in which the text stands, from 1. */
  readonly lineOf: (text: string) => number;
}

/** Replaces a text that stands in the file, loads the folder, and gives what was found wrong. */
export function spoil(file: string, was: string, is: string): Spoilt {
  return withCopy((folder) => {
    const before = readFileSync(join(folder, file), 'utf8');
    if (!before.includes(was)) throw new Error(`${file} no longer holds "${was}": the test no longer fits it`);
    const after = before.replace(was, is);
    writeFileSync(join(folder, file), after);
    const lineOf = (text: string): number => {
      const at = after.indexOf(text);
      if (at < 0) throw new Error(`${text} does not stand in ${file}`);
      return after.slice(0, at).split('\n').length;
    };
    try {
      loadPolicyFiles(folder);
    } catch (error) {
      if (error instanceof PolicyFileError) return { problems: error.problems, lineOf };
      throw error;
    }
    return { problems: [], lineOf };
  });
}
