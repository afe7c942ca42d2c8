import type { z } from 'zod';
import { CORRECTIONS } from '#libs/dossiers';

export const diagnosisRemap = CORRECTIONS['remap-diagnosis'].input;
export type DiagnosisRemapInput = z.infer<typeof diagnosisRemap>;
