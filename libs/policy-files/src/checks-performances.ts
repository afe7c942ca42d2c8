/** Performance codes that an insurer leaves out: they must exist nationally, and one code has one answer on a date. */
import type { InsurerRule, PolicyDocument } from '#libs/coverage';
import { checkDates, type Path, type Report } from './checks-series';

type Rule = NonNullable<InsurerRule['performances']>[number];

const END = '9999-12-31';

/**
 * Reports codes and lists that do not exist, dates in the wrong order, and two rules of one code and list that hold on the same day.
 * Between the rules the national lists alone decide, so gaps are allowed.
 * @param at path of the insurer in the document
 */
export function checkInsurerPerformances(document: PolicyDocument, insurer: InsurerRule, at: Path, report: Report): void {
  const listsOf = new Map<string, Set<string>>();
  for (const { codes, lists } of document.performances) {
    for (const code of codes) listsOf.set(code, new Set([...(listsOf.get(code) ?? []), ...lists]));
  }
  const known = new Set(document.performanceLists.map((each) => each.list));
  const seen: { readonly code: string; readonly list: string; readonly rule: Rule }[] = [];
  (insurer.performances ?? []).forEach((rule, i) => {
    const ruleAt = [...at, 'performances', i];
    checkDates(rule, ruleAt, report);
    for (const list of rule.lists ?? []) if (!known.has(list)) report([...ruleAt, 'lists'], `unknown performance list ${list}`);
    for (const code of rule.codes) {
      const national = listsOf.get(code);
      if (national === undefined) {
        report([...ruleAt, 'codes'], `unknown performance code ${code}: it stands in no national list (performances.yaml)`);
        continue;
      }
      for (const list of rule.lists ?? national) {
        if (known.has(list) && !national.has(list)) report([...ruleAt, 'codes'], `${code} is not in performance list ${list}`);
        const other = seen.find((each) => each.code === code && each.list === list && overlap(each.rule, rule));
        if (other !== undefined) {
          report(
            ruleAt,
            `${code} in list ${list} overlaps the rule from ${other.rule.from}: give that one a \`through\` before ${rule.from}`,
          );
        }
        seen.push({ code, list, rule });
      }
    }
  });
}

const overlap = (a: Rule, b: Rule): boolean => a.from <= (b.through ?? END) && b.from <= (a.through ?? END);
