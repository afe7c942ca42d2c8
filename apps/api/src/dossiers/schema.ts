import { z } from 'zod';
import { freshQuery } from '../http/fields';
import { trajectorySummary } from '../trajectories/schema';
import { workItem } from '../work-list/schema';

export const dossierQuery = z.strictObject({ ...freshQuery });

const period = { insurer: z.string(), from: z.string(), through: z.string().nullable() };
export const dossierPeriods = {
  insurance: z.array(z.strictObject(period)),
  packages: z.array(z.strictObject({ ...period, package: z.string() })),
  diedOn: z.string().nullable(),
};

export const dossier = z
  .strictObject({
    personId: z.uuid(),
    erasedAt: z.string().nullable().meta({ description: 'The person was erased then: nothing else is kept of the dossier' }),
    ...dossierPeriods,
    reportedSwitches: z.array(z.strictObject({ switchDate: z.string(), previousInsurer: z.string().optional() })),
    lastDecision: z
      .strictObject({
        revision: z.int().meta({ description: 'Also the ETag: the value for If-Match' }),
        decidedAt: z.string(),
        policy: z.strictObject({ version: z.string(), digest: z.string() }),
        engine: z.string(),
      })
      .nullable(),
    trajectories: z.array(trajectorySummary),
    workItems: z.array(workItem),
  })
  .meta({ id: 'Dossier', description: 'What is known of one person: insurance, packages, trajectories, open work.' });

export type DossierAnswer = z.infer<typeof dossier>;
