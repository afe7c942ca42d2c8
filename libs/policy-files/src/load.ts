/** Assembles the files of a policy folder to one document, checks it, and gives it its identity. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compilePolicy, PolicyError, type PolicyDocument } from '#libs/coverage';
import canonicalize from 'canonicalize';
import { checkDocument } from './checks';
import { listFiles, readDiagnosisTable, readYaml, type Source } from './files';
import { pathText, PolicyFileError, type PolicyProblem } from './problem';
import { documentSchema } from './schema';
import { inTodaysShape } from './stored-content';

export interface LoadedPolicy {
  readonly document: PolicyDocument;
  /** SHA-256 of `content`, hex: the identity of this policy. */
  readonly digest: string;
  readonly version: string;
  /** The document as canonical JSON (RFC 8785): what is kept under the digest. */
  readonly content: string;
}

/** Leads a path of the document back to the file and line it was written in. */
export type Locate = (path: readonly PropertyKey[]) => { readonly file: string; readonly line: number; readonly path: string };

interface Part extends Source {
  /** Path of the part in the document, and in its own file. */
  readonly at: readonly PropertyKey[];
  readonly within: readonly PropertyKey[];
}

/** The plain files, and which top-level keys of the document each holds. */
const PLAIN_FILES: readonly (readonly [string, readonly string[]])[] = [
  ['policy.yaml', ['version', 'title']],
  ['interpretations.yaml', ['interpretations']],
  ['conditions.yaml', ['conditions']],
  ['thresholds.yaml', ['thresholds']],
  ['indications.yaml', ['indications']],
  ['performances.yaml', ['performanceLists', 'performances', 'longSessions']],
  ['corrections.yaml', ['corrections']],
];

/**
 * Reads and checks the policy files.
 * @param directory folder with policy.yaml and the others; the bundled one when left out
 * @throws PolicyFileError with every problem found, each with file, line, path and what to do
 */
export function loadPolicyFiles(directory: string = bundledDirectory()): LoadedPolicy {
  const problems: PolicyProblem[] = [];
  const { raw, parts } = assemble(directory, problems);
  if (problems.length > 0) throw new PolicyFileError(problems);
  return sealed(checked(raw, locator(parts)));
}

/** Gives a checked document its identity. */
export function sealed(document: PolicyDocument): LoadedPolicy {
  const content = canonicalize(document);
  if (content === undefined) throw new TypeError('a policy document is always JSON');
  return { document, digest: sha256(content), version: document.version, content };
}

/**
 * Reads a stored policy back: a digest found in the log must still lead to a usable policy. Its shape is checked; what files are refused
 * for is not, for it was checked by the version that activated it, and checks grow stricter.
 * @param content canonical JSON as `LoadedPolicy.content`
 * @throws PolicyFileError
 */
export function policyFromContent(content: string): PolicyDocument {
  const locate: Locate = (path) => ({ file: 'policy document', line: 1, path: pathText(path) });
  let raw: unknown;
  try {
    raw = JSON.parse(content);
  } catch (error) {
    throw new PolicyFileError([
      { file: 'policy document', line: 1, path: '', problem: `is no JSON: ${(error as Error).message}` },
    ]);
  }
  return usable(shaped(inTodaysShape(raw), locate), locate);
}

/** SHA-256 of the text's UTF-8, hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The folder is not compiled: from `dist` the way leads back to the sources. */
function bundledDirectory(): string {
  const candidates = [join(__dirname, '..', 'data'), join(__dirname, '..', '..', '..', '..', 'libs', 'policy-files', 'data')];
  return candidates.find((each) => existsSync(join(each, 'policy.yaml'))) ?? candidates[0] ?? '';
}

