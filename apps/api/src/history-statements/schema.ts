import { z } from 'zod';
import { date, uuid } from '../http/fields';

export const statementQuery = z.strictObject({
  through: date.meta({ description: 'Last day that the count goes up to' }),
});
export type StatementQuery = z.infer<typeof statementQuery>;

export const issuedStatement = z
  .strictObject({
    id: z.uuid(),
    insurer: z.string().meta({ description: 'UZOVI of the insurer that states it' }),
    count: z.int(),
    startedOn: z.string(),
    throughDate: z.string(),
    expiresAt: z.string(),
    statement: z.string().meta({ description: 'Compact JWS, Ed25519. It names the person by BSN: for the next insurer alone' }),
    digest: z.string().meta({ description: 'SHA-256 of the statement' }),
    keyId: z.string(),
    pdf: z.string().meta({ description: 'The same for people, in Dutch: a PDF in base64', contentEncoding: 'base64' }),
  })
  .meta({ id: 'HistoryStatement', description: 'The history of a trajectory as it is stated to the next insurer.' });

export type IssuedStatementAnswer = z.infer<typeof issuedStatement>;

export const statementImport = z
  .strictObject({
    statement: z
      .string()
      .min(1, 'give the signed statement')
      .max(100_000, 'a statement has at most 100000 characters')
      .meta({ description: 'The signed statement as it came: compact JWS' }),
    supersedes: uuid('the id of the import that this one replaces').optional(),
  })
  .meta({ id: 'HistoryStatementImport' });

export type StatementImportInput = z.infer<typeof statementImport>;

export const statementKeys = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        x: z.string(),
        kid: z.string(),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
      }),
    ),
  })
  .meta({ id: 'StatementKeys', description: 'JWK Set (RFC 7517).' });

export type StatementKeysAnswer = z.infer<typeof statementKeys>;
