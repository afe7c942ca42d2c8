/** Where a long session is covered: the rules of the policy, asked in order. */
import { monthsAfter } from '../calendar';
import type { LongSessions } from './book';
import type { PolicyDocument } from './document';
import { holdsOn } from './timeline';

export function compileLongSessions(document: PolicyDocument): LongSessions {
  const rules = document.longSessions.map((rule) => ({
    patterns: rule.diagnoses.map((pattern) => new RegExp(`^${pattern.replaceAll('x', '\\d')}$`)),
    rule,
  }));
  return {
    covered(diagnosis, ageYears, date, clinical) {
      for (const { patterns, rule } of rules) {
        if (!holdsOn(rule, date)) continue;
        if (ageYears < (rule.minimumAge ?? 0)) continue;
        if (rule.confirmed !== undefined && rule.confirmed !== clinical.longSession) continue;
        if (!patterns.some((pattern) => pattern.test(diagnosis))) continue;
        if (rule.date === undefined) return { dateToConfirm: false };
        if (clinical.diagnosedOn === undefined) return { dateToConfirm: true };
        const { withinMonths, fromMonths } = rule.date;
        if (withinMonths !== undefined && date >= monthsAfter(clinical.diagnosedOn, withinMonths)) continue;
        if (fromMonths !== undefined && date < monthsAfter(clinical.diagnosedOn, fromMonths)) continue;
        return { dateToConfirm: false };
      }
      return null;
    },
  };
}
