/** Reads a release of the diagnosis list (DCSPH) out of its official workbook. Whatever is not understood is refused with its cell. */
import type { CodeName, DiagnosisRelease, PolicyDocument } from '#libs/coverage';
import { foldCodes, unfoldRows, type CodeEntry } from '../diagnosis-codes';
import { PolicyFileError, type PolicyProblem } from '../problem';
import { COLUMN, HEADING_ROW, indicationColumns, SHEET, statusOf, type IndicationColumn } from './columns';
import { isOfficialItem, itemsIn } from './items';
import { columnName, readSheet, WorkbookError, type Sheet, type SheetRow } from './workbook';

/** What the workbook says, in the form of the policy files but without name and dates. */
export interface DcsphList {
  readonly content: Pick<
    DiagnosisRelease,
    'locations' | 'pathologies' | 'onlyAt' | 'availabilities' | 'closedCodeConditions' | 'rows'
  >;
  readonly codes: ReadonlyMap<string, CodeEntry>;
  readonly closed: number;
  /** Open codes whose item no official text names: it was taken over from the release before, to be confirmed. */
  readonly carried: readonly { readonly code: string; readonly items: readonly string[] }[];
}

type Report = (row: number, column: number, problem: string) => void;

/**
 * @param bytes the .xlsx file
 * @param file its name, for problems
 * @param policy the policy that the list is to join: its conditions, indications, and the names of its latest release
 * @throws PolicyFileError with every problem: `line` is the row, `path` the sheet and cell
 */
export function readDcsph(bytes: Buffer, file: string, policy: PolicyDocument): DcsphList {
  let sheet: Sheet;
  try {
    sheet = readSheet(bytes, SHEET);
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error;
    const row = /\d+$/.exec(error.place)?.[0];
    throw new PolicyFileError([{ file, line: Number(row ?? 1), path: error.place, problem: error.message }]);
  }
  const problems: PolicyProblem[] = [];
  const report: Report = (row, column, problem) =>
    problems.push({ file, line: row, path: `${sheet.name}!${columnName(column)}${row}`, problem });
  const present = policy.diagnoses.at(-1);
  if (present === undefined) throw new TypeError('a policy document has a release of the diagnosis list');
  const columns = indicationColumns(sheet, new Set(policy.indications.map((each) => each.code)), report);
  if (problems.length > 0) throw new PolicyFileError(problems);

  const reader = new RowReader(policy, present, columns, report);
  for (const row of sheet.rows) if (row.number > HEADING_ROW && row.cells.size > 0) reader.read(row);
  if (reader.rows.size === 0 && problems.length === 0) report(HEADING_ROW + 1, 0, 'there are no codes below the headings');
  const onlyAt = problems.length === 0 ? onlyAtOf(reader.rows, report) : [];
  if (problems.length > 0) throw new PolicyFileError(problems);
  return {
    content: {
      locations: named(reader.locations),
      pathologies: named(reader.pathologies),
      onlyAt,
      availabilities: present.availabilities,
      closedCodeConditions: present.closedCodeConditions,
      rows: foldCodes(reader.codes),
    },
    codes: reader.codes,
    closed: reader.rows.size - reader.codes.size,
    carried: reader.carried,
  };
}

class RowReader {
  /** Row in which each code stands. */
  readonly rows = new Map<string, number>();
  readonly codes = new Map<string, CodeEntry>();
  readonly locations = new Map<string, string>();
  readonly pathologies = new Map<string, string>();
  readonly carried: { code: string; items: readonly string[] }[] = [];
  readonly #conditions: ReadonlyMap<string, string>;
  readonly #availabilities: ReadonlySet<string>;
  readonly #before: ReadonlyMap<string, CodeEntry>;
  readonly #names: ReadonlyMap<string, string>;

