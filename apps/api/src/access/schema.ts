import { z } from 'zod';
import { ACCESS_ACTIONS, ACCESS_OUTCOMES } from '#libs/access-log';
import { date } from '../http/fields';

export const accessLogQuery = z.strictObject({
  from: date.optional().meta({ description: 'First day, by the Dutch calendar' }),
  through: date.optional().meta({ description: 'Last day' }),
  limit: z.coerce
    .number('give a whole number')
    .int('give a whole number')
    .min(1, 'ask for at least one')
    .max(500, 'ask for at most 500')
    .default(50)
    .meta({ description: 'Lines in a page: 1 to 500, default 50' }),
  after: z.coerce
    .number('give a row')
    .int('give a row')
    .min(0, 'give a row')
    .max(Number.MAX_SAFE_INTEGER, 'give a row')
    .default(0)
    .meta({ description: '`next` of the page before' }),
});
export type AccessLogQuery = z.infer<typeof accessLogQuery>;

const access = z
  .strictObject({
    seq: z.int().meta({ description: 'Row of the log' }),
    id: z.uuid(),
    time: z.string(),
    event: z.string().meta({ description: 'Use case, as `dossier` or `import-history`' }),
    action: z.enum(ACCESS_ACTIONS),
    outcome: z
      .enum(ACCESS_OUTCOMES)
      .meta({ description: '`attempted`: before a change; what became of it is another line of the same request' }),
    user: z.string(),
    role: z.string(),
    purpose: z.string().nullable(),
    person: z.uuid().nullable(),
    object: z.string(),
    source: z.string(),
    request: z.uuid().meta({ description: 'Lines of one request share it' }),
  })
  .meta({ id: 'Access', description: "One access to a person's data (NEN 7513)." });

export const accessLogPage = z
  .strictObject({
    personId: z.uuid(),
    items: z.array(access),
    next: z.int().nullable().meta({ description: 'Give it as `after` for the next page; null at the end' }),
  })
  .meta({ id: 'AccessLogPage', description: 'Who looked at, and who changed, the data of a person, in the order of recording.' });
export type AccessLogAnswer = z.infer<typeof accessLogPage>;
