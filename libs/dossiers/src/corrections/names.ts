/** The corrections that staff may ask for, by name, and the reasons that may be given. */
export const CORRECTION_KINDS = [
  'record-switch',
  'import-history',
  'verify-history',
  'retract-history',
  'remap-diagnosis',
  'revert-remap',
  'move-session',
  'move-session-to-person',
  'revert-absorption',
  'state-insurance',
  'state-packages',
  'state-clinical-facts',
  'confirm-condition',
  'confirm-new-episode',
  'change-care-class',
  'extend-term',
  'grant-authorisation',
  'retract-statement',
  'override-decision',
  'end-override',
] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** Why staff corrects, for reports; what there is to say beside it stands in the note. The last one is for those who were not asked. */
export const REASON_CODES = [
  'provider-evidence',
  'insurer-evidence',
  'member-evidence',
  'code-list-changed',
  'clerical-error',
  'complaint',
  'legal-ruling',
  'quality-check',
  'unspecified',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];
