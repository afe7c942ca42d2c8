/** The sentence of the step that decided: the rule's own, what the package said, and for several sessions the amounts per purse. */
import { OVERRIDDEN, type LineDecision, type Split } from '#libs/trajectory';
import type { BilingualName } from '../policy/document';
import { RULE_BY_ID } from './rules';
import { derivedSplit } from './without-override';

export type Language = 'nl' | 'en';
type Value = string | number | boolean | null | undefined;

/** What the sentence is made from; a trace has it all. */
export interface Told {
  readonly rule: string;
  readonly values: LineDecision['reason']['values'];
  readonly condition: { readonly id: string; readonly name: BilingualName | null } | null;
  readonly status: LineDecision['status'];
  readonly units: LineDecision['units'];
  readonly split: LineDecision['split'];
}

export function decidingSentence(told: Told, language: Language): string {
  const rule = RULE_BY_ID.get(told.rule);
  if (rule === undefined) return language === 'en' ? `Rule ${told.rule}.` : `Regel ${told.rule}.`;
  return `${fill(rule[language], told, language)}${purseSentence(told, language)}`;
}

/** The id where the policy of the decision has no name for it. */
export const conditionName = (condition: Told['condition'], language: Language): string =>
  condition === null ? '-' : (condition.name?.[language] ?? condition.id);

function fill(template: string, { rule, values, split, condition }: Told, language: Language): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    if (key === 'condition') return conditionName(condition, language);
    if (key === 'closedSince') return closedSince(values.through, values.startedBefore, 'en');
    if (key === 'closedSinceNl') return closedSince(values.through, values.startedBefore, 'nl');
    if (key === 'untilEnd') return values.end === undefined ? '' : `, until ${String(values.end)}`;
    if (key === 'untilEndNl') return values.end === undefined ? '' : `, tot ${String(values.end)}`;
    if (key === 'byHand') return centsSentence(split, language);
    if (key === 'derived') return centsSentence(derivedSplit({ rule, values }) ?? split, language);
    // an item that is no session takes no position
    if (key === 'position' && values.position == null) return language === 'en' ? 'without a number' : 'zonder volgnummer';
    const value = values[key];
    return value === undefined || value === null ? '-' : String(value);
  });
}

function closedSince(through: Value, startedBefore: Value, language: Language): string {
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

const euros = (cents: number): string => (cents / 100).toFixed(2);

const PARTS: Readonly<Record<keyof Split, Readonly<Record<Language, string>>>> = {
  basic: { en: 'basic pays', nl: 'basis betaalt' },
  supplementary: { en: 'supplementary pays', nl: 'aanvullend betaalt' },
  insured: { en: 'the insured pays', nl: 'de verzekerde betaalt' },
  refused: { en: 'refused', nl: 'afgewezen' },
  undecided: { en: 'undecided', nl: 'nog niet beslist' },
};

/** What each part of the amount is, those of no cents left out. */
function centsSentence(split: Split, language: Language): string {
  const told = (Object.keys(PARTS) as (keyof Split)[])
    .filter((part) => split[part] > 0)
    .map((part) => `${PARTS[part][language]} ${euros(split[part])}`);
  return told.length > 0 ? told.join(', ') : euros(0);
}

/** What the package had to say, and for a line of several sessions the amounts per purse. */
function purseSentence({ rule, values, split, units, status }: Told, language: Language): string {
  // what the package said to it does not stand
  if (rule === OVERRIDDEN) return '';
  const { package: name, unit, limit, manualLimit, packageAt } = values;
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
  const { basic, supplementary, insured, refused } = split;
  if (units.length > 1 && status === 'decided' && refused === 0) {
    parts.push(
      en
        ? `Of the ${units.length} sessions basic pays ${euros(basic)}, supplementary ${euros(supplementary)}, the insured ${euros(insured)}.`
        : `Van de ${units.length} zittingen betaalt basis ${euros(basic)}, aanvullend ${euros(supplementary)}, de verzekerde ${euros(insured)}.`,
    );
  }
  return parts.length === 0 ? '' : ` ${parts.join(' ')}`;
}
