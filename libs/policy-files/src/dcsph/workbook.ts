/**
 * Reads one sheet of an .xlsx workbook (Office Open XML, ECMA-376 part 1, chapter 18) into texts by row and column. Strict where
 * a lenient reader would lose something without a word: a cell that holds an error or a place outside the sheet is refused.
 */
import { posix } from 'node:path';
import { SaxesParser } from 'saxes';
import { ZipArchive, ZipError } from './zip';

/** Columns by letter from A, rows from 1, as a spreadsheet names them; texts are trimmed, empty cells are left out. */
export interface Sheet {
  readonly name: string;
  /** Rows that have cells, in order. */
  readonly rows: readonly SheetRow[];
}
export interface SheetRow {
  readonly number: number;
  /** Text by column, from 0 = A. */
  readonly cells: ReadonlyMap<number, string>;
}

/** The workbook cannot be read; `place` is a cell such as `Sheet!F12` where there is one. */
export class WorkbookError extends Error {
  override readonly name = 'WorkbookError';
  constructor(
    message: string,
    readonly place = '',
  ) {
    super(message);
  }
}

const MAX_FILE_BYTES = 20_000_000;
const MAX_PART_BYTES = 100_000_000;
const MAX_ROWS = 20_000;
const MAX_COLUMNS = 1_000;

/** `A` for 0, `AB` for 27. */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

/**
 * @param bytes the .xlsx file
 * @param sheetName name of the sheet; spaces around it and upper or lower case do not matter
 * @throws WorkbookError when it is no workbook, has no such sheet, or cannot be read whole
 */
export function readSheet(bytes: Buffer, sheetName: string): Sheet {
  if (bytes.length > MAX_FILE_BYTES) throw new WorkbookError(`is larger than ${MAX_FILE_BYTES} bytes`);
  try {
    const archive = ZipArchive.open(bytes, MAX_PART_BYTES);
    if (!archive.has('xl/workbook.xml')) throw new WorkbookError('is a ZIP archive, but no workbook: save it as .xlsx');
    const { name, path } = findSheet(archive, sheetName);
    const strings = archive.has('xl/sharedStrings.xml') ? sharedStrings(archive.text('xl/sharedStrings.xml')) : [];
    return { name, rows: sheetRows(archive.text(path), name, strings) };
  } catch (error) {
    if (error instanceof ZipError) throw new WorkbookError(error.message);
    throw error;
  }
}

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}
interface Listener {
  open?: (tag: Tag) => void;
  text?: (text: string) => void;
  close?: (name: string) => void;
}

/** Names without their prefix: writers differ in it. */
const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function parse(xml: string, part: string, listener: Listener): void {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new WorkbookError(`${part} is no sound XML: ${error.message}`);
  });
  parser.on('doctype', () => {
    throw new WorkbookError(`${part} declares a document type, which no workbook does`);
  });
  parser.on('opentag', ({ name, attributes }) => listener.open?.({ name: local(name), attributes }));
  parser.on('text', (text) => listener.text?.(text));
  parser.on('cdata', (text) => listener.text?.(text));
  parser.on('closetag', ({ name }) => listener.close?.(local(name)));
  parser.write(xml).close();
}

function findSheet(archive: ZipArchive, wanted: string): { name: string; path: string } {
  const sheets: { name: string; id: string }[] = [];
  parse(archive.text('xl/workbook.xml'), 'xl/workbook.xml', {
    open: ({ name, attributes }) => {
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => local(key) === 'id' && key.includes(':'))?.[1];
      sheets.push({ name: attributes.name ?? '', id: id ?? '' });
    },
  });
  const plain = (text: string): string => text.trim().toLowerCase();
  const found = sheets.filter((each) => plain(each.name) === plain(wanted));
  const [sheet] = found;
  if (sheet === undefined || found.length > 1)
    throw new WorkbookError(
      `${sheet === undefined ? 'has no sheet' : 'has more than one sheet'} named "${wanted.trim()}"; its sheets are ${sheets.map((each) => `"${each.name}"`).join(', ')}`,
    );
  const targets = new Map<string, string>();
  const relations = 'xl/_rels/workbook.xml.rels';
  parse(archive.text(relations), relations, {
    open: ({ name, attributes }) => {
      if (name === 'Relationship') targets.set(attributes.Id ?? '', attributes.Target ?? '');
    },
  });
  const target = targets.get(sheet.id);
  if (target === undefined) throw new WorkbookError(`does not say where the sheet "${sheet.name}" is`);
  return { name: sheet.name, path: target.startsWith('/') ? target.slice(1) : posix.join('xl', target) };
}