  constructor(
    policy: PolicyDocument,
    present: DiagnosisRelease,
    private readonly columns: readonly IndicationColumn[],
    private readonly report: Report,
  ) {
    this.#conditions = new Map(policy.conditions.map((each) => [each.id, each.regime]));
    this.#availabilities = new Set(['all', ...present.availabilities.map((each) => each.id)]);
    this.#before = unfoldRows(present.rows);
    this.#names = new Map([
      ...present.locations.map((each): [string, string] => [`location ${each.code}`, each.name]),
      ...present.pathologies.map((each): [string, string] => [`pathology ${each.code}`, each.name]),
    ]);
  }

  read(row: SheetRow): void {
    const code = this.codeOf(row);
    if (code === null) return;
    const openTo = this.statusIn(row);
    if (openTo === undefined || openTo === null) return;
    const items = this.itemsIn(row, code);
    const marks = this.marksIn(row);
    const side = row.cells.get(COLUMN.laterality);
    if (side !== undefined && side !== '1') this.report(row.number, COLUMN.laterality, `"${side}" is neither 1 nor empty`);
    const entry: CodeEntry = { openTo, items, laterality: side === '1', ...marks };
    const invokes = [...entry.adult, ...entry.childPhysiotherapy, ...entry.childExercise];
    if (invokes.length === 0) this.report(row.number, COLUMN.status, 'is open, but no indication code is marked');
    // 001 and 008 say "a condition of Annex 1": without an item nobody could tell which term it has
    const isAnnex = items.some((id) => this.#conditions.get(id) === 'annex');
    if (invokes.some((csi) => csi === '001' || csi === '008') && !isAnnex)
      this.report(row.number, COLUMN.decree, 'names no item of Annex 1, but 001 or 008 is marked');
    this.codes.set(code, entry);
  }

  /** The code as four digits, entered with its location and pathology; null after reporting what is wrong. */
  private codeOf(row: SheetRow): string | null {
    const digits = (column: number, length: number): string | null => {
      const text = row.cells.get(column) ?? '';
      // a number cell has lost its leading zeros
      if (/^\d+$/.test(text) && text.length <= length) return text.padStart(length, '0');
      this.report(
        row.number,
        column,
        text === '' ? `is empty: ${length} digits are needed` : `"${text}" is not ${length} digits`,
      );
      return null;
    };
    const [code, location, pathology] = [digits(COLUMN.code, 4), digits(COLUMN.location, 2), digits(COLUMN.pathology, 2)];
    if (code === null || location === null || pathology === null) return null;
    if (code !== location + pathology) {
      this.report(row.number, COLUMN.code, `${code} is not location ${location} with pathology ${pathology}`);
      return null;
    }
    const other = this.rows.get(code);
    if (other !== undefined) {
      this.report(row.number, COLUMN.code, `${code} stands here twice: also in row ${other}`);
      return null;
    }
    this.rows.set(code, row.number);
    this.name(this.locations, location, 'location', row, COLUMN.locationText);
    this.name(this.pathologies, pathology, 'pathology', row, COLUMN.pathologyText);
    return code;
  }

  /** Known locations and pathologies keep the name they have; a new one is called as in the workbook. */
  private name(names: Map<string, string>, code: string, what: string, row: SheetRow, column: number): void {
    if (names.has(code)) return;
    const name = this.#names.get(`${what} ${code}`) ?? row.cells.get(column)?.replaceAll(/\s+/g, ' ');
    if (name === undefined) this.report(row.number, column, `the new ${what} ${code} has no text`);
    names.set(code, name ?? '');
  }

  private statusIn(row: SheetRow): string | null | undefined {
    const text = row.cells.get(COLUMN.status) ?? '';
    const openTo = statusOf(text);
    if (openTo === undefined) {
      this.report(row.number, COLUMN.status, text === '' ? 'has no status' : `"${text}" is a status that is not known here`);
    } else if (openTo !== null && !this.#availabilities.has(openTo)) {
      this.report(row.number, COLUMN.status, `the policy has no availability ${openTo} (diagnoses/*.yaml)`);
    }
    return openTo;
  }

  private itemsIn(row: SheetRow, code: string): readonly string[] {
    const items: string[] = [];
    for (const column of [COLUMN.decree, COLUMN.maximumTerm]) {
      const found = itemsIn(row.cells.get(column) ?? '');
      if ('problem' in found) {
        this.report(row.number, column, found.problem);
        continue;
      }
      for (const id of found.items) {
        if (!this.#conditions.has(id))
          this.report(row.number, column, `names ${id}, which is no condition of the policy (conditions.yaml)`);
        else if (!items.includes(id)) items.push(id);
      }
    }
    if (items.length > 0) return items;
    const own = this.#before.get(code)?.items.filter((id) => !isOfficialItem(id)) ?? [];
    if (own.length > 0) this.carried.push({ code, items: own });
    return own;
  }

  private marksIn(row: SheetRow): Pick<CodeEntry, 'adult' | 'childPhysiotherapy' | 'childExercise'> {
    const marks: Record<IndicationColumn['group'], string[]> = { adult: [], childPhysiotherapy: [], childExercise: [] };
    const known = new Map(this.columns.map((each) => [each.column, each]));
    const first = Math.min(...known.keys());
    for (const [column, text] of [...row.cells].sort(([a], [b]) => a - b)) {
      if (column < first) continue;
      const indication = known.get(column);
      if (indication === undefined)
        this.report(row.number, column, `"${text}" stands in a column without a heading in row ${HEADING_ROW}`);
      else if (text.toLowerCase() !== 'x') this.report(row.number, column, `"${text}" is no mark: x or empty`);
      else marks[indication.group].push(indication.code);
    }
    return {
      adult: marks.adult.sort(),
      childPhysiotherapy: marks.childPhysiotherapy.sort(),
      childExercise: marks.childExercise.sort(),
    };
  }
}

const named = (names: ReadonlyMap<string, string>): CodeName[] =>
  [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, name]) => ({ code, name }));

/** Pathologies at one location only. The list is a full table otherwise: that is how closed codes are told from unknown ones. */
function onlyAtOf(rows: ReadonlyMap<string, number>, report: Report): { pathology: string; location: string }[] {
  const byPathology = new Map<string, string[]>();
  const locations = new Set<string>();
  for (const code of rows.keys()) {
    locations.add(code.slice(0, 2));
    byPathology.set(code.slice(2), [...(byPathology.get(code.slice(2)) ?? []), code.slice(0, 2)]);
  }
  const onlyAt: { pathology: string; location: string }[] = [];
  for (const [pathology, at] of [...byPathology].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [location = ''] = at;
    if (at.length === 1 && locations.size > 1) onlyAt.push({ pathology, location });
    else if (at.length < locations.size) {
      const missing = [...locations].filter((each) => !at.includes(each)).map((each) => each + pathology);
      report(
        rows.get(location + pathology) ?? HEADING_ROW + 1,
        COLUMN.pathology,
        `pathology ${pathology} stands at ${at.length} of ${locations.size} locations: it must stand at all or at one; missing ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}`,
      );
    }
  }
  return onlyAt;
}
