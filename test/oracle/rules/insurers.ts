/** What the insurers of ours lay down. */

interface Concern {
  readonly labels: readonly string[];
  /** The provider is paid in full, and the insured charged for what is not covered. */
  readonly debtorRisk: boolean;
  readonly claimWithinMonths: number | null;
  /** Closed codes are accepted to the end of the grace whatever the start of the trajectory. */
  readonly closedCodesWhateverTheStart: boolean;
  /** Conditions whose sessions over the cap do not reach the package. */
  readonly noPackageOverCap: readonly string[];
  /** Conditions without the compulsory deductible, from a date. */
  readonly noDeductible: readonly { readonly condition: string; readonly from: string }[];
}

const PLAIN = {
  debtorRisk: false,
  claimWithinMonths: null,
  closedCodesWhateverTheStart: false,
  noPackageOverCap: [],
  noDeductible: [],
};

const CONCERNS: readonly Concern[] = [
  { ...PLAIN, labels: ['3343', '3365'], debtorRisk: true, closedCodesWhateverTheStart: true, noPackageOverCap: ['2.6-6'] },
  { ...PLAIN, labels: ['3311', '3313', '3351', '3358', '9086'] },
  {
    ...PLAIN,
    labels: ['7095', '0101', '0699', '0736', '3334', '3361'],
    claimWithinMonths: 12,
    noDeductible: [{ condition: '2.6-5', from: '2026-01-01' }],
  },
];

export type { Concern };
/** The concern of a label, or undefined for an insurer that is not ours. */
export const concernOf = (uzovi: string): Concern | undefined => CONCERNS.find((concern) => concern.labels.includes(uzovi));
