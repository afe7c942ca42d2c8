import { z } from 'zod';
import { REGIMES } from '#libs/trajectory';
import { date, diagnosis, evidence, identifier, personId, prose, uuid } from '../http/fields';

/** A reference to an authorisation is as long as lines can declare it. */
const MAX_NUMBER = 15;

const item = identifier('the item', 20).meta({ description: 'Condition of the policy in effect', example: '1.b.16' });
const side = z.enum(['left', 'right', 'both']);
const episodeFrom = date.meta({ description: 'First day of the confirmed episode it is about; left out: the first one' });

const statement = z.strictObject({
  diagnosis: diagnosis.meta({ description: 'A code of the trajectory it is about' }),
  regime: z
    .enum(REGIMES)
    .optional()
    .meta({ description: 'Needed where the person has trajectories of several regimes under the code' }),
  statedOn: date.meta({ description: 'Date on the document, or of the statement' }),
  ...evidence,
});

export const clinicalFacts = statement
  .extend({
    item: item.optional(),
    episodeFrom: episodeFrom.optional(),
    diagnosedOn: date.optional(),
    dischargedOn: date.optional(),
    operatedOn: date.optional(),
    lastRadiationOn: date.optional(),
    conservativeTreatmentEndedOn: date.optional(),
    referredOn: date.optional(),
    side: side.optional(),
    longSession: z.enum(['multiple-handicap', 'spina-bifida']).optional(),
  })
  .meta({ id: 'ClinicalFacts', description: 'Dates and findings that no claim line carries; at least one of them.' });
export type ClinicalFactsBody = z.infer<typeof clinicalFacts>;

export const condition = statement
  .extend({ item })
  .meta({ id: 'ConfirmedCondition', description: 'The item of a trajectory whose code belongs to several.' });
export type ConditionBody = z.infer<typeof condition>;

export const newEpisode = statement
  .extend({
    from: date.meta({ description: 'Sessions from this day on are counted anew' }),
    side: side.optional(),
    event: prose('what began the episode, e.g. operation, discharge, recurrence', 60),
  })
  .meta({ id: 'NewEpisode', description: 'From a day on count, term and cap begin again.' });
export type NewEpisodeBody = z.infer<typeof newEpisode>;

export const careClass = statement
  .extend({ from: date, class: identifier('the class', 20).meta({ description: 'Class of the condition', example: 'B2' }) })
  .meta({ id: 'CareClass', description: 'The class of severity from a day on; it beats what lines assert.' });
export type CareClassBody = z.infer<typeof careClass>;

export const termExtension = statement
  .extend({
    episodeFrom: episodeFrom.optional(),
    months: z
      .int('give a whole number of months')
      .min(1, 'give at least one month')
      .max(120, 'give at most 120 months')
      .optional()
      .meta({ description: 'Left out: all that the condition allows' }),
  })
  .meta({ id: 'TermExtension', description: "The extension of the condition's term is granted." });
export type TermExtensionBody = z.infer<typeof termExtension>;

export const authorisation = statement
  .extend({
    number: identifier('the number of the authorisation', MAX_NUMBER),
    item: item.optional(),
    from: date,
    through: date.nullable().default(null).meta({ description: 'Last day; null = open' }),
    maximum: z
      .int('give a whole number of sessions')
      .min(0, 'give a whole number of sessions from 0')
      .max(5_000, 'give at most 5000 sessions')
      .nullable()
      .default(null)
      .meta({ description: 'Sessions; null = no maximum' }),
  })
  .meta({ id: 'Authorisation', description: "An insurer's consent. Both dates inclusive." });
export type AuthorisationBody = z.infer<typeof authorisation>;

export const statementPath = z.strictObject({ personId, statementId: uuid('the id of the statement') });
export type StatementPath = z.infer<typeof statementPath>;

export const statementRetraction = z
  .strictObject({ reason: prose('why the statement is taken back') })
  .meta({ id: 'StatementRetraction' });
export type StatementRetractionBody = z.infer<typeof statementRetraction>;
