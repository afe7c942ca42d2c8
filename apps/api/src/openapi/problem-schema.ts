import { z } from 'zod';
import { commandAnswerFields } from '../commands/command-answer';
import { preview } from '../corrections/schema';

/** The body of every error (RFC 9457). */
export const problem = z
  .strictObject({
    type: z.string().meta({ description: 'Kind of problem, `urn:traject:problem:…`' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong and what to do' }),
    instance: z.string().optional().meta({ description: 'Id of the request, as in the log' }),
    errors: z
      .array(
        z.strictObject({
          code: z.string(),
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().meta({ description: 'JSON pointer to the field within that part of the request' }),
          problem: z.string(),
          line: z.int().optional().meta({ description: 'Line of the file that the field holds, from 1' }),
        }),
      )
      .optional(),
    preview: preview.optional().meta({ description: 'Of a correction whose effects have moved: what it would do now' }),
    paymentChanges: commandAnswerFields.paymentChanges.optional().meta({
      description: 'Of a move between persons that could not be finished and was taken back: both ways, each with its cause',
    }),
    furtherErrors: z.int().optional().meta({ description: 'Faults beyond the first hundred' }),
  })
  .meta({ id: 'Problem' });
