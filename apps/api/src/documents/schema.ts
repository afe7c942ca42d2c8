import { z } from 'zod';
import { DOCUMENT_TYPES } from '#libs/identity';
import { personId, uuid } from '../http/fields';

export const documentPath = z.strictObject({ personId, documentId: uuid('the document id') });
export type DocumentPath = z.infer<typeof documentPath>;

export const documentReceipt = z
  .strictObject({
    documentId: z.uuid(),
    mediaType: z.enum(DOCUMENT_TYPES),
    bytes: z.int(),
    digest: z
      .string()
      .meta({ description: 'SHA-256 of the content, 64 hexadecimal digits: the `digest` of a statement on this document' }),
    isNew: z.boolean().meta({ description: 'false when the same document was kept for this person before' }),
  })
  .meta({ id: 'DocumentReceipt' });

export type DocumentReceiptAnswer = z.infer<typeof documentReceipt>;
