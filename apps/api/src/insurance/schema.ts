import type { z } from 'zod';
import { CORRECTIONS } from '#libs/dossiers';

export const insuranceStatement = CORRECTIONS['state-insurance'].input;
export type InsuranceStatement = z.infer<typeof insuranceStatement>;