function assemble(directory: string, problems: PolicyProblem[]): { raw: Record<string, unknown>; parts: Part[] } {
  const raw: Record<string, unknown> = { format: 1 };
  const parts: Part[] = [];
  for (const [name, keys] of PLAIN_FILES) {
    const file = readYaml(directory, name, problems);
    if (file === null) continue;
    for (const [key, value] of Object.entries(file.content as Record<string, unknown>)) {
      if (!keys.includes(key)) {
        problems.push({
          file: name,
          line: file.lineOf([key]),
          path: key,
          problem: `unknown key; this file holds ${keys.join(', ')}`,
        });
        continue;
      }
      raw[key] = value;
      parts.push({ ...file, at: [key], within: [key] });
    }
    for (const key of keys) {
      if (!(key in (file.content as object))) problems.push({ file: name, line: 1, path: key, problem: 'is missing' });
    }
  }
  raw.diagnoses = assembleDiagnoses(directory, parts, problems);
  raw.insurers = listFiles(directory, 'insurers', '.yaml').map((name, index) => {
    const file = readYaml(directory, name, problems);
    if (file !== null) {
      parts.push({ ...file, at: ['insurers', index], within: [] });
      const insurer = String((file.content as { insurer?: unknown }).insurer);
      if (name !== `insurers/${insurer}.yaml`) {
        problems.push({
          file: name,
          line: file.lineOf(['insurer']),
          path: 'insurer',
          problem: `is ${insurer}: the file must be named ${insurer}.yaml`,
        });
      }
    }
    return file?.content;
  });
  return { raw, parts };
}

function assembleDiagnoses(directory: string, parts: Part[], problems: PolicyProblem[]): unknown[] {
  return listFiles(directory, 'diagnoses', '.yaml').map((name, index) => {
    const file = readYaml(directory, name, problems);
    if (file === null) return undefined;
    parts.push({ ...file, at: ['diagnoses', index], within: [] });
    const content = file.content as Record<string, unknown>;
    if (typeof content.rows !== 'string' || !/^[\w.-]+\.csv$/.test(content.rows)) {
      problems.push({
        file: name,
        line: file.lineOf(['rows']),
        path: 'rows',
        problem: 'must name the CSV table beside this file',
      });
      return content;
    }
    const table = readDiagnosisTable(directory, `diagnoses/${content.rows}`, problems);
    if (table === null) return content;
    parts.push({ ...table, at: ['diagnoses', index, 'rows'], within: [] });
    return { ...content, rows: table.rows };
  });
}

function locator(parts: readonly Part[]): Locate {
  // the longest matching part first: a diagnosis table lies inside its release
  const byDepth = [...parts].sort((a, b) => b.at.length - a.at.length);
  return (path) => {
    const part = byDepth.find((each) => each.at.every((key, i) => path[i] === key));
    if (part === undefined) return { file: 'policy.yaml', line: 1, path: pathText(path) };
    const inner = [...part.within, ...path.slice(part.at.length)];
    return { file: part.file, line: part.lineOf(inner), path: pathText(inner) };
  };
}

/**
 * Checks an assembled document as a whole: shape, names and dates, and that the engine can compile it.
 * @param locate where a path of the document was written
 * @throws PolicyFileError with every problem found
 */
export function checked(raw: unknown, locate: Locate): PolicyDocument {
  const document = shaped(raw, locate);
  const problems = checkDocument(document, locate);
  if (problems.length > 0) throw new PolicyFileError(problems);
  return usable(document, locate);
}

function shaped(raw: unknown, locate: Locate): PolicyDocument {
  const parsed = documentSchema.safeParse(raw);
  if (!parsed.success) {
    throw new PolicyFileError(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => ({ ...locate([...issue.path, key]), problem: 'unknown key' }))
          : [{ ...locate(issue.path), problem: issue.message }],
      ),
    );
  }
  return parsed.data;
}

/** The document, if the engine can be given it. */
function usable(document: PolicyDocument, locate: Locate): PolicyDocument {
  try {
    compilePolicy(document, '');
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyFileError([{ ...locate([]), problem: error.message }]);
  }
  return document;
}
