import type { StatementFact } from '#libs/trajectory';

/** Kinds of statement, as addresses and answers name them. */
export const STATEMENT_KINDS = [
  'clinical-facts',
  'condition',
  'new-episode',
  'care-class',
  'term-extension',
  'authorisation',
] as const;
export type StatementKindName = (typeof STATEMENT_KINDS)[number];

const KIND_OF: Readonly<Record<StatementFact['type'], StatementKindName>> = {
  'ClinicalFactsStated.v1': 'clinical-facts',
  'ConditionConfirmed.v1': 'condition',
  'NewEpisodeConfirmed.v1': 'new-episode',
  'CareClassChanged.v1': 'care-class',
  'TermExtended.v1': 'term-extension',
  'AuthorisationGranted.v1': 'authorisation',
};

export const kindOf = (type: StatementFact['type']): StatementKindName => KIND_OF[type];
