import { z } from 'zod';
import { CORRECTION_KINDS, CORRECTIONS, REASON_CODES, type CorrectionKind } from '#libs/dossiers';

export const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'give the digest of a preview, 64 hexadecimal digits in lower case')
  .meta({ description: 'SHA-256 of the effects: the same effects have the same digest' });

/** What one kind of correction is asked with. */
const asked = <Envelope extends z.ZodRawShape>(envelope: Envelope) => {
  const [first, ...rest] = CORRECTION_KINDS.map((kind) =>
    z.strictObject({ kind: z.literal(kind), input: CORRECTIONS[kind].input as z.ZodType, ...envelope }),
  );
  if (first === undefined) throw new TypeError('there are kinds of corrections');
  return z.discriminatedUnion('kind', [first, ...rest], { error: `give one of ${CORRECTION_KINDS.join(', ')}` });
};

export const correctionPreviewRequest = asked({}).meta({
  id: 'CorrectionPreviewRequest',
  description: 'A correction to look at: a kind, and what it states.',
});
export interface CorrectionPreviewRequest {
  readonly kind: CorrectionKind;
  readonly input: unknown;
}

export const correctionRequest = asked({
  effects: digest.optional().meta({
    description:
      'Digest of the preview that was agreed to: it is carried out only if it does exactly that. Left out: whatever it does.',
  }),
  reason: z.enum(REASON_CODES.filter((each) => each !== 'unspecified')).meta({ description: 'Why it is corrected' }),
  note: z
    .string()
    .trim()
    .min(1, 'say something, or leave the note out')
    .max(4_000, 'use at most 4000 characters')
    .optional()
    .meta({ description: "For those who look at it later; kept under the person's key, and gone with it" }),
}).meta({ id: 'CorrectionRequest', description: 'A correction to carry out, or to propose where a second person must agree.' });
export interface CorrectionRequest extends CorrectionPreviewRequest {
  readonly effects?: string;
  readonly reason: (typeof REASON_CODES)[number];
  readonly note?: string;
}

const signedCents = z.int().meta({ description: 'Euro cents; negative when it becomes less' });

export const outcome = z
  .strictObject({
    status: z.enum(['decided', 'held', 'invalid']),
    condition: z.string().nullable(),
    sessions: z.array(
      z.strictObject({
        position: z.int().nullable(),
        purse: z.enum(['basic', 'supplementary', 'insured']).nullable(),
        cents: z.int(),
      }),
    ),
    basic: z.int(),
    supplementary: z.int(),
    insured: z.int(),
    refused: z.int(),
    undecided: z.int(),
    paidToProvider: z.int(),
    claimFromInsured: z.int(),
    codes: z.array(z.string()),
    deductible: z.boolean(),
    rule: z.string(),
    overridden: z
      .strictObject({
        through: z.string().meta({ description: 'Last day on which it is to hold' }),
        status: z.enum(['decided', 'held']),
        rule: z.string(),
        ...{ basic: z.int(), supplementary: z.int(), insured: z.int(), refused: z.int(), undecided: z.int() },
      })
      .nullable()
      .meta({
        description: 'Where the decision was set by hand: until when, and what would be decided without; null = it was not',
      }),
  })
  .meta({ id: 'LineOutcome', description: 'What is decided of a line. Cents.' });

const onOnePerson = {
  recordsFacts: z.boolean(),
  lines: z.array(
    z.strictObject({
      line: z.string(),
      practice: z.string(),
      reference: z.string(),
      date: z.string(),
      diagnosis: z.string(),
      trajectory: z.uuid(),
      before: outcome.nullable().meta({ description: 'null = it had no decision' }),
      after: outcome.nullable().meta({ description: 'null = it is taken out' }),
    }),
  ),
  released: z.array(z.string()).meta({ description: 'Lines that were held and are decided then' }),
  newlyHeld: z.array(z.string()),
  totals: z.strictObject({
    basic: signedCents,
    supplementary: signedCents,
    insured: signedCents,
    refused: signedCents,
    undecided: signedCents,
    paidToProvider: signedCents,
    claimFromInsured: signedCents,
  }),
  years: z.array(z.strictObject({ year: z.string(), lines: z.int(), closed: z.boolean() })),
  packages: z.array(
    z.strictObject({
      insurer: z.string(),
      package: z.string(),
      year: z.string(),
      sessions: z.int(),
      cents: signedCents,
      closed: z.boolean(),
    }),
  ),
  beyondCommand: z
    .array(
      z.strictObject({
        practice: z.string(),
        trajectory: z.uuid(),
        lines: z.int(),
        paidToProvider: signedCents,
        claimFromInsured: signedCents,
        practiceIsThird: z.boolean(),
      }),
    )
    .meta({ description: 'What moves in trajectories that the correction does not speak of' }),
  warnings: z.array(z.strictObject({ code: z.string(), value: z.int(), text: z.string() })),
  needsApproval: z
    .array(z.strictObject({ code: z.string(), value: z.int().nullable(), limit: z.int().nullable() }))
    .meta({ description: 'Why a second person must agree; empty = nobody has to' }),
};

export const preview = z
  .strictObject({
    digest,
    policy: z.strictObject({ digest: z.string(), version: z.string() }),
    ...onOnePerson,
    receiving: z
      .strictObject({ personId: z.uuid(), ...onOnePerson })
      .meta({ id: 'ReceivingPreview', description: 'What it does to the second person.' })
      .nullable()
      .meta({ description: 'null = it is about one person; else the digest and the approval cover both' }),
  })
  .meta({ id: 'Preview', description: 'What a correction would do; nothing was written.' });
export type PreviewAnswer = z.infer<typeof preview>;
