/** The form of what may be stated of a trajectory, and what is named with each: evidence and trajectory. */
import { z } from 'zod';
import { REGIMES, type StatementId } from '#libs/trajectory';
import { date, diagnosis, document, text } from './fields';

const statement = z.strictObject({
  diagnosis,
  regime: z.enum(REGIMES).optional(),
  statedOn: date,
  source: text,
  statedBy: text,
  document,
});
const side = z.enum(['left', 'right', 'both']);

export const STATEMENT_INPUTS = {
  'state-clinical-facts': statement.extend({
    item: text.optional(),
    episodeFrom: date.optional(),
    diagnosedOn: date.optional(),
    dischargedOn: date.optional(),
    operatedOn: date.optional(),
    lastRadiationOn: date.optional(),
    conservativeTreatmentEndedOn: date.optional(),
    referredOn: date.optional(),
    side: side.optional(),
    longSession: z.enum(['multiple-handicap', 'spina-bifida']).optional(),
  }),
  'confirm-condition': statement.extend({ item: text }),
  'confirm-new-episode': statement.extend({ from: date, side: side.optional(), event: text }),
  'change-care-class': statement.extend({ from: date, class: text }),
  'extend-term': statement.extend({ episodeFrom: date.optional(), months: z.number().int().min(1).optional() }),
  'grant-authorisation': statement.extend({
    number: text,
    item: text.optional(),
    from: date,
    through: date.nullable().default(null),
    maximum: z.number().int().min(0).nullable().default(null),
  }),
  'retract-statement': z.strictObject({ statementId: z.uuid().transform((id) => id as StatementId), reason: text }),
} as const;
