import { z } from 'zod';
import { date, diagnosis, insurer } from '../http/fields';

export const insurerSwitch = z
  .strictObject({
    switchDate: date.meta({ description: 'Sessions before this date may be unknown here' }),
    diagnosis,
    previousInsurer: insurer.optional(),
  })
  .meta({ id: 'InsurerSwitch', description: 'Holds the sessions of this code from the date on until a history answers it.' });

export type InsurerSwitchInput = z.infer<typeof insurerSwitch>;
