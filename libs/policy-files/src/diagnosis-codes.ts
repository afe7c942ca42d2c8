/** The compact diagnosis list code by code, and back: what a person names is a code, what the file holds is rows of locations. */
import type { DiagnosisRow } from '#libs/coverage';

/** How one diagnosis code is open. A code that stands in no row is closed. */
export type CodeEntry = Omit<DiagnosisRow, 'pathology' | 'locations'>;

/** Rows of one pathology stand in the order of the official status texts; an availability that has none stands last. */
const AVAILABILITY_ORDER = ['all', 'pelvic', 'pelvic-or-exercise', 'cz', 'skin', 'skin-or-pelvic', 'child'];

export const CSV_COLUMNS = [
  'pathology',
  'locations',
  'open_to',
  'items',
  'side_needed',
  'adult',
  'child_physiotherapy',
  'child_exercise',
] as const;

/** One entry per open code (location and pathology, four digits), by code. */
export function unfoldRows(rows: readonly DiagnosisRow[]): Map<string, CodeEntry> {
  const codes = rows.flatMap(({ pathology, locations, ...entry }) =>
    locations.map((location): [string, CodeEntry] => [location + pathology, entry]),
  );
  return new Map(codes.sort(([a], [b]) => compare(a, b)));
}

/** Codes that are open in the same way and share the pathology in one row; always the same rows in the same order. */
export function foldCodes(codes: ReadonlyMap<string, CodeEntry>): DiagnosisRow[] {
  const rows = new Map<string, { readonly pathology: string; readonly entry: CodeEntry; readonly locations: string[] }>();
  for (const [code, entry] of codes) {
    const pathology = code.slice(2);
    const key = [pathology, orderOf(entry.openTo), entry.openTo, ...entryWords(entry)].join('\u0000');
    const row = rows.get(key) ?? { pathology, entry, locations: [] };
    row.locations.push(code.slice(0, 2));
    rows.set(key, row);
  }
  return [...rows]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { pathology, entry, locations }]) => ({ pathology, locations: locations.sort(compare), ...entry }));
}

/** The table as it stands beside its YAML file. */
export function diagnosisCsv(rows: readonly DiagnosisRow[]): string {
  const lines = rows.map((row) => {
    const [items = '', ...rest] = entryWords(row);
    return [row.pathology, row.locations.join(' '), row.openTo, items, ...rest].join(',');
  });
  return `${[CSV_COLUMNS.join(','), ...lines].join('\n')}\n`;
}

const entryWords = (entry: CodeEntry): string[] => [
  entry.items.join(' '),
  entry.laterality ? 'yes' : 'no',
  entry.adult.join(' '),
  entry.childPhysiotherapy.join(' '),
  entry.childExercise.join(' '),
];

function orderOf(openTo: string): string {
  const at = AVAILABILITY_ORDER.indexOf(openTo);
  return String(at < 0 ? AVAILABILITY_ORDER.length : at).padStart(2, '0');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
