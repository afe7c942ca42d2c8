import { z } from 'zod';
import { NEXT_KINDS, OUTCOMES, STEPS } from '#libs/coverage';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const facts = z.record(z.string(), scalar);
const stepName = z.enum(STEPS.map(({ name }) => name));

const parameter = z
  .strictObject({
    name: z.string(),
    value: scalar,
    source: z.string().meta({ description: 'The text it rests on; `interpretation` where none decides' }),
    interpretation: z.string().optional().meta({ description: 'Name of the interpretation that it follows, or is' }),
    assumption: z.string().optional().meta({ description: 'What was assumed where the source gives no number for the date' }),
    validFrom: z.string().nullable().meta({ description: 'Date; null = since ever' }),
  })
  .meta({ id: 'TraceParameter', description: 'A number, date or choice of the policy that the step looked at.' });

const step = z
  .strictObject({
    step: z.int().meta({ description: 'From 1 to 13; step 10 asks five things, steps 12 and 13 tell two each' }),
    name: stepName,
    outcome: z.enum(OUTCOMES),
    parameters: z.array(parameter),
    facts: facts.meta({ description: 'Numbers, dates and codes used' }),
  })
  .meta({ id: 'TraceStep', description: 'One step of the order in which a line is judged.' });

export const trace = z
  .strictObject({
    rule: z.string(),
    decidedBy: stepName
      .nullable()
      .meta({ description: 'The step that settled the line; null for a rule of another engine version' }),
    condition: z.strictObject({ id: z.string(), name: z.strictObject({ nl: z.string(), en: z.string() }).nullable() }).nullable(),
    policy: z.strictObject({ version: z.string(), digest: z.string() }),
    steps: z.array(step),
    next: z
      .array(z.strictObject({ kind: z.enum(NEXT_KINDS), values: facts }))
      .meta({ description: 'What would change the outcome next, nearest first' }),
  })
  .meta({
    id: 'Trace',
    description: 'The decision step by step, made from what was recorded and the policy version of its digest.',
  });

const inOne = z.strictObject({ decision: z.string(), next: z.array(z.string()) });
export const sentences = z
  .strictObject({ en: inOne, nl: inOne })
  .meta({ id: 'Sentences', description: 'The trace in words: the step that decided, and what would change the outcome next.' });

export type TraceAnswer = z.infer<typeof trace>;
export type SentencesAnswer = z.infer<typeof sentences>;
