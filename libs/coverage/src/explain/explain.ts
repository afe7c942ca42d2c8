/** Puts a decision into a sentence: which rule of which policy version settled it, with which numbers, and who bears the amount. */
import type { LineDecision } from '#libs/trajectory';
import type { PolicyBook } from '../policy/book';
import { strictlyInForce } from '../policy/timeline';
import { RULE_BY_ID } from './rules';

export interface Explanation {
  /** English. */
  readonly sentence: string;
  readonly nl: string;
  readonly rule: string;
  /** Law, list or page; `interpretation` where none decides. */
  readonly source: string;
  /** Source of the condition's own numbers, when the line has one. */
  readonly conditionSource: string | null;
  readonly interpretations: readonly { readonly name: string; readonly value: string; readonly reason: string }[];
  readonly policyVersion: string;
  readonly policyDigest: string;
}

/**
 * @param decision as recorded; its reason's values fill the sentence
 * @param book the policy it was decided under: the version that the PersonDecided names
 * @param sessionDate `YYYY-MM-DD`; picks the interpretation values and condition text in force, today's wording when left out
 */
export function explain(decision: LineDecision, book: PolicyBook, sessionDate = '9999-12-31'): Explanation {
  const rule = RULE_BY_ID.get(decision.reason.rule);
  const condition = book.document.conditions.find((each) => each.id === decision.condition);
  const names = new Set(rule?.interpretations ?? []);
  const period = condition === undefined ? null : strictlyInForce(condition.periods, sessionDate);
  for (const name of period?.interpretations ?? []) names.add(name);
  if (decision.flags.includes('ambiguous-condition')) names.add('ambiguousCondition');
  if (decision.units.length > 1) names.add('roundingOfSplit');
  if (decision.flags.includes('history-below-own')) names.add('importBelowOwn');
  const words = { ...decision.reason.values };
  const fill = (template: string, language: 'nl' | 'en'): string =>
    template.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
      if (key === 'condition') return condition?.name[language] ?? decision.condition ?? '';
      if (key === 'closedSince') return closedSince(words.through, words.startedBefore, 'en');
      if (key === 'closedSinceNl') return closedSince(words.through, words.startedBefore, 'nl');
      if (key === 'untilEnd') return words.end === undefined ? '' : `, until ${String(words.end)}`;
      if (key === 'untilEndNl') return words.end === undefined ? '' : `, tot ${String(words.end)}`;
      const value = words[key];
      return value === undefined || value === null ? '-' : String(value);
    });
  const split = rule === undefined ? '' : purseSentence(decision, 'en');
  const splitNl = rule === undefined ? '' : purseSentence(decision, 'nl');
  return {
    sentence: `${rule === undefined ? `Rule ${decision.reason.rule}.` : fill(rule.en, 'en')}${split}`,
    nl: `${rule === undefined ? `Regel ${decision.reason.rule}.` : fill(rule.nl, 'nl')}${splitNl}`,
    rule: decision.reason.rule,
    source: rule?.source ?? 'unknown rule: decided by another engine version',
    conditionSource: period?.source ?? null,
    interpretations: book.document.interpretations
      .filter((each) => names.has(each.name))
      .map((each) => ({
        name: each.name,
        value: JSON.stringify((strictlyInForce(each.values, sessionDate) ?? each.values[0])?.value ?? null),
        reason: each.reason,
      })),
    policyVersion: book.version,
    policyDigest: book.digest,
  };
}

type Value = string | number | boolean | null | undefined;

function closedSince(through: Value, startedBefore: Value, language: 'nl' | 'en'): string {
  if (typeof through === 'string' && through !== '') {
    return language === 'en'
      ? `: accepted for sessions through ${through} only`
      : `: alleen zittingen tot en met ${through} worden aanvaard`;
  }
  if (typeof startedBefore === 'string') {
    return language === 'en'
      ? `: accepted only in a trajectory that started before ${startedBefore}`
      : `: alleen aanvaard in een traject dat voor ${startedBefore} begon`;
  }
  return '';
}

/** What the package had to say, and for a line of several sessions the amounts per purse. */
function purseSentence(decision: LineDecision, language: 'nl' | 'en'): string {
  const { package: name, unit, limit, manualLimit, packageAt } = decision.reason.values;
  const en = language === 'en';
  const parts: string[] = [];
  if (packageAt !== undefined) {
    parts.push(
      en ? `The package is held at insurer ${String(packageAt)}.` : `Het pakket loopt bij verzekeraar ${String(packageAt)}.`,
    );
  } else if (name !== undefined) {
    const which = String(name);
    if (unit !== undefined) {
      parts.push(
        en
          ? `Package ${which} pays: session ${String(unit)} of the year.`
          : `Pakket ${which} betaalt: zitting ${String(unit)} van het jaar.`,
      );
    } else if (limit !== undefined) {
      parts.push(
        en ? `Package ${which} (${String(limit)} a year) is used up.` : `Pakket ${which} (${String(limit)} per jaar) is op.`,
      );
    } else if (manualLimit !== undefined) {
      parts.push(
        en
          ? `The manual-therapy part of package ${which} (${String(manualLimit)} a year) is used up.`
          : `Het deel manuele therapie van pakket ${which} (${String(manualLimit)} per jaar) is op.`,
      );
    } else {
      parts.push(en ? `Package ${which} is not known for this year.` : `Pakket ${which} is voor dit jaar niet bekend.`);
    }
  }
  const { basic, supplementary, insured, refused } = decision.split;
  if (decision.units.length > 1 && decision.status === 'decided' && refused === 0) {
    const euros = (cents: number): string => (cents / 100).toFixed(2);
    parts.push(
      en
        ? `Of the ${decision.units.length} sessions basic pays ${euros(basic)}, supplementary ${euros(supplementary)}, the insured ${euros(insured)}.`
        : `Van de ${decision.units.length} zittingen betaalt basis ${euros(basic)}, aanvullend ${euros(supplementary)}, de verzekerde ${euros(insured)}.`,
    );
  }
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}
