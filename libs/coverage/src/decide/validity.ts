/**
 * Steps 1, 3 and 4 of the order in which a line is judged: insured on the date; performance, quantity and amounts; diagnosis,
 * indication and their combination. The first step that fails ends it: the line is invalid, not counted, its cents refused.
 */
import { codeOf, regimeOf, type PersonFacts, type RemapFact, type SessionFact } from '#libs/trajectory';
import type {
  CareClassInfo,
  Condition,
  DiagnosisIndex,
  DiagnosisInfo,
  IndicationInfo,
  InsurerTerms,
  PerformanceInfo,
  PolicyBook,
} from '../policy/book';
import type { PerformanceSelector } from '../policy/document';
import { ASSERTS_FIRST } from './hold';
import { spellOn, type Spell } from './insurance';
import { MAX_CODES } from './money';
import { classOn, covers } from './statements';
import type { Work } from './work';

/** Judges one line on its own and within its group's remaps; fills what the later steps need, or `work.invalid`. */
export function judge(work: Work, facts: PersonFacts, spells: readonly Spell[], book: PolicyBook): void {
  const terms = insured(work, facts, spells, book);
  if (terms === null) return;
  const performance = performanceHolds(work, terms, book);
  if (performance === null) return;
  if (!isProgramme(work, book)) diagnosisHolds(work, terms, performance, book);
  if (work.invalid === null && performance.counts) work.units = work.session.quantity;
}

/** A line is judged by the insurer that it was declared to: a period at another insurer on that date is not ours. */
function insured(work: Work, facts: PersonFacts, spells: readonly Spell[], book: PolicyBook): InsurerTerms | null {
  const date = work.session.date;
  if (date > (facts.diedOn ?? date)) {
    work.invalid = { rule: 'after-death', codes: ['0328'], values: {} };
    return null;
  }
  const spell = spellOn(spells, date);
  const addressed = book.insurers.get(work.session.insurer)?.concern;
  if (spell === null || spell.insurer.concern !== addressed) {
    work.invalid = { rule: 'not-insured', codes: ['0320'], values: {} };
    return null;
  }
  work.insurer = spell.insurer;
  work.terms = spell.insurer.terms.at(date);
  return work.terms;
}

function performanceHolds(work: Work, terms: InsurerTerms, book: PolicyBook): PerformanceInfo | null {
  const s = work.session;
  const parameters = book.parameters.at(s.date);
  const list = book.lists.get(s.list);
  let codes: string[] | null = null;
  if (list === undefined || s.date < list.from || s.date > list.through) {
    codes = ['0581'];
  } else {
    const performance = list.codes.get(s.performance);
    const inList = performance !== undefined && s.date >= performance.from && s.date <= performance.through;
    if (!inList || refusedByInsurer(s, terms)) codes = ['0582'];
    else work.performance = performance;
  }
  if (s.quantity < 1 || s.quantity > parameters.maxQuantityPerLine || !Number.isInteger(s.quantity)) (codes ??= []).push('0638');
  if (s.tariffCents * s.quantity !== s.calculatedCents || s.calculatedCents !== s.declaredCents || s.declaredCents < 0) {
    (codes ??= []).push(parameters.amountMismatchCode);
  }
  if (codes !== null) {
    work.invalid = {
      rule: 'performance',
      codes: codes.sort().slice(0, MAX_CODES),
      values: { list: s.list, performance: s.performance, quantity: s.quantity },
    };
    return null;
  }
  return work.performance;
}

/** An insurer may leave out performance codes of the national list. */
function refusedByInsurer(session: SessionFact, terms: InsurerTerms): boolean {
  const lists = terms.refusedPerformances.get(session.performance);
  return lists !== undefined && (lists === null || lists.has(session.list));
}

/** A programme is known by its performance list: it has no diagnosis and no indication code to judge. */
function isProgramme(work: Work, book: PolicyBook): boolean {
  if (regimeOf('', work.session.list) === 'unrecognised') return false;
  work.condition = book.conditionOfRegime.get(regimeOf('', work.session.list)) ?? null;
  return true;
}

function diagnosisHolds(work: Work, terms: InsurerTerms, performance: PerformanceInfo, book: PolicyBook): void {
  const s = work.session;
  const index = book.diagnoses.at(s.date);
  const found = index.open.get(s.diagnosis) ?? index.closed(s.diagnosis);
  const indication = book.indications.get(s.csi) ?? null;
  const closed = found !== null && (found.closed || found.availability?.closedForLists?.includes(s.list) === true);
  let codes: string[] | null = null;
  let rule = '';

  if (found === null || (closed && s.date > terms.closedSessionsThrough)) {
    codes = ['8009'];
    rule = found === null ? 'unknown-code' : 'closed-code';
  }
  const recognised =
    indication !== null && indication.regime !== 'unrecognised' && s.date >= indication.from && s.date <= indication.through;
  if (!recognised) {
    (codes ??= []).push('3102');
    rule ||= 'indication';
  }
  if (!providerFits(found, closed, recognised ? indication : null, performance)) {
    (codes ??= []).push('0562');
    rule ||= 'provider';
  }
  if (found !== null && recognised && (codes === null || !codes.includes('8009'))) {
    const refusal = closed
      ? closedCombination(work, indication, book)
      : openCombination(work, performance, found, indication, index, book);
    if (refusal !== null) {
      (codes ??= []).push('8058');
      rule ||= refusal;
    }
  }
  // a session before that date has itself started its trajectory before it
  if (closed && s.date >= terms.closedStartedBefore && rule !== 'closed-code') work.startedBefore = terms.closedStartedBefore;
  if (codes !== null) {
    const values: Record<string, string | number> = { code: s.diagnosis, csi: s.csi };
    if (rule === 'closed-code') values.through = terms.closedSessionsThrough;
    if (rule === 'age-limit') values.age = s.ageYears;
    if (rule === 'provider' || rule === 'performance-required') values.performance = s.performance;
    work.invalid = { rule, codes: codes.sort().slice(0, MAX_CODES), values };
    return;
  }
  work.diagnosis = found;
  work.indication = indication;
  work.careClass = careClassOf(work, indication, book);
}

