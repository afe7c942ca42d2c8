/** Indication codes (CSI): the dates on which they exist, the rules they call up, and the COPD classes they assert. */
import { regimeOf, type Regime } from '#libs/trajectory';

/** First day, and the first day on which it is gone. */
const VALID: Readonly<Record<string, readonly [string, string?]>> = {
  '001': ['1997-01-01'],
  '003': ['1997-01-01'],
  '004': ['1997-01-01', '2025-01-01'],
  '005': ['1997-01-01', '2025-01-01'],
  '006': ['1997-01-01', '2025-01-01'],
  '007': ['1997-01-01', '2025-01-01'],
  '008': ['1997-01-01'],
  '009': ['1997-01-01'],
  '010': ['2011-01-01'],
  '011': ['2017-01-01'],
  '012': ['2018-01-01'],
  '013': ['2019-01-01'],
  '014': ['2019-01-01'],
  '015': ['2019-01-01'],
  '016': ['2019-01-01'],
  '017': ['2019-01-01'],
  '018': ['2021-01-01'],
  '019': ['2021-01-01'],
  '020': ['2020-07-18'],
  '021': ['2020-07-18'],
};

export function indicationExists(csi: string, date: string): boolean {
  const validity = VALID[csi];
  if (validity === undefined || regimeOf(csi) === 'unrecognised') return false;
  const [from, until] = validity;
  return date >= from && (until === undefined || date < until);
}

/** Where 003 is allowed the older codes for the first nine and the rest are so too. */
export const CHILD_PHYSIOTHERAPY_LIKE_003: readonly string[] = ['003', '004', '005'];
export const CHILD_EXERCISE_LIKE_003: readonly string[] = ['003', '006', '007'];

export const COPD_CLASS_OF: Readonly<Record<string, string>> = {
  '013': 'A',
  '014': 'B1',
  '016': 'B1',
  '015': 'C-D',
  '017': 'C-D',
  '018': 'B2',
  '019': 'B2',
};
/** Sessions in the first twelve months, and in each following twelve. */
export const COPD_CAPS: Readonly<Record<string, readonly [number, number]>> = {
  A: [5, 0],
  B1: [27, 3],
  B2: [70, 52],
  'C-D': [70, 52],
};
/** Until this date COPD was an item of Annex 1, with the threshold of the annex and an open term. */
export const COPD_OWN_PARAGRAPH_FROM = '2019-01-01';

/** The entitlement of the indication codes that have one of their own, whatever the diagnosis. */
export const CONDITION_OF: Readonly<Partial<Record<Regime, string>>> = {
  child: '2.6-8',
  none: 'none',
  pelvic: '2.6-3',
  'peripheral-arterial': '2.6-4',
  osteoarthritis: '2.6-5',
  copd: '2.6-6',
  covid: 'covid-1',
  'covid-extended': 'covid-2',
};
