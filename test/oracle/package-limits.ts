import type { PolicyDocument } from '#libs/coverage';
import type { PackageLimits } from './oracle';

/** The packages of a policy as plain data, as the oracle takes them: the one thing that it does not know by itself. */
export const packageLimitsOf = (document: PolicyDocument): PackageLimits[] =>
  document.insurers.flatMap(({ insurer, packages }) =>
    packages.flatMap(({ name, periods }) =>
      periods.map(({ from, through, limit, manualLimit }) => ({
        insurer,
        name,
        from,
        through: through ?? null,
        limit,
        manualLimit: manualLimit ?? null,
      })),
    ),
  );
