/** The form of what a correction states, of every kind. What the person, the trajectory or the policy does not allow the commands say. */
import { z } from 'zod';
import { REGIMES, type HistoryImportId, type PersonId, type StatementId, type TrajectoryId } from '#libs/trajectory';
import { date, diagnosis, digest, evidence, identifier, insurer, practice, prose, reference, uuid } from './fields';

const MAX_PERIODS = 200;
const MAX_SESSIONS = 5_000;
/** A reference to an authorisation is as long as lines can declare it. */
const MAX_NUMBER = 15;

const sessions = z.int('give a whole number of sessions').min(0, 'give a whole number of sessions from 0').max(MAX_SESSIONS);

export const insurerSwitch = z
  .strictObject({
    switchDate: date.meta({ description: 'Sessions before this date may be unknown here' }),
    diagnosis,
    previousInsurer: insurer.optional(),
  })
  .meta({ id: 'InsurerSwitch', description: 'Holds the sessions of this code from the date on until a history answers it.' });

const importId = uuid('the id of the import').transform((id) => id as HistoryImportId);

export const historyImport = z
  .strictObject({
    diagnosis,
    startedOn: date.meta({ description: 'Date of the first session' }),
    count: sessions.meta({ description: 'Sessions given up to `throughDate`' }),
    throughDate: date,
    scope: z.enum(['elsewhere', 'everything']).meta({
      description: '`elsewhere`: ours come on top. `everything`: the whole up to `throughDate`, ours included.',
    }),
    perCalendarYear: z
      .record(z.string().regex(/^(19|20|21)\d\d$/, 'give a year as YYYY'), sessions)
      .refine((years) => Object.keys(years).length <= 100, 'give at most 100 years')
      .optional()
      .meta({ description: 'Year to sessions, for calendar-year caps; adds up to `count`' }),
    previousInsurer: insurer.optional(),
    ...evidence,
    signedOn: date.optional().meta({ description: 'Day on which the document was signed; not before `throughDate`' }),
    status: z
      .literal(
        'asserted',
        'a history is asserted until another person has verified it; leave this out, then ask for verify-history',
      )
      .optional(),
    supersedes: importId.optional().meta({ description: 'The import that this one replaces' }),
  })
  .meta({ id: 'HistoryImport', description: 'A stated number of earlier sessions, with who stated it and on what document.' });

export const historyVerification = z
  .strictObject({
    importId,
    documentDigest: digest.optional().meta({ description: 'SHA-256 of the document that was looked at: that of the import' }),
  })
  .meta({
    id: 'HistoryVerification',
    description: 'Somebody else than who recorded it has held an imported history against its document. No decision changes.',
  });

export const diagnosisRemap = z
  .strictObject({
    from: diagnosis.meta({ description: 'The code that is left' }),
    to: diagnosis.meta({ description: 'The code under which the same trajectory goes on' }),
    effectiveDate: date,
    reason: prose('why the code is remapped'),
    absorb: z.boolean().default(false).meta({ description: 'Take up a second trajectory that has begun under the other code' }),
  })
  .meta({ id: 'DiagnosisRemap', description: 'The same trajectory goes on under another code; the count runs through.' });

export const remapReversal = z
  .strictObject({
    from: diagnosis.meta({ description: 'The code that was left' }),
    to: diagnosis.meta({ description: 'The code under which the trajectory went on' }),
    effectiveDate: date.meta({ description: 'The day of the remap that is taken back' }),
    reason: prose('why it is taken back'),
  })
  .meta({ id: 'RemapReversal', description: 'A remap is taken back, with the absorption that came with it.' });

const lineToMove = {
  practice,
  reference,
  trajectory: uuid('the id of the trajectory')
    .transform((id) => id as TrajectoryId)
    .optional()
    .meta({ description: 'Trajectory in which it counts from now on' }),
  diagnosis: diagnosis
    .optional()
    .meta({ description: 'Code under which it counts from now on; a trajectory begins where there is none' }),
};

export const sessionMove = z.strictObject(lineToMove).meta({
  id: 'SessionMove',
  description: 'A line counts in another trajectory of the person: `trajectory` or `diagnosis` says in which.',
});

