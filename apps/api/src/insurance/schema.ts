import { z } from 'zod';
import { date, insurer } from '../http/fields';

const MAX_PERIODS = 200;

/** A period of basic insurance; both dates inclusive. */
export const insurancePeriod = z
  .strictObject({
    insurer,
    from: date,
    through: date.nullable().default(null).meta({ description: 'Last day; null or absent = open' }),
  })
  .meta({ id: 'InsurancePeriod' });

export const insurancePeriods = z.array(insurancePeriod).max(MAX_PERIODS, `give at most ${MAX_PERIODS} periods`);

export const insuranceStatement = z
  .strictObject({
    periods: insurancePeriods.meta({ description: 'All basic insurance periods as known from now on' }),
    diedOn: date.nullable().default(null),
  })
  .meta({
    id: 'InsuranceStatement',
    description: 'Replaces what was stated before; lines are decided anew, also retroactively.',
  });

export type InsuranceStatement = z.infer<typeof insuranceStatement>;
