import { z } from 'zod';
import { CORRECTIONS } from '#libs/dossiers';
import { personId, uuid } from '../http/fields';

export const historyImport = CORRECTIONS['import-history'].input;
export type HistoryImportInput = z.infer<typeof historyImport>;

export const historyPath = z.strictObject({ personId, importId: uuid('the id of the import') });
export type HistoryPath = z.infer<typeof historyPath>;

/** The import is named by the address, also below. */
export const historyVerification = CORRECTIONS['verify-history'].input
  .omit({ importId: true })
  .meta({ id: 'HistoryVerificationDocument' });
export type HistoryVerificationInput = z.infer<typeof historyVerification>;

export const historyRetraction = CORRECTIONS['retract-history'].input
  .omit({ importId: true })
  .meta({ id: 'HistoryRetractionReason' });
export type HistoryRetractionInput = z.infer<typeof historyRetraction>;
