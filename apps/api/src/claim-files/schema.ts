import { z } from 'zod';
import { freshQuery, pageQuery, uuid } from '../http/fields';

export const claimFilesQuery = z.strictObject({ ...pageQuery, ...freshQuery });
export type ClaimFilesQuery = z.infer<typeof claimFilesQuery>;

export const claimFileQuery = z.strictObject({ ...freshQuery });

export const claimFilePath = z.strictObject({ fileId: uuid('the id of the file').meta({ description: 'Id of the claim file' }) });
export type ClaimFilePath = z.infer<typeof claimFilePath>;

export const claimFile = z
  .strictObject({
    fileId: z.uuid(),
    status: z.enum(['received', 'processing', 'completed', 'refused']),
    digest: z.string().meta({ description: 'SHA-256 of the bytes' }),
    bytes: z.int(),
    standard: z.string().nullable(),
    version: z.string().nullable(),
    insurer: z.string().nullable(),
    practice: z.string().nullable(),
    invoice: z.string().nullable(),
    invoiceDate: z.string().nullable(),
    receivedOn: z.string(),
    lines: z.strictObject({
      announced: z.int(),
      processed: z.int(),
      decided: z.int(),
      held: z.int(),
      invalid: z.int(),
      refused: z.int(),
      credited: z.int(),
    }),
    declaredCents: z.int().nullable(),
    grantedCents: z.int(),
    returnDigest: z.string().nullable().meta({ description: 'SHA-256 of the return message' }),
    problems: z.array(
      z.strictObject({
        code: z.string().nullable(),
        record: z.int().nullable(),
        field: z.string().nullable(),
        problem: z.string(),
      }),
    ),
    recordedAt: z.string(),
  })
  .meta({ id: 'ClaimFile', description: 'One claim file: what came in, how far it is, what was granted.' });

export type ClaimFileAnswer = z.infer<typeof claimFile>;

export const claimFiles = z.strictObject({ items: z.array(claimFile), next: z.string().nullable() }).meta({ id: 'ClaimFiles' });

export type ClaimFilesAnswer = z.infer<typeof claimFiles>;
