/** Steps 1, 3 and 4 of the order in which a line is judged: the first that fails tells all its codes. */
import type { PersonFacts, SessionFact } from '#libs/trajectory';
import {
  CLOSED_CODES_END,
  COPD_CODE,
  SEVERE_BY_PERFORMANCE_FROM,
  SEVERE_CODES,
  standingOf,
  UNIFORM_LIST_FROM,
  type OpenCode,
} from '../rules/diagnoses';
import { YOUNGER_THAN } from '../rules/entitlements';
import {
  CHILD_EXERCISE_LIKE_003,
  CHILD_PHYSIOTHERAPY_LIKE_003,
  COPD_OWN_PARAGRAPH_FROM,
  indicationExists,
} from '../rules/indications';
import { concernOf, type Concern } from '../rules/insurers';
import * as performances from '../rules/performances';
import { courseOf, type Course, type Line } from './history';
import { isAuthorised } from './statements';

export const isAdult = (session: SessionFact): boolean => session.ageYears >= 18;
export const isAnnexCsi = (csi: string): boolean => csi === '001' || csi === '008';

/** The insurer of ours that the dossier names on the date. */
export function insuredWith(facts: PersonFacts, date: string): Concern | undefined {
  const period = facts.insurance.find((each) => each.from <= date && (each.through === null || date <= each.through));
  return period === undefined ? undefined : concernOf(period.insurer);
}

function insuranceCodes(facts: PersonFacts, session: SessionFact): string[] {
  if (facts.diedOn !== null && session.date > facts.diedOn) return ['0328'];
  const concern = insuredWith(facts, session.date);
  return concern !== undefined && concern.labels.includes(session.insurer) ? [] : ['0320'];
}

function performanceCodes(session: SessionFact): string[] {
  const codes: string[] = [];
  if (!performances.listExists(session.list, session.date)) codes.push('0581');
  else if (!performances.performanceExists(session.list, session.performance, session.date)) codes.push('0582');
  if (session.quantity < 1 || session.quantity > performances.MOST_PER_LINE) codes.push('0638');
  const { tariffCents, calculatedCents, declaredCents } = session;
  const addsUp = tariffCents * session.quantity === calculatedCents && calculatedCents === declaredCents;
  if (!addsUp || tariffCents < 0 || declaredCents < 0) codes.push('8059');
  return codes;
}

/** The code that a line counts under: the declared one, or the one it was moved under, moved on by every remap that is effective on its date. */
export function effectiveCode(course: Course, session: SessionFact): string {
  const effective = course.streams.flatMap((stream) => stream.remaps).filter((remap) => remap.effectiveDate <= session.date);
  let code = session.moved === undefined ? session.diagnosis : session.moved.under;
  const seen = [code];
  for (;;) {
    const next = effective.filter((remap) => remap.from === code).sort((a, b) => (a.effectiveDate < b.effectiveDate ? 1 : -1))[0];
    if (next === undefined || seen.includes(next.to)) return code;
    code = next.to;
    seen.push(code);
  }
}

/** Whether a trajectory with an old code was running before the uniform list: that is asked of its counting sessions and imports. */
function startedBeforeUniformList(facts: PersonFacts, line: Line, lines: readonly Line[]): boolean {
  if (line.session.date < UNIFORM_LIST_FROM) return true;
  const course = courseOf(facts, line, lines);
  return (
    course.imports.some((each) => each.startedOn < UNIFORM_LIST_FROM) ||
    course.lines.some((other) => other.session.date < UNIFORM_LIST_FROM && countsAt(facts, other, lines))
  );
}

function closedCodeAccepted(facts: PersonFacts, line: Line, lines: readonly Line[]): boolean {
  if (line.session.date >= CLOSED_CODES_END) return false;
  const concern = insuredWith(facts, line.session.date);
  return concern?.closedCodesWhateverTheStart === true || startedBeforeUniformList(facts, line, lines);
}

