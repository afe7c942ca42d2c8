import { z } from 'zod';

export const policyInEffect = z
  .strictObject({
    version: z.string(),
    digest: z.string().meta({ description: 'SHA-256 of the policy document' }),
    activatedAt: z.string(),
    activation: z.uuid().meta({ description: 'Id of the event that made it take effect' }),
    engine: z.string().meta({ description: 'Version of the reading of the rules' }),
  })
  .meta({ id: 'PolicyInEffect' });

export type PolicyAnswer = z.infer<typeof policyInEffect>;
