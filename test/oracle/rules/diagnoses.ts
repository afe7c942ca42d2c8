/** The national list of diagnosis codes, release 4.7, read from the raw table of facts; and what "closed" means. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface OpenCode {
  /** `all`, or the only kind of provider it is open to. */
  readonly openTo: string;
  readonly items: readonly string[];
  readonly adult: readonly string[];
  readonly childPhysiotherapy: readonly string[];
  readonly childExercise: readonly string[];
}

const TABLE = 'libs/policy-files/data/diagnoses/dcsph-2024-07-01.csv';

function findTable(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, TABLE))) {
    if (dirname(folder) === folder) throw new Error(`${TABLE} is not above ${__dirname}`);
    folder = dirname(folder);
  }
  return join(folder, TABLE);
}

const words = (cell: string | undefined): string[] => (cell ?? '').split(' ').filter((word) => word !== '');

function readTable(): Map<string, OpenCode> {
  const codes = new Map<string, OpenCode>();
  const [head, ...rows] = readFileSync(findTable(), 'utf8').trim().split(/\r?\n/);
  if (head !== 'pathology,locations,open_to,items,side_needed,adult,child_physiotherapy,child_exercise')
    throw new Error('the table of diagnosis codes has other columns');
  for (const row of rows) {
    const [pathology, locations, openTo, items, , adult, childPhysiotherapy, childExercise] = row.split(',');
    for (const location of words(locations))
      codes.set(`${location}${pathology ?? ''}`, {
        openTo: openTo ?? '',
        items: words(items),
        adult: words(adult),
        childPhysiotherapy: words(childPhysiotherapy),
        childExercise: words(childExercise),
      });
  }
  return codes;
}

const OPEN = readTable();

const LOCATIONS = new Set(
  words(
    '10 11 12 13 19 20 21 22 23 24 25 26 29 30 31 32 33 34 35 36 37 39 40 41 42 43 49 50 51 52 53 54 55 59 ' +
      '60 61 62 63 64 69 70 71 72 73 74 75 76 79 90 91 92 93 94',
  ),
);
/** 91 pathologies; 63 (COVID-19) is not one of them: it exists as the single code 9363. */
const PATHOLOGIES = new Set(
  words(
    '00 01 02 03 04 05 06 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 31 32 33 34 35 36 37 38 39 ' +
      '40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 60 61 62 64 65 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 ' +
      '83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99',
  ),
);

export type CodeStanding = { readonly kind: 'open'; readonly code: OpenCode } | { readonly kind: 'closed' | 'unknown' };

/** Codes of release 4.7 count as open for earlier dates too, so that no date is asked. */
export function standingOf(diagnosis: string): CodeStanding {
  const code = OPEN.get(diagnosis);
  // what is open to skin therapists or to one insurer alone is closed for physiotherapy and exercise therapy
  if (code !== undefined) return code.openTo === 'skin' || code.openTo === 'cz' ? { kind: 'closed' } : { kind: 'open', code };
  const known = diagnosis.length === 4 && LOCATIONS.has(diagnosis.slice(0, 2)) && PATHOLOGIES.has(diagnosis.slice(2));
  return { kind: known ? 'closed' : 'unknown' };
}

/** From this date a closed code is refused for good, whatever grace there was. */
export const CLOSED_CODES_END = '2024-07-01';
/** Elsewhere than at the insurer with the long grace, only trajectories that started before this date keep their closed code. */
export const UNIFORM_LIST_FROM = '2020-01-01';

export const OSTEOARTHRITIS_CODES: readonly string[] = ['6223', '7023'];
export const COPD_CODE = '2554';
/** Severe RA and axial SpA: Annex care only with these performances, or before 2024-07-01 with a consent. */
export const SEVERE_CODES: Readonly<Record<string, { readonly item: string; readonly performances: readonly string[] }>> = {
  '9390': { item: 'ra-severe', performances: ['10039', '10040'] },
  '3993': { item: 'axspa-severe', performances: ['10041', '10042'] },
};
export const SEVERE_BY_PERFORMANCE_FROM = '2024-07-01';
