import { z } from 'zod';
import { date, identifier, insurer } from '../http/fields';

const MAX_PERIODS = 200;

/** A supplementary package; both dates inclusive. */
export const packagePeriod = z
  .strictObject({
    insurer,
    package: identifier('the name of the package', 60).meta({ description: 'Package of that insurer, as in the policy' }),
    from: date,
    through: date.nullable().default(null).meta({ description: 'Last day; null or absent = open' }),
  })
  .meta({ id: 'PackagePeriod' });

export const packagePeriods = z.array(packagePeriod).max(MAX_PERIODS, `give at most ${MAX_PERIODS} packages`);

export const packageStatement = z
  .strictObject({ packages: packagePeriods.meta({ description: 'All supplementary packages as known from now on' }) })
  .meta({ id: 'PackageStatement', description: 'Replaces what was stated before; lines are decided anew, also retroactively.' });

export type PackageStatement = z.infer<typeof packageStatement>;