/** The class that was set for the date beats the one that the line asserts. */
function careClassOf(work: Work, indication: IndicationInfo | null, book: PolicyBook): CareClassInfo | null {
  const asserted = indication?.careClass ?? null;
  if (asserted === null) return null;
  return book.careClasses.get(classOn(work.group.stated, work.session.date) ?? '') ?? asserted;
}

const fits = (selector: PerformanceSelector, performance: PerformanceInfo): boolean =>
  (selector.kind === undefined || selector.kind === performance.kind) &&
  (selector.therapy === undefined || selector.therapy === performance.therapy);

/** A code that is open to one group of providers, and an indication that only they use, need a performance of that kind. */
function providerFits(
  diagnosis: DiagnosisInfo | null,
  closed: boolean,
  indication: IndicationInfo | null,
  performance: PerformanceInfo,
): boolean {
  const allowed = closed ? undefined : diagnosis?.availability?.anyOf;
  if (allowed !== undefined && !allowed.some((selector) => fits(selector, performance))) return false;
  return indication === null || indication.onlyWith === null || fits(indication.onlyWith, performance);
}

function closedCombination(work: Work, indication: IndicationInfo, book: PolicyBook): string | null {
  const condition = book.closedCodeConditions.get(indication.code);
  if (condition === undefined) return 'combination';
  if (indication.code === ASSERTS_FIRST && work.session.ageYears < book.adultAge) return 'combination';
  work.condition = condition === null ? null : (effectiveItem(work, null, book) ?? condition);
  return null;
}

function openCombination(
  work: Work,
  performance: PerformanceInfo,
  diagnosis: DiagnosisInfo,
  indication: IndicationInfo,
  index: DiagnosisIndex,
  book: PolicyBook,
): string | null {
  const s = work.session;
  const adult = s.ageYears >= book.adultAge;
  const mask = adult
    ? diagnosis.adultMask
    : performance.therapy === 'exercise'
      ? diagnosis.childExerciseMask
      : diagnosis.childPhysiotherapyMask;
  const former = formerOn(diagnosis, s.date);
  if (former !== null && (former.mask & indication.bit) !== 0) {
    if (indication.code === ASSERTS_FIRST && !adult) return 'combination';
    work.condition = effectiveItem(work, index, book) ?? former.items[0] ?? null;
    return null;
  }
  if ((mask & indication.bit) === 0) return 'combination';
  if (indication.regime !== 'annex') {
    work.condition = book.conditionOfRegime.get(indication.regime) ?? null;
    return null;
  }
  const declared = diagnosis.items[0];
  if (declared === undefined) return 'combination';
  if (diagnosis.items.every((item) => s.ageYears >= item.terms.at(s.date).ageBelow)) return 'age-limit';
  work.condition = effectiveItem(work, index, book) ?? confirmedAmong(work, diagnosis.items) ?? declared;
  for (const requirement of work.condition.terms.at(s.date).requires) {
    if (requirement.from > s.date || (requirement.through !== undefined && requirement.through < s.date)) continue;
    if (requirement.performances?.includes(s.performance) === true) continue;
    if (requirement.authorisation !== true || !isAuthorised(work, work.condition)) return 'performance-required';
  }
  return null;
}

const isAuthorised = (work: Work, condition: Condition): boolean =>
  work.group.stated.authorisations.some((each) => covers(each, condition.id, work.session.date));

/** The item that a clerk confirmed, where the code has it among its own. */
function confirmedAmong(work: Work, items: readonly Condition[]): Condition | null {
  return items.find((item) => item.id === work.group.stated.confirmedItem) ?? null;
}

/** What the code admitted on the date beside its masks. */
const formerOn = (diagnosis: DiagnosisInfo, date: string): DiagnosisInfo['former'] =>
  diagnosis.former !== null && date <= diagnosis.former.through ? diagnosis.former : null;

/**
 * From a remap's effective date a session has the new code's item, whatever it was declared under; earlier ones keep theirs. A line that
 * was moved starts from the code that it was moved under.
 */
function effectiveItem(work: Work, index: DiagnosisIndex | null, book: PolicyBook): Condition | null {
  const s = work.session;
  const code = codeOn(work.group.remaps, codeOf(s), s.date);
  if (code === s.diagnosis) return null;
  const diagnoses = index ?? book.diagnoses.at(s.date);
  const info = diagnoses.open.get(code);
  const items = (info === undefined ? null : formerOn(info, s.date)?.items) ?? info?.items ?? [];
  return confirmedAmong(work, items) ?? items[0] ?? null;
}

/** The lineage's code in force on the date, starting from the declared one. */
export function codeOn(remaps: readonly RemapFact[], declared: string, date: string): string {
  let code = declared;
  for (let step = 0; step < remaps.length; step++) {
    let next: string | null = null;
    let since = '';
    for (const remap of remaps) {
      if (remap.from === code && remap.effectiveDate <= date && remap.effectiveDate >= since) {
        next = remap.to;
        since = remap.effectiveDate;
      }
    }
    if (next === null) return code;
    code = next;
  }
  return code;
}
