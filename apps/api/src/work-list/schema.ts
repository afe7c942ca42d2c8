import { z } from 'zod';
import { freshQuery, pageQuery } from '../http/fields';

export const workListQuery = z.strictObject({
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,59}$/, 'give a kind as the list names it')
    .optional()
    .meta({ description: 'Only items of this kind, e.g. held, history-to-ask' }),
  ...pageQuery,
  ...freshQuery,
});

export type WorkListQuery = z.infer<typeof workListQuery>;

export const workItem = z
  .strictObject({
    kind: z.string().meta({
      description:
        '`held` (also of lines whose money is set by hand meanwhile), `history-to-ask`, or a flag of decisions such as `date-to-confirm` or `new-insurance` (a history is to be asked for)',
    }),
    personId: z.uuid(),
    trajectoryId: z.uuid().nullable(),
    lines: z.int().meta({ description: 'Lines that carry the cause' }),
    since: z.string().meta({ description: 'When the event was recorded that raised it' }),
  })
  .meta({ id: 'WorkItem' });

export const workList = z
  .strictObject({
    items: z.array(workItem),
    next: z.string().nullable().meta({ description: 'Give it as `after` for the next page; null at the end' }),
  })
  .meta({ id: 'WorkList', description: 'What the back office has to do, oldest first.' });

export type WorkListAnswer = z.infer<typeof workList>;
