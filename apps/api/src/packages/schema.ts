import type { z } from 'zod';
import { CORRECTIONS } from '#libs/dossiers';

export const packageStatement = CORRECTIONS['state-packages'].input;
export type PackageStatement = z.infer<typeof packageStatement>;
