import { z } from 'zod';
import { CORRECTIONS } from '#libs/dossiers';
import { personId, uuid } from '../http/fields';

export const clinicalFacts = CORRECTIONS['state-clinical-facts'].input;
export type ClinicalFactsBody = z.infer<typeof clinicalFacts>;
export const condition = CORRECTIONS['confirm-condition'].input;
export type ConditionBody = z.infer<typeof condition>;
export const newEpisode = CORRECTIONS['confirm-new-episode'].input;
export type NewEpisodeBody = z.infer<typeof newEpisode>;
export const careClass = CORRECTIONS['change-care-class'].input;
export type CareClassBody = z.infer<typeof careClass>;
export const termExtension = CORRECTIONS['extend-term'].input;
export type TermExtensionBody = z.infer<typeof termExtension>;
export const authorisation = CORRECTIONS['grant-authorisation'].input;
export type AuthorisationBody = z.infer<typeof authorisation>;

export const statementPath = z.strictObject({ personId, statementId: uuid('the id of the statement') });
export type StatementPath = z.infer<typeof statementPath>;

/** The statement is named by the address. */
export const statementRetraction = CORRECTIONS['retract-statement'].input
  .omit({ statementId: true })
  .meta({ id: 'StatementRetractionReason' });
export type StatementRetractionBody = z.infer<typeof statementRetraction>;