export const sessionMoveToPerson = z
  .strictObject({
    ...lineToMove,
    toPerson: uuid('the id of the person whose session it was')
      .transform((id) => id as PersonId)
      .meta({ description: 'Person id of the one whose session it was' }),
  })
  .meta({
    id: 'SessionMoveToPerson',
    description:
      'A line that was declared for the wrong person counts for the right one: where a declaration of it would be stored, or where `trajectory` or `diagnosis` says.',
  });

export const absorptionReversal = z
  .strictObject({
    trajectoryId: uuid('the id of the absorbed trajectory')
      .transform((id) => id as TrajectoryId)
      .meta({ description: 'The trajectory that was absorbed' }),
    reason: prose('why it is taken back'),
  })
  .meta({ id: 'AbsorptionReversal', description: 'An absorption that no remap carries any more is taken back.' });

/** A period of basic insurance; both dates inclusive. */
export const insurancePeriod = z
  .strictObject({
    insurer,
    from: date,
    through: date.nullable().default(null).meta({ description: 'Last day; null or absent = open' }),
  })
  .meta({ id: 'InsurancePeriod' });

export const insurancePeriods = z.array(insurancePeriod).max(MAX_PERIODS, `give at most ${MAX_PERIODS} periods`);

export const insuranceStatement = z
  .strictObject({
    periods: insurancePeriods.meta({ description: 'All basic insurance periods as known from now on' }),
    diedOn: date.nullable().default(null),
  })
  .meta({
    id: 'InsuranceStatement',
    description: 'Replaces what was stated before; lines are decided anew, also retroactively.',
  });

/** A supplementary package; both dates inclusive. */
export const packagePeriod = z
  .strictObject({
    insurer,
    package: identifier('the name of the package', 60).meta({ description: 'Package of that insurer, as in the policy' }),
    from: date,
    through: date.nullable().default(null).meta({ description: 'Last day; null or absent = open' }),
  })
  .meta({ id: 'PackagePeriod' });

export const packagePeriods = z.array(packagePeriod).max(MAX_PERIODS, `give at most ${MAX_PERIODS} packages`);

export const packageStatement = z
  .strictObject({ packages: packagePeriods.meta({ description: 'All supplementary packages as known from now on' }) })
  .meta({ id: 'PackageStatement', description: 'Replaces what was stated before; lines are decided anew, also retroactively.' });

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

export const condition = statement
  .extend({ item })
  .meta({ id: 'ConfirmedCondition', description: 'The item of a trajectory whose code belongs to several.' });

export const newEpisode = statement
  .extend({
    from: date.meta({ description: 'Sessions from this day on are counted anew' }),
    side: side.optional(),
    event: prose('what began the episode, e.g. operation, discharge, recurrence', 60),
  })
  .meta({ id: 'NewEpisode', description: 'From a day on count, term and cap begin again.' });

export const careClass = statement
  .extend({ from: date, class: identifier('the class', 20).meta({ description: 'Class of the condition', example: 'B2' }) })
  .meta({ id: 'CareClass', description: 'The class of severity from a day on; it beats what lines assert.' });

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

export const authorisation = statement
  .extend({
    number: identifier('the number of the authorisation', MAX_NUMBER),
    item: item.optional(),
    from: date,
    through: date.nullable().default(null).meta({ description: 'Last day; null = open' }),
    maximum: z
      .int('give a whole number of sessions')
      .min(0, 'give a whole number of sessions from 0')
      .max(MAX_SESSIONS, `give at most ${MAX_SESSIONS} sessions`)
      .nullable()
      .default(null)
      .meta({ description: 'Sessions; null = no maximum' }),
  })
  .meta({ id: 'Authorisation', description: "An insurer's consent. Both dates inclusive." });

const takenBack = { reason: prose('why it is taken back') };
export const historyRetraction = z.strictObject({ importId, ...takenBack }).meta({ id: 'HistoryRetraction' });
export const statementRetraction = z
  .strictObject({ statementId: uuid('the id of the statement').transform((id) => id as StatementId), ...takenBack })
  .meta({ id: 'StatementRetraction' });