/** Texts that cells refer to by number. Of formatted text the parts are joined; readings (`rPh`) are left out. */
function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let current = '';
  let isText = false;
  let inReading = false;
  parse(xml, 'xl/sharedStrings.xml', {
    open: ({ name }) => {
      if (name === 'si') current = '';
      if (name === 't') isText = true;
      if (name === 'rPh') inReading = true;
    },
    text: (text) => {
      if (isText && !inReading) current += text;
    },
    close: (name) => {
      if (name === 't') isText = false;
      if (name === 'rPh') inReading = false;
      if (name === 'si') strings.push(current);
    },
  });
  return strings;
}

function sheetRows(xml: string, sheet: string, strings: readonly string[]): SheetRow[] {
  const rows: { number: number; cells: Map<number, string> }[] = [];
  let row: { number: number; cells: Map<number, string> } | null = null;
  let cell: { readonly column: number; readonly type: string } | null = null;
  let value = '';
  let isValue = false;
  let inReading = false;
  const fail = (message: string, place: string): never => {
    throw new WorkbookError(message, `${sheet}!${place}`);
  };
  parse(xml, `the sheet "${sheet}"`, {
    open: ({ name, attributes }) => {
      if (name === 'row') {
        const before = rows.at(-1)?.number ?? 0;
        const number = attributes.r === undefined ? before + 1 : Number(attributes.r);
        if (!Number.isInteger(number) || number <= before || number > MAX_ROWS)
          fail(`is row ${attributes.r ?? number} after row ${before}: rows must ascend, up to ${MAX_ROWS}`, `A${before + 1}`);
        row = { number, cells: new Map() };
        rows.push(row);
      } else if (name === 'c' && row !== null) {
        const column = attributes.r === undefined ? Math.max(-1, ...row.cells.keys()) + 1 : columnOf(attributes.r, row.number);
        if (column < 0 || column >= MAX_COLUMNS) fail(`names itself ${attributes.r ?? ''}`, `A${row.number}`);
        cell = { column, type: attributes.t ?? 'n' };
        value = '';
      } else if (cell !== null && (name === 'v' || name === 't')) {
        isValue = true;
      } else if (name === 'rPh') {
        inReading = true;
      }
    },
    text: (text) => {
      if (isValue && !inReading) value += text;
    },
    close: (name) => {
      if (name === 'v' || name === 't') isValue = false;
      if (name === 'rPh') inReading = false;
      if (name !== 'c' || cell === null || row === null) return;
      const place = `${columnName(cell.column)}${row.number}`;
      if (cell.type === 'e') fail(`holds an error (${value})`, place);
      const text =
        cell.type === 's' && value !== '' ? (strings[Number(value)] ?? fail('refers to a text that is not there', place)) : value;
      // a no-break space is as empty as any other
      const trimmed = text.replaceAll('\u00a0', ' ').trim();
      if (row.cells.has(cell.column)) fail('stands twice', place);
      if (trimmed !== '') row.cells.set(cell.column, trimmed);
      cell = null;
    },
  });
  return rows;
}

/** Column of an address such as `AB12`, from 0; -1 when it is none, or of another row. */
function columnOf(address: string, row: number): number {
  const match = /^([A-Z]{1,3})(\d+)$/.exec(address);
  if (match === null || Number(match[2]) !== row) return -1;
  return [...(match[1] ?? '')].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}