function listedIndications(session: SessionFact, code: OpenCode): readonly string[] {
  if (isAdult(session)) return code.adult;
  const exercise = performances.isExercise(session.list, session.performance);
  const column = exercise ? code.childExercise : code.childPhysiotherapy;
  if (!column.includes('003')) return column;
  return [...column, ...(exercise ? CHILD_EXERCISE_LIKE_003 : CHILD_PHYSIOTHERAPY_LIKE_003)];
}

/** Annex items of the code that the line counts under; one without any leaves the line those of its own. */
export function annexItems(course: Course, session: SessionFact): readonly string[] {
  for (const code of [effectiveCode(course, session), session.diagnosis]) {
    const standing = standingOf(code);
    if (standing.kind !== 'open') continue;
    if (code === COPD_CODE && session.date < COPD_OWN_PARAGRAPH_FROM) return ['1.d.1'];
    const items = standing.code.items.filter((item) => !item.startsWith('2.6'));
    if (items.length > 0) return items;
  }
  return [];
}

/** All by the declared code: a remap gives a later line another item, it does not make it valid or invalid. */
function combinationAllowed(course: Course, session: SessionFact): boolean {
  const { csi, date, diagnosis } = session;
  if (csi === '008' && !isAdult(session)) return false;
  const standing = standingOf(diagnosis);
  if (standing.kind !== 'open') return isAnnexCsi(csi) || csi === '009';
  if (diagnosis === COPD_CODE && isAnnexCsi(csi)) return date < COPD_OWN_PARAGRAPH_FROM;
  if (!listedIndications(session, standing.code).includes(csi)) return false;
  if (!isAnnexCsi(csi)) return true;
  const { items } = standing.code;
  if (items.length > 0 && items.every((item) => session.ageYears >= (YOUNGER_THAN[item] ?? Infinity))) return false;
  // a condition of its own: a line that a remap has taken out of it is not asked for it
  const own = annexItems(course, session);
  const severe = Object.values(SEVERE_CODES).find(({ item }) => own.includes(item));
  if (severe === undefined) return true;
  if (date >= SEVERE_BY_PERFORMANCE_FROM) return severe.performances.includes(session.performance);
  return isAuthorised(course, severe.item, date);
}

function providerQualified(session: SessionFact): boolean {
  const { list, performance } = session;
  const standing = standingOf(session.diagnosis);
  if (standing.kind !== 'open') return true;
  switch (standing.code.openTo) {
    case 'all':
      return true;
    case 'child':
      return performances.isChildPhysiotherapy(performance);
    case 'pelvic-or-exercise':
      return performances.isPelvic(performance) || performances.isExercise(list, performance);
    default:
      return performances.isPelvic(performance);
  }
}

function diagnosisCodes(facts: PersonFacts, line: Line, lines: readonly Line[]): string[] {
  const { session } = line;
  const course = courseOf(facts, line, lines);
  const standing = standingOf(session.diagnosis);
  const accepted = standing.kind === 'open' || (standing.kind === 'closed' && closedCodeAccepted(facts, line, lines));
  const exists = indicationExists(session.csi, session.date);
  const codes: string[] = [];
  if (!accepted) codes.push('8009');
  if (!exists) codes.push('3102');
  if (accepted && exists && !combinationAllowed(course, session)) codes.push('8058');
  const pelvic = exists && session.csi === '010';
  if ((pelvic && !performances.isPelvicPhysiotherapy(session.performance)) || !providerQualified(session)) codes.push('0562');
  return codes;
}

/** Codes for which the line is invalid, ascending; none for a valid one. */
export function invalidCodes(facts: PersonFacts, line: Line, lines: readonly Line[]): string[] {
  for (const step of [
    () => insuranceCodes(facts, line.session),
    () => performanceCodes(line.session),
    () => diagnosisCodes(facts, line, lines),
  ]) {
    const codes = step();
    if (codes.length > 0) return codes.sort().slice(0, 3);
  }
  return [];
}

/** Whether the line counts: valid, and of a performance that is a session. */
export const countsAt = (facts: PersonFacts, line: Line, lines: readonly Line[]): boolean =>
  performances.countsAsSession(line.session.performance) && invalidCodes(facts, line, lines).length === 0;
