/** The member file: a row per statement, rows of one person together. */
import { parse, CsvError } from 'csv-parse';
import { Readable } from 'node:stream';
import { isDate } from '../calendar';

const LINE_FEED = 10;

export const MEMBER_COLUMNS = [
  'kind',
  'bsn',
  'birth_date',
  'name',
  'relation_number',
  'insurer',
  'package',
  'from',
  'through',
  'dcsph',
  'previous_insurer',
] as const;
type Column = (typeof MEMBER_COLUMNS)[number];
export const MEMBER_KINDS = ['member', 'insurance', 'package', 'switch', 'deceased'] as const;
type Kind = (typeof MEMBER_KINDS)[number];

/** What must and may stand in a row of each kind, beside `kind` and `bsn`. */
const COLUMNS_OF: Readonly<Record<Kind, { readonly needed: readonly Column[]; readonly allowed: readonly Column[] }>> = {
  member: { needed: ['birth_date'], allowed: ['name', 'relation_number', 'insurer'] },
  insurance: { needed: ['insurer', 'from'], allowed: ['through'] },
  package: { needed: ['insurer', 'package', 'from'], allowed: ['through'] },
  switch: { needed: ['from'], allowed: ['dcsph', 'previous_insurer'] },
  deceased: { needed: ['from'], allowed: [] },
};

export interface MemberProblem {
  /** Line in the file, from 1 (the header). */
  readonly line: number;
  readonly column: string | null;
  /** What is wrong and what to do; never what stood there, for that may be identity. */
  readonly problem: string;
}

export interface MemberRow {
  readonly line: number;
  readonly kind: Kind;
  readonly values: Readonly<Record<Column, string>>;
}

/** All rows of one person, or of what claims to be one. */
export interface MemberRows {
  readonly bsn: string;
  readonly rows: readonly MemberRow[];
  readonly problems: readonly MemberProblem[];
}

/** The file as a whole cannot be read. */
export class MemberFileError extends Error {
  override readonly name = 'MemberFileError';
  constructor(readonly problem: MemberProblem) {
    super(`member file, line ${problem.line}: ${problem.problem}`);
  }
}

/**
 * Reads a member file to its end without importing anything. Answers the BSNs of persons whose rows do not stand together.
 * Throws MemberFileError when it is no member file.
 */
export async function checkMemberFile(input: AsyncIterable<Uint8Array>): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const apart = new Set<string>();
  for await (const { bsn } of readMemberRows(input, apart)) (seen.has(bsn) ? apart : seen).add(bsn);
  return apart;
}

/**
 * Reads the rows, person by person. Throws MemberFileError when it is no member file.
 *
 * @param apart BSNs of persons whose rows do not stand together: each group of their rows carries that problem
 */
export async function* readMemberRows(input: AsyncIterable<Uint8Array>, apart: ReadonlySet<string>): AsyncGenerator<MemberRows> {
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: 10_000,
    relax_column_count: true,
  });
  const bytes = Readable.from(utf8Text(input));
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  let columns: readonly string[] | null = null;
  let current: { bsn: string; rows: MemberRow[]; problems: MemberProblem[] } | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === null) {
        columns = checkHeader(record);
        continue;
      }
      const values = Object.fromEntries(
        MEMBER_COLUMNS.map((name) => [name, record[columns?.indexOf(name) ?? -1] ?? '']),
      ) as Record<Column, string>;
      if (current === null || current.bsn !== values.bsn) {
        if (current !== null) yield current;
        current = { bsn: values.bsn, rows: [], problems: [] };
        if (apart.has(values.bsn))
          current.problems.push({
            line: info.lines,
            column: 'bsn',
            problem: 'rows of this person stand elsewhere in the file as well; put all rows of a person together',
          });
      }
      const problems =
        record.length === columns.length
          ? checkRow(values, info.lines)
          : [{ line: info.lines, column: null, problem: 'this row has another number of columns than the first line' }];
      if (problems.length > 0) current.problems.push(...problems);
      else current.rows.push({ line: info.lines, kind: values.kind as Kind, values });
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new MemberFileError({ line: Number(error['lines'] ?? 0), column: null, problem: csvProblem(error) });
    throw error;
  }
  if (columns === null)
    throw new MemberFileError({ line: 1, column: null, problem: 'the file is empty; the first line names the columns' });
  if (current !== null) yield current;
}

/** The bytes as they come, once it is sure that they are UTF-8 text: another character set would garble names without a word. */
async function* utf8Text(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 1;
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new MemberFileError({
        line,
        column: null,
        problem: 'here or further down the file is not UTF-8; save it in that encoding',
      });
    }
  };
  for await (const bytes of input) {
    if (bytes.includes(0))
      throw new MemberFileError({
        line,
        column: null,
        problem: 'the file holds zero bytes: it is UTF-16 or no text; save it as UTF-8',
      });
    yield decode(bytes);
    for (const byte of bytes) if (byte === LINE_FEED) line += 1;
  }
  yield decode();
}

function csvProblem(error: CsvError): string {
  if (error.code === 'CSV_MAX_RECORD_SIZE') return 'this row is too long to be a member row; is a quote left open?';
  return 'this is not CSV with commas and double quotes';
}

function checkHeader(names: readonly string[]): readonly string[] {
  const unknown = names.filter((name) => !(MEMBER_COLUMNS as readonly string[]).includes(name));
  const missing = MEMBER_COLUMNS.filter((name) => !names.includes(name));
  if (unknown.length > 0 || missing.length > 0)
    throw new MemberFileError({
      line: 1,
      column: null,
      problem: `the columns are ${MEMBER_COLUMNS.join(',')}${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''}${unknown.length > 0 ? `; ${unknown.length} unknown` : ''}`,
    });
  return names;
}

function checkRow(values: Readonly<Record<Column, string>>, line: number): MemberProblem[] {
  const problems: MemberProblem[] = [];
  const add = (column: string, problem: string): void => void problems.push({ line, column, problem });
  const kind = values.kind as Kind;
  const columns = COLUMNS_OF[kind] as (typeof COLUMNS_OF)[Kind] | undefined;
  if (columns === undefined) {
    add('kind', `is one of ${MEMBER_KINDS.join(', ')}`);
    return problems;
  }
  for (const column of columns.needed) if (values[column] === '') add(column, `a row of kind ${kind} needs it`);
  for (const column of MEMBER_COLUMNS.slice(2))
    if (values[column] !== '' && !columns.needed.includes(column) && !columns.allowed.includes(column))
      add(column, `has no meaning in a row of kind ${kind}; leave it empty`);
  for (const column of ['birth_date', 'from', 'through'] as const)
    if (values[column] !== '' && !isDate(values[column])) add(column, 'give a date that exists, as YYYY-MM-DD');
  for (const column of ['insurer', 'previous_insurer', 'dcsph'] as const)
    if (values[column] !== '' && !/^\d{4}$/.test(values[column])) add(column, 'give four digits');
  if (kind === 'member' && values.relation_number !== '' && values.insurer === '')
    add('insurer', 'a relation number is of an insurer; name it');
  return problems;
}
