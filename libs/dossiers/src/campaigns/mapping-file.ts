/** The mapping file: a row per code, with where it goes, from when, and under which conditions. */
import { CsvError, parse } from 'csv-parse/sync';
import { isDate } from '../calendar';
import type { MappingRow } from './shape';

export const MAPPING_COLUMNS = ['old_code', 'new_code', 'effective_date', 'item', 'practice'] as const;
const NEEDED = ['old_code', 'new_code', 'effective_date'] as const;
type Column = (typeof MAPPING_COLUMNS)[number];

/** The whole list of codes is not so long; a larger file is another one. */
export const MAX_MAPPING_BYTES = 1_000_000;
export const MAX_MAPPING_ROWS = 5_000;

export interface MappingProblem {
  /** Line in the file, from 1 (the header). */
  readonly line: number;
  readonly column: Column | null;
  /** What is wrong and what to do. */
  readonly problem: string;
}

export interface ReadMapping {
  readonly rows: readonly MappingRow[];
  /** Where there are any, nothing is done with the rows. */
  readonly problems: readonly MappingProblem[];
}

/** As the parser gives it with `info`. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const whole = (line: number, problem: string): ReadMapping => ({ rows: [], problems: [{ line, column: null, problem }] });

/** Reads the form of the file; what the rows say of each other and of the policy is checked after (`mapping-check.ts`). */
export function readMapping(bytes: Uint8Array): ReadMapping {
  if (bytes.length > MAX_MAPPING_BYTES)
    return whole(
      1,
      `the file is larger than ${MAX_MAPPING_BYTES} bytes; is it a mapping? Leave out what goes on under its own code`,
    );
  const text = textOf(bytes);
  if (typeof text !== 'string') return text;
  let records: readonly CsvRecord[];
  try {
    const parsed: unknown = parse(text, { bom: true, info: true, skip_empty_lines: true, trim: true, relax_column_count: true });
    records = parsed as readonly CsvRecord[];
  } catch (error) {
    if (error instanceof CsvError)
      return whole(Number(error['lines'] ?? 1), 'this is not CSV with commas and double quotes; is a quote left open?');
    throw error;
  }
  const [header, ...body] = records;
  if (header === undefined) return whole(1, `the file is empty; the first line names the columns: ${MAPPING_COLUMNS.join(',')}`);
  const columns = header.record;
  const unknown = columns.filter(
    (name, i) => !(MAPPING_COLUMNS as readonly string[]).includes(name) || columns.indexOf(name) !== i,
  );
  const missing = NEEDED.filter((name) => !columns.includes(name));
  if (unknown.length > 0 || missing.length > 0)
    return whole(
      1,
      `the columns are ${MAPPING_COLUMNS.join(',')}, the last two optional${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''}${unknown.length > 0 ? `; ${unknown.length} unknown or named twice` : ''}`,
    );
  if (body.length === 0) return whole(1, 'the file names columns and no code; add a row per code');
  if (body.length > MAX_MAPPING_ROWS)
    return whole(MAX_MAPPING_ROWS + 2, `the file has more than ${MAX_MAPPING_ROWS} rows; make campaigns of parts of it`);
  const problems: MappingProblem[] = [];
  const rows = body.flatMap(({ record, info }): MappingRow[] => {
    if (record.length !== columns.length) {
      problems.push({ line: info.lines, column: null, problem: 'this row has another number of columns than the first line' });
      return [];
    }
    const value = (column: Column): string => record[columns.indexOf(column)] ?? '';
    const faults = faultsOf(value).map(([column, problem]) => ({ line: info.lines, column, problem }));
    problems.push(...faults);
    return faults.length > 0
      ? []
      : [
          {
            line: info.lines,
            from: value('old_code'),
            to: value('new_code'),
            effectiveDate: value('effective_date'),
            item: value('item') || null,
            practice: value('practice') || null,
          },
        ];
  });
  return { rows, problems };
}

/** The text, once it is sure that it is UTF-8. */
function textOf(bytes: Uint8Array): string | ReadMapping {
  const zero = bytes.indexOf(0);
  if (zero >= 0)
    return whole(lineAt(bytes, zero), 'the file holds zero bytes: it is UTF-16, a workbook or no text; save it as CSV in UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return whole(
      lineAt(
        bytes,
        bytes.findIndex((byte) => byte > 0x7f),
      ),
      'here or further down the file is not UTF-8; save it in that encoding',
    );
  }
}

const lineAt = (bytes: Uint8Array, at: number): number => bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;

function faultsOf(value: (column: Column) => string): [Column, string][] {
  const faults: [Column, string][] = [];
  for (const column of ['old_code', 'new_code'] as const)
    if (!/^\d{4}$/.test(value(column))) faults.push([column, 'give the DCSPH code, four digits']);
  if (!isDate(value('effective_date'))) faults.push(['effective_date', 'give a date that exists, as YYYY-MM-DD']);
  if (value('practice') !== '' && !/^\d{8}$/.test(value('practice')))
    faults.push(['practice', 'give the AGB code of the practice, eight digits, or leave it empty']);
  if (value('old_code') !== '' && value('old_code') === value('new_code'))
    faults.push(['new_code', 'a code cannot be mapped to itself; leave the row out']);
  return faults;
}
