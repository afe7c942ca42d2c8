import { z } from 'zod';
import { date, diagnosis, evidence, insurer, personId, prose, uuid } from '../http/fields';

const MAX_SESSIONS = 5_000;
const sessions = z.int('give a whole number of sessions').min(0, 'give a whole number of sessions from 0').max(MAX_SESSIONS);

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
    status: z.enum(['asserted', 'verified']),
    supersedes: uuid('the id of the import that this one replaces').optional(),
  })
  .meta({ id: 'HistoryImport', description: 'A stated number of earlier sessions, with who stated it and on what document.' });

export type HistoryImportInput = z.infer<typeof historyImport>;

export const historyPath = z.strictObject({ personId, importId: uuid('the id of the import') });
export type HistoryPath = z.infer<typeof historyPath>;

export const historyRetraction = z
  .strictObject({ reason: prose('why the history is taken back') })
  .meta({ id: 'HistoryRetraction' });

export type HistoryRetractionInput = z.infer<typeof historyRetraction>;
