/** What the steps of a trace share: the decision with its policy looked up, and the numbers that follow from what was recorded. */
import type { LineDecision } from '#libs/trajectory';
import { monthsAfter } from '../calendar';
import type { Condition, ConditionTerms, InsurerTerms, PackageTerms, PolicyBook } from '../policy/book';
import { RULE_BY_ID } from './rules';
import { withoutOverride } from './without-override';
import type { SetByHand, StepName, TracedSession } from './trace-shape';
import { NO_INSURER, type InsurerSheet } from './insurer-sheet';
import { NO_CONDITION, sheetsOf, type ConditionSheet, type InterpretationSheet, type PolicySheets } from './policy-sheets';

export interface Judged {
  /** What the facts make of the line: the recorded decision, or where that was set by hand what would have been decided without. */
  readonly decision: LineDecision;
  /** As recorded: what stands. */
  readonly standing: LineDecision;
  readonly setByHand: SetByHand | null;
  readonly session: TracedSession;
  readonly book: PolicyBook;
  readonly rule: string;
  readonly values: LineDecision['reason']['values'];
  /** The step that the rule decided; null for a rule of another engine version. */
  readonly by: StepName | null;
  readonly isAdult: boolean;
  /** Whether the performance is a long session. */
  readonly isLong: boolean;
  readonly condition: Condition | null;
  readonly terms: ConditionTerms | null;
  readonly insurerTerms: InsurerTerms | null;
  readonly sheets: PolicySheets;
  readonly interpretations: InterpretationSheet;
  readonly conditionSheet: ConditionSheet;
  readonly insurerSheet: InsurerSheet;
  /** Of the line's first session; null = it takes none. */
  readonly position: number | null;
  readonly cap: CapUse | null;
  readonly package: PackageUse | null;
}

/** The maximum of the period in which the session lies. */
export interface CapUse {
  /** null = a number that was not recorded. */
  readonly count: number | null;
  /** Sessions counted before this one. */
  readonly used: number | null;
  readonly per: string;
  /** First day of the next period; null = there is none, or it was not recorded. */
  readonly until: string | null;
  /** What the maximum of the next period is; null = as this one. */
  readonly following: number | null;
}

export interface PackageUse {
  readonly name: string;
  /** null = no limit. */
  readonly limit: number | null;
  readonly manualLimit: number | null;
  /** Ordinal in the year of the line's first session that it pays; null = it pays none. */
  readonly unit: number | null;
  readonly manualUnit: number | null;
  /** Sessions of the year left after this line; null = no limit. */
  readonly left: number | null;
  readonly manualLeft: number | null;
}

export function judged(
  standing: LineDecision,
  session: TracedSession,
  book: PolicyBook,
  setByHand: SetByHand | null = null,
): Judged {
  const decision = withoutOverride(standing);
  const { rule, values } = decision.reason;
  const { date } = session;
  const condition = book.conditions.get(decision.condition ?? '') ?? null;
  const terms = condition?.terms.at(date) ?? null;
  const insurerTerms = book.insurers.get(session.insurer)?.terms.at(date) ?? null;
  const sheets = sheetsOf(book);
  return {
    decision,
    standing,
    setByHand,
    session,
    book,
    rule,
    values,
    by: RULE_BY_ID.get(rule)?.step ?? null,
    isAdult: session.ageYears >= book.adultAge,
    isLong: book.lists.get(session.list)?.codes.get(session.performance)?.kind === 'long',
    condition,
    terms,
    insurerTerms,
    sheets,
    interpretations: sheets.interpretations(date),
    conditionSheet: condition === null ? NO_CONDITION : sheets.condition(condition.id, date),
    insurerSheet: insurerTerms === null ? NO_INSURER : sheets.insurer(session.insurer, insurerTerms, date),
    position: decision.units[0]?.position ?? null,
    cap: terms === null ? null : capUse(decision, session, terms, book),
    package: packageUse(decision, insurerTerms),
  };
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function capUse(decision: LineDecision, session: TracedSession, terms: ConditionTerms, book: PolicyBook): CapUse | null {
  const { rule, values } = decision.reason;
  const named = textOf(values.class) ?? '';
  const careClass = terms.classes.get(named) ?? book.careClasses.get(named) ?? null;
  if (terms.capPer === null || (careClass === null && terms.capCount === null)) return null;
  const recorded = numberOf(values.used);
  const position = decision.units[0]?.position ?? null;
  const isWindowed = terms.capPer !== 'once' && terms.capPer !== 'term';
  const used =
    recorded !== null
      ? recorded - (rule === 'within-cap' && values.counts !== false ? 1 : 0)
      : isWindowed || position === null
        ? null
        : position - 1;
  const start = textOf(values.start);
  const year = terms.capPer === 'treatment-year' && start !== null ? treatmentYear(start, session.date) : 0;
  const isKnown = terms.capPer !== 'treatment-year' || start !== null;
  return {
    per: terms.capPer,
    count: careClass === null ? terms.capCount : !isKnown ? null : year > 0 ? careClass.following : careClass.first,
    used,
    until: periodEnd(terms, session.date, start, year, textOf(values.until)),
    following: careClass === null ? null : careClass.following,
  };
}

/** 0 in the first twelve months after the start, 1 in the next, and so on. */
function treatmentYear(start: string, date: string): number {
  let year = 0;
  while (date >= monthsAfter(start, 12 * (year + 1))) year += 1;
  return year;
}

function periodEnd(
  terms: ConditionTerms,
  date: string,
  start: string | null,
  year: number,
  recorded: string | null,
): string | null {
  switch (terms.capPer) {
    case 'calendar-year':
      return firstOfNextYear(date);
    case 'treatment-year':
      return start === null ? null : monthsAfter(start, 12 * (year + 1));
    case 'twelve-months':
      return recorded;
    case 'once':
    case 'term':
    case null:
      return null;
  }
}

export const firstOfNextYear = (date: string): string => `${String(Number(date.slice(0, 4)) + 1).padStart(4, '0')}-01-01`;

function packageUse({ reason, units }: LineDecision, terms: InsurerTerms | null): PackageUse | null {
  const name = textOf(reason.values.package);
  if (name === null) return null;
  const known: PackageTerms | null = terms?.packages.get(name) ?? null;
  const bound = (limit: number | undefined): number | null => (limit === undefined || limit === Infinity ? null : limit);
  const limit = bound(known?.limit);
  const manualLimit = bound(known?.manualLimit);
  const unit = numberOf(reason.values.unit);
  const manualUnit = numberOf(reason.values.manualUnit);
  // the ordinal is that of the line's first session from the package; those after it in the line come on top
  let later = 0;
  if (units.length > 1) {
    const first = units.findIndex((each) => each.purse === 'supplementary');
    later = units.filter((each, i) => i > first && each.purse === 'supplementary' && each.cents > 0).length;
  }
  const left = limit === null ? null : unit !== null ? limit - unit - later : reason.values.limit !== undefined ? 0 : null;
  const manualLeft = manualLimit === null || manualUnit === null ? null : manualLimit - manualUnit - later;
  return { name, limit, manualLimit, unit, manualUnit, left, manualLeft };
}
