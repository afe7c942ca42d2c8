/** Where things stand on the sheet of the official DCSPH workbook, and what its words mean here. */
import { columnName, type Sheet } from './workbook';

export const SHEET = 'DCSPH Aanspraakcode';
export const HEADING_ROW = 3;

/** Columns A to M, from 0. Those left out are texts that decide nothing. */
export const COLUMN = {
  code: 0,
  location: 1,
  pathology: 2,
  locationText: 3,
  pathologyText: 4,
  status: 5,
  maximumTerm: 8,
  decree: 10,
  laterality: 11,
} as const;
/** N: from here on each column is an indication code, which its heading names. */
const FIRST_INDICATION = 13;

/** Status texts by what `open_to` calls them; null = closed. Compared without spaces and case. */
const STATUSES: ReadonlyMap<string, string | null> = new Map(
  Object.entries({
    dicht: null,
    open: 'all',
    'open voor Bekken FT': 'pelvic',
    'open voor Bekken FT en OT': 'pelvic-or-exercise',
    'open voor CZ': 'cz',
    'open voor HT': 'skin',
    'open voor HT/open voor Bekken FT': 'skin-or-pelvic',
    'open voor kinderFT': 'child',
  }).map(([text, openTo]) => [squeezed(text), openTo]),
);

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '').toLowerCase();
}

/** What a status text says: an availability, null for closed, undefined for a text that is not known. */
export const statusOf = (text: string): string | null | undefined => STATUSES.get(squeezed(text));

export type Group = 'adult' | 'childPhysiotherapy' | 'childExercise';
const GROUPS: readonly Group[] = ['adult', 'childPhysiotherapy', 'childExercise'];
/** By these two the groups are told apart from one another, should columns have moved. */
const ADULTS_ONLY = '008';
const CHILDREN_ONLY = '003';

export interface IndicationColumn {
  readonly column: number;
  readonly group: Group;
  readonly code: string;
}

/**
 * The indication columns by the headings of row 3. The same codes stand once for adults, once for physiotherapy and once for
 * exercise therapy of children, in that order: a new group begins where a code comes again.
 * @param known indication codes of the policy
 * @param report gets the address of a heading that is not understood, and why
 */
export function indicationColumns(
  sheet: Sheet,
  known: ReadonlySet<string>,
  report: (row: number, column: number, problem: string) => void,
): IndicationColumn[] {
  const headings = sheet.rows.find((row) => row.number === HEADING_ROW)?.cells ?? new Map<number, string>();
  const columns: IndicationColumn[] = [];
  let group = 0;
  let seen = new Set<string>();
  let understood = true;
  const refuse = (column: number, problem: string): void => {
    understood = false;
    report(HEADING_ROW, column, problem);
  };
  for (const [column, heading] of [...headings].sort(([a], [b]) => a - b)) {
    const isCode = /^\d{1,3}$/.test(heading);
    if (column < FIRST_INDICATION) {
      if (isCode)
        refuse(
          column,
          `is headed by the indication code ${heading}: they begin at ${columnName(FIRST_INDICATION)}, so columns have moved`,
        );
      continue;
    }
    // a number cell has lost its leading zeros
    const code = heading.padStart(3, '0');
    if (!isCode || !known.has(code)) {
      refuse(column, `"${heading}" is no indication code of the policy (indications.yaml)`);
      continue;
    }
    if (seen.has(code)) {
      group++;
      seen = new Set();
    }
    seen.add(code);
    const name = GROUPS[group];
    if (name === undefined)
      refuse(
        column,
        'begins a fourth group of indication codes: adults, physiotherapy and exercise therapy of children are known',
      );
    else if (code === (name === 'adult' ? CHILDREN_ONLY : ADULTS_ONLY))
      refuse(
        column,
        `${code} stands among the codes of ${name === 'adult' ? 'adults' : 'children'}: columns are missing or have moved`,
      );
    else columns.push({ column, group: name, code });
  }
  if (understood && group < GROUPS.length - 1)
    refuse(
      FIRST_INDICATION,
      `the headings of row ${HEADING_ROW} have ${columns.length === 0 ? 'no' : `only ${group + 1}`} groups of indication codes: adults, physiotherapy and exercise therapy of children are needed`,
    );
  return columns;
}
