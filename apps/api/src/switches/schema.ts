import type { z } from 'zod';
import { CORRECTIONS } from '#libs/dossiers';

export const insurerSwitch = CORRECTIONS['record-switch'].input;
export type InsurerSwitchInput = z.infer<typeof insurerSwitch>;
