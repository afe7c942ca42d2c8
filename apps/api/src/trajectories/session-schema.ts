import { z } from 'zod';

export const splitCents = z
  .strictObject({ basic: z.int(), supplementary: z.int(), insured: z.int(), refused: z.int(), undecided: z.int() })
  .meta({ id: 'LineSplit', description: 'Cents; they add up to the declared amount.' });

export const reason = z
  .strictObject({
    rule: z.string().meta({ description: 'The rule that settled the line' }),
    values: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .meta({ description: 'Numbers it used' }),
    sentence: z.strictObject({ en: z.string(), nl: z.string() }),
    source: z.string().meta({ description: 'Law, list or page that the rule rests on; `interpretation` where none decides' }),
    conditionSource: z.string().nullable(),
    interpretations: z.array(z.strictObject({ name: z.string(), value: z.string(), reason: z.string() })),
    policy: z.strictObject({ version: z.string(), digest: z.string() }),
  })
  .meta({
    id: 'Reason',
    description: 'Why the line was decided as it was: which rule of which policy version, with which numbers.',
  });

export const unit = z
  .strictObject({
    position: z.int().nullable(),
    purse: z.enum(['basic', 'supplementary', 'insured']).nullable(),
    cents: z.int(),
    rule: z.string(),
  })
  .meta({ id: 'SessionUnit', description: 'One session of the line: a line of quantity q has q of them.' });

export const lineOrigin = z
  .union([z.strictObject({ file: z.uuid(), record: z.int() }), z.strictObject({ command: z.string() })])
  .meta({ id: 'LineOrigin', description: 'Record of a claim file, or command, that the line came with' });

export const session = z
  .strictObject({
    line: z.string().meta({ description: '`<practice>/<reference>`' }),
    practice: z.string(),
    reference: z.string(),
    trajectoryId: z.uuid(),
    date: z.string(),
    startTime: z.string().nullable(),
    list: z.string(),
    performance: z.string(),
    diagnosis: z.string(),
    csi: z.string().meta({ description: 'Indication code, as the provider asserts it' }),
    side: z.string().nullable(),
    quantity: z.int(),
    insurer: z.string(),
    invoice: z.string(),
    receivedOn: z.string(),
    source: lineOrigin,
    declaredCents: z.int(),
    status: z
      .enum(['declared', 'decided', 'held', 'invalid', 'withdrawn', 'moved'])
      .meta({ description: '`withdrawn`: credited. `moved`: it counts with another person now.' }),
    condition: z.string().nullable(),
    position: z
      .strictObject({ first: z.int(), last: z.int() })
      .nullable()
      .meta({ description: 'Ordinal for its condition; provisional while held' }),
    split: splitCents,
    codes: z.array(z.string()),
    deductible: z.boolean(),
    paidToProviderCents: z.int(),
    claimFromInsuredCents: z.int(),
    flags: z.array(z.string()),
    units: z.array(unit),
    creditReference: z.string().nullable(),
    decidedRevision: z.int().nullable().meta({ description: 'Revision of the decision in the dossier' }),
    reason: reason.nullable(),
  })
  .meta({ id: 'Session', description: 'One accepted claim line with the last decision recorded on it.' });

export type SessionAnswer = z.infer<typeof session>;
export type ReasonAnswer = z.infer<typeof reason>;
