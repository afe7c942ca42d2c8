/** What one insurer lays down, as the parameters that a trace names. */
import type { InsurerRule, PackageLimit } from '../policy/document';
import { inForce, strictlyInForce } from '../policy/timeline';
import type { Scalar, TraceParameter } from './trace-shape';

export interface InsurerSheet {
  readonly timeLimit: readonly TraceParameter[];
  readonly closedCodes: readonly TraceParameter[];
  readonly consent: readonly TraceParameter[];
  readonly overCap: readonly TraceParameter[];
  readonly deductible: readonly TraceParameter[];
  readonly moneyFlow: readonly TraceParameter[];
  readonly packages: ReadonlyMap<string, readonly TraceParameter[]>;
  /** By performance code, where the insurer says whether it accepts the code. */
  readonly performances: ReadonlyMap<string, readonly TraceParameter[]>;
}

/** Of an insurer that the policy does not know. */
export const NO_INSURER: InsurerSheet = {
  ...{ timeLimit: [], closedCodes: [], consent: [], overCap: [], deductible: [], moneyFlow: [] },
  packages: new Map(),
  performances: new Map(),
};

export function insurerSheet(rule: InsurerRule, date: string): InsurerSheet {
  const one = (name: string, row: { value: Scalar; source: string; from: string } | null): TraceParameter[] =>
    row === null ? [] : [{ name, value: row.value, source: row.source, validFrom: row.from }];
  const listed = (name: string, row: { value: readonly string[]; source: string; from: string } | null): TraceParameter[] =>
    row === null ? [] : one(name, { ...row, value: row.value.join(' ') });
  const grace = inForce(rule.closedCodeGrace, date);
  const overCap = inForce(rule.overCapUsesSupplementary, date);
  const packages = rule.packages.flatMap((each): [string, readonly TraceParameter[]][] => {
    const period = strictlyInForce(each.periods, date);
    return period === null ? [] : [[each.name, packageSheet(period)]];
  });
  const performances = new Map<string, readonly TraceParameter[]>();
  for (const { codes, lists, accepted, source, from, through } of rule.performances ?? []) {
    if (from > date || (through ?? date) < date) continue;
    const name = lists === undefined ? 'performanceAccepted' : `performanceAccepted in ${lists.join(' ')}`;
    const parameter = { name, value: accepted, source, validFrom: from };
    for (const code of codes) performances.set(code, [...(performances.get(code) ?? []), parameter]);
  }
  return {
    timeLimit: one('claimTimeLimitMonths', inForce(rule.claimTimeLimitMonths, date)),
    closedCodes:
      grace === null
        ? []
        : [
            ...one('closedSessionsThrough', { ...grace, value: grace.value.sessionsThrough }),
            ...one('closedStartedBefore', { ...grace, value: grace.value.trajectoryStartedBefore ?? null }),
          ],
    consent: listed('authorisationFor', strictlyInForce(rule.authorisationFor ?? [], date)),
    overCap: [
      ...one('overCapUsesSupplementary', overCap),
      ...(overCap?.except === undefined ? [] : listed('overCapExcept', { ...overCap, value: overCap.except })),
    ],
    deductible: listed('deductibleExemptions', strictlyInForce(rule.deductibleExemptions, date)),
    moneyFlow: one('paysProviderInFull', inForce(rule.paysProviderInFull, date)),
    packages: new Map(packages),
    performances,
  };
}

function packageSheet({ limit, manualLimit, source, assumption, from: validFrom }: PackageLimit): readonly TraceParameter[] {
  const assumed = assumption === undefined ? {} : { assumption };
  return [
    { name: 'packageLimit', value: limit, source, validFrom, ...assumed },
    ...(manualLimit === undefined ? [] : [{ name: 'manualLimit', value: manualLimit, source, validFrom, ...assumed }]),
  ];
}
