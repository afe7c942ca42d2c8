/** What each insurer lays down, by date; all labels of a concern lead to the same entry. */
import type { Insurer, InsurerTerms, PackageTerms } from './book';
import type { InsurerPerformanceRule, InsurerRule, PolicyDocument } from './document';
import { PolicyError } from './policy-error';
import { holdsOn, inForce, strictlyInForce, timelineOf } from './timeline';

export function compileInsurers(document: PolicyDocument): Map<string, Insurer> {
  const insurers = new Map<string, Insurer>();
  for (const rule of document.insurers) {
    const insurer = compileInsurer(rule);
    for (const label of rule.ownInsurers) {
      if (insurers.has(label))
        throw new PolicyError(`insurer ${rule.insurer}: label ${label} belongs to another insurer already`);
      insurers.set(label, insurer);
    }
  }
  return insurers;
}

function compileInsurer(rule: InsurerRule): Insurer {
  const series = [
    rule.paysProviderInFull,
    rule.claimTimeLimitMonths,
    rule.closedCodeGrace,
    rule.overCapUsesSupplementary,
    rule.deductibleExemptions,
    rule.authorisationFor ?? [],
    ...rule.packages.map((each) => each.periods),
    rule.performances ?? [],
  ];
  return { concern: rule.insurer, terms: timelineOf(series, (date) => termsOn(rule, date)) };
}

function termsOn(rule: InsurerRule, date: string): InsurerTerms {
  const grace = inForce(rule.closedCodeGrace, date)?.value;
  const overCap = inForce(rule.overCapUsesSupplementary, date);
  const packages = new Map<string, PackageTerms>();
  for (const each of rule.packages) {
    const period = strictlyInForce(each.periods, date);
    if (period === null) continue;
    packages.set(each.name, {
      name: each.name,
      limit: period.limit ?? Number.POSITIVE_INFINITY,
      manualLimit: period.manualLimit ?? Number.POSITIVE_INFINITY,
    });
  }
  return {
    paysProviderInFull: inForce(rule.paysProviderInFull, date)?.value ?? false,
    claimTimeLimitMonths: inForce(rule.claimTimeLimitMonths, date)?.value ?? null,
    closedSessionsThrough: grace?.sessionsThrough ?? '',
    closedStartedBefore: grace?.trajectoryStartedBefore ?? '',
    overCapUsesSupplementary: overCap?.value ?? true,
    overCapExcept: new Set(overCap?.except ?? []),
    deductibleExemptions: new Set(strictlyInForce(rule.deductibleExemptions, date)?.value ?? []),
    authorisationFor: new Set(strictlyInForce(rule.authorisationFor ?? [], date)?.value ?? []),
    packages,
    refusedPerformances: refusedOn(rule.performances ?? [], date),
  };
}

function refusedOn(rules: readonly InsurerPerformanceRule[], date: string): Map<string, Set<string> | null> {
  const refused = new Map<string, Set<string> | null>();
  for (const rule of rules) {
    if (rule.accepted || !holdsOn(rule, date)) continue;
    for (const code of rule.codes) {
      const before = refused.get(code);
      refused.set(code, before === null || rule.lists === undefined ? null : new Set([...(before ?? []), ...rule.lists]));
    }
  }
  return refused;
}
