/** Reads the policy folder: YAML with line numbers, and the diagnosis table as CSV. Every problem names file and line. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import type { PolicyProblem } from './problem';

const MAX_BYTES = 5_000_000;

/** Where the parts of a document came from. */
export interface Source {
  readonly file: string;
  /** Line of the value at a path below this source; the nearest existing parent's when there is none. */
  lineOf(path: readonly PropertyKey[]): number;
}

export interface YamlFile extends Source {
  readonly content: unknown;
}

/** Text of a file, or null after reporting why it cannot be used: missing, too large, empty, not UTF-8. */
export function readText(directory: string, file: string, problems: PolicyProblem[]): string | null {
  const report = (problem: string, line = 1): null => {
    problems.push({ file, line, path: '', problem });
    return null;
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(directory, file));
  } catch (error) {
    return report(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); the policy needs this file`);
  }
  if (bytes.length > MAX_BYTES) return report(`is larger than ${MAX_BYTES} bytes`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return report('is not UTF-8; save it in that encoding', firstBadLine(bytes));
  }
  return text.trim() === '' ? report('is empty') : text;
}

/** Line of the first bytes that are no UTF-8: lines are decoded one by one. */
function firstBadLine(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let start = 0;
  while (start <= bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    if (newline < 0) break;
    start = newline + 1;
    line++;
  }
  return 1;
}

/** A parsed YAML file, or null after reporting its syntax errors (duplicate keys among them). */
export function readYaml(directory: string, file: string, problems: PolicyProblem[]): YamlFile | null {
  const text = readText(directory, file, problems);
  if (text === null) return null;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true, version: '1.2' });
  for (const error of document.errors) {
    const line = error.linePos?.[0].line ?? 1;
    const problem = error.code === 'DUPLICATE_KEY' ? 'this key stands here twice' : error.message.split('\n')[0];
    problems.push({ file, line, path: '', problem: problem ?? error.code });
  }
  if (document.errors.length > 0) return null;
  if (!isMap(document.contents)) {
    problems.push({ file, line: 1, path: '', problem: 'must be a mapping of names to values' });
    return null;
  }
  let content: unknown;
  try {
    // an alias bomb is refused here
    content = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problems.push({ file, line: 1, path: '', problem: (error as Error).message });
    return null;
  }
  return { file, content, lineOf: (path) => lines.linePos(offsetOf(document, path)).line };
}

/** Offset of the value at the path, of its key where it is a key that should not be there, or of the deepest parent there is. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const part of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(part));
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      next = pair.value;
    } else {
      next = (node as { get?: (key: unknown, keep: boolean) => unknown }).get?.(part, true);
      if (!isNode(next)) break;
      offset = next.range?.[0] ?? offset;
    }
    node = next;
  }
  return offset;
}

/** Files of a folder with the extension, by name. */
export function listFiles(directory: string, folder: string, extension: string): string[] {
  try {
    return readdirSync(join(directory, folder))
      .filter((name) => name.endsWith(extension))
      .sort()
      .map((name) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

const COLUMNS = ['pathology', 'locations', 'open_to', 'items', 'side_needed', 'adult', 'child_physiotherapy', 'child_exercise'];

export interface DiagnosisTable extends Source {
  readonly rows: unknown[];
}

/** The compact diagnosis table: one line per pathology, availability, items and codes, with its locations. */
export function readDiagnosisTable(directory: string, file: string, problems: PolicyProblem[]): DiagnosisTable | null {
  const text = readText(directory, file, problems);
  if (text === null) return null;
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parseCsv(text, { columns: true, info: true, bom: true, skip_empty_lines: true });
  } catch (error) {
    const { lines, message } = error as { lines?: number; message: string };
    problems.push({ file, line: lines ?? 1, path: '', problem: message });
    return null;
  }
  const header = text.split('\n')[0]?.replace('\uFEFF', '').trim() ?? '';
  if (header !== COLUMNS.join(',')) {
    problems.push({ file, line: 1, path: '', problem: `the first line must be ${COLUMNS.join(',')}` });
    return null;
  }
  const words = (cell: string | undefined): string[] => (cell ?? '').split(' ').filter((word) => word !== '');
  const rows = records.map(({ record, info }) => {
    if (record.side_needed !== 'yes' && record.side_needed !== 'no') {
      problems.push({ file, line: info.lines, path: 'side_needed', problem: 'must be yes or no' });
    }
    return {
      pathology: record.pathology,
      locations: words(record.locations),
      openTo: record.open_to,
      items: words(record.items),
      laterality: record.side_needed === 'yes',
      adult: words(record.adult),
      childPhysiotherapy: words(record.child_physiotherapy),
      childExercise: words(record.child_exercise),
    };
  });
  return { file, rows, lineOf: (path) => records[typeof path[0] === 'number' ? path[0] : 0]?.info.lines ?? 1 };
}
