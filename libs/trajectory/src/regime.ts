export const REGIMES = [
  'annex', // 001, 008: Annex 1 conditions
  'child', // 003-007: under 18, condition not on the list
  'none', // 009: no entitlement in the basic insurance
  'pelvic', // 010: art. 2.6-3
  'peripheral-arterial', // 011: art. 2.6-4
  'osteoarthritis', // 012: art. 2.6-5
  'copd', // 013-019: art. 2.6-6
  'covid', // 020: recovery care, first term
  'covid-extended', // 021: recovery care, second term
  'fall-prevention', // list 079: art. 2.6-7, whatever the indication code
  'unrecognised', // any other code: the line is stored, and invalid (3102)
] as const;

/**
 * The regime of a line: the set of rules that its indication code (CSI) invokes. Where a line is stored is a fact, so this
 * mapping is part of the storage format and not of the policy book: it may gain codes but never change one.
 */
export type Regime = (typeof REGIMES)[number];

const REGIME_BY_CSI: Readonly<Record<string, Regime>> = {
  '001': 'annex', '008': 'annex',
  '003': 'child', '004': 'child', '005': 'child', '006': 'child', '007': 'child',
  '009': 'none',
  '010': 'pelvic',
  '011': 'peripheral-arterial',
  '012': 'osteoarthritis',
  '013': 'copd', '014': 'copd', '015': 'copd', '016': 'copd', '017': 'copd', '018': 'copd', '019': 'copd',
  '020': 'covid',
  '021': 'covid-extended',
}; // prettier-ignore

/** Programmes are recognised by their performance list and carry no indication code. */
const REGIME_BY_LIST: Readonly<Record<string, Regime>> = { '079': 'fall-prevention' };

/** The regime that a performance list or else a three-digit indication code invokes; `unrecognised` for anything that is neither. */
export const regimeOf = (csi: string, list = ''): Regime => REGIME_BY_LIST[list] ?? REGIME_BY_CSI[csi] ?? 'unrecognised';
