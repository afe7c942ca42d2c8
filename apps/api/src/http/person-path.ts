import { z } from 'zod';
import { personId } from './fields';

/** Path of everything under `/v1/persons/{personId}`. */
export const personPath = z.strictObject({ personId });
export type PersonPath = z.infer<typeof personPath>;
