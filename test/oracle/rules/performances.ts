/** Performance codes: which exist on which list, which count as a session, and what kind of therapy they are. */

/** A base code and its variants at home and in an institution end on 0, 1 and 2. */
const threeOf = (...bases: readonly number[]): string[] => bases.flatMap((base) => [base, base + 1, base + 2]).map(String);

const PHYSIOTHERAPY = [
  ...threeOf(1000, 1100, 1200, 1400, 1500, 1600, 1700, 1775, 1850, 1860, 1870),
  ...['1004', '1105', '1316', '1317', '1318', '1319', '1864', '1900', '1902', '1950'],
];
const EXERCISE_THERAPY = [...threeOf(2000, 2300, 2408, 2600), ...['2006', '2008', '2125', '2126', '2127', '2128', '2510']];
/** For severe RA and axial SpA; which of a pair is exercise therapy no source tells, so that each list has all four. */
const SEVERE = ['10039', '10040', '10041', '10042'];

const ON_LIST: Readonly<Record<string, readonly string[]>> = {
  '012': [...PHYSIOTHERAPY, ...EXERCISE_THERAPY, ...SEVERE],
  '073': [...PHYSIOTHERAPY, ...SEVERE],
  '074': [...EXERCISE_THERAPY, ...SEVERE],
  // fall prevention: known as a list, its codes are still to come
  '079': [],
};

/** The lists that came with the claims standard for sessions from 2025 on. */
const NEW_LISTS_FROM = '2025-01-01';
export const listExists = (list: string, date: string): boolean => list in ON_LIST && (list === '012' || date >= NEW_LISTS_FROM);
/** The codes for severe RA and axial SpA came with the release of the diagnosis list that names them; 1864 in 2016. */
const FROM: Readonly<Record<string, string>> = {
  ...Object.fromEntries(SEVERE.map((code) => [code, '2024-07-01'])),
  '1864': '2016-01-01',
};
export const performanceExists = (list: string, performance: string, date: string): boolean =>
  (ON_LIST[list]?.includes(performance) ?? false) && date >= (FROM[performance] ?? '');

const NO_SESSION = new Set([
  ...threeOf(1400, 1850, 1860), // one-off examination; screening alone; intake after a screening
  ...['1105', '1900', '1902', '2510'], // reports
  '1950', // material
]);
export const countsAsSession = (performance: string): boolean => !NO_SESSION.has(performance);

export const isManual = (performance: string): boolean => threeOf(1200).includes(performance);
export const isLongSession = (performance: string): boolean => threeOf(1700).includes(performance);
export const isPelvicPhysiotherapy = (performance: string): boolean => threeOf(1600).includes(performance);
export const isPelvic = (performance: string): boolean =>
  isPelvicPhysiotherapy(performance) || performance === '2006' || performance === '2008';
export const isChildPhysiotherapy = (performance: string): boolean => threeOf(1100).includes(performance);

/** The old list holds both kinds; its numbers 2000 to 2699 are exercise therapy. */
export const isExercise = (list: string, performance: string): boolean =>
  list === '074' || (list === '012' && Number(performance) >= 2000 && Number(performance) <= 2699);

export const MOST_PER_LINE = 4;
