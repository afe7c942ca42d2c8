/** What would change the outcome next: the boundary that lies ahead, or what somebody can do about the line. Data; the sentences are elsewhere. */
import type { LineDecision } from '#libs/trajectory';
import { dayAfter, monthsAfter } from '../calendar';
import { reachesPackage } from '../decide/package';
import type { AnchorKind } from '../policy/document';
import { firstOfNextYear, textOf, type Judged } from './trace-judged';
import type { DateToConfirm, Facts, NextChange, NextKind } from './trace-shape';

const change = (kind: NextKind, values: Facts = {}): NextChange => ({ kind, values });

/** Nearest first. A decided line is read at its last session: what comes next comes after that one. */
export function nextOf(given: Judged): readonly NextChange[] {
  const { decision, standing, rule } = given;
  if (standing !== decision) return overrideEnds(standing);
  if (decision.status === 'invalid') return forInvalid(given);
  if (decision.status === 'held') return forHeld(given);
  if (rule === 'too-late') return NOTHING;
  const changes = forEntitlement(decision.units.at(-1)?.rule ?? rule, given);
  const ofPackage = forPackage(given);
  if (ofPackage !== null) changes.push(ofPackage);
  addDates(changes, given);
  return changes;
}

const NOTHING: readonly NextChange[] = [];

/** Until then nothing else changes the money of the line. */
function overrideEnds({ reason }: LineDecision): NextChange[] {
  const through = textOf(reason.values.overriddenThrough);
  return through === null ? [] : [change('override-ends', { from: dayAfter(through) })];
}

function forInvalid({ rule, values, session }: Judged): NextChange[] {
  const { date, insurer, list, performance, diagnosis, csi } = session;
  switch (rule) {
    case 'not-insured':
      return [change('insurance', { date, insurer })];
    case 'performance':
    case 'provider':
      return [change('declare-performance', { list, performance })];
    case 'unknown-code':
    case 'closed-code': {
      const before = textOf(values.startedBefore);
      return [...(before === null ? [] : [change('earlier-start', { before })]), change('declare-diagnosis', { diagnosis })];
    }
    case 'indication':
    case 'combination':
    case 'age-limit':
      return [change('declare-indication', { diagnosis, csi })];
    case 'performance-required':
      return [change('declare-required', { diagnosis, csi, performance })];
    default:
      return [];
  }
}

function forHeld({ rule, values }: Judged): NextChange[] {
  if (rule === 'hold-switch') return [change('history-for-switch', { switch: values.switch ?? null })];
  if (rule === 'hold-asserted') return [change('history')];
  return rule === 'hold-earlier' ? [change('release', { position: values.behind ?? null })] : [];
}

/** @param rule of the line's last session */
function forEntitlement(rule: string, given: Judged): NextChange[] {
  const { values, terms, session } = given;
  const end = textOf(values.end);
  switch (rule) {
    case 'within-threshold': {
      // the term may have run out already: then the threshold leads to nothing
      if (typeof values.threshold !== 'number' || (end !== null && session.date >= end)) return [];
      const leftOut = typeof values.asChild === 'number' ? values.asChild : 0;
      return [change('threshold', { position: values.threshold + leftOut + 1, before: end })];
    }
    case 'above-threshold':
    case 'no-threshold':
    case 'no-threshold-under-18':
      return end === null ? [] : [change('term-end', { date: end })];
    case 'within-cap':
      return [...capLeft(given), ...(end === null ? [] : [change('term-end', { date: end })])];
    case 'past-cap':
      return [...capRenews(given), ...episode(given)];
    case 'past-term':
      return [...extension(given), ...episode(given)];
    case 'term-not-opened':
      return terms?.noStartFrom == null ? [] : [change('earlier-start', { before: terms.noStartFrom })];
    case 'start-too-late': {
      if (terms?.start == null) return [];
      const { of, withinMonths } = terms.start;
      return [change('correct-date', { event: of, start: values.start ?? null, months: withinMonths })];
    }
    case 'authorisation':
      return [change('consent', { date: session.date, code: values.code ?? null })];
    default:
      return [];
  }
}

/** Sessions that the maximum still has after this line. */
function capLeft({ cap, values, decision }: Judged): NextChange[] {
  if (cap?.count == null || cap.used === null) return [];
  const taken = values.counts === false ? 0 : decision.units.length;
  return [change('cap', { left: cap.count - cap.used - taken, until: cap.until })];
}

function capRenews({ cap, values }: Judged): NextChange[] {
  const end = textOf(values.end);
  if (cap?.until == null || cap.following === 0 || (end !== null && cap.until >= end)) return [];
  return [change('cap-renews', { from: cap.until })];
}

const episode = ({ terms, session }: Judged): NextChange[] =>
  terms?.newEpisodeAllowed === true ? [change('episode', { from: session.date })] : [];

/** An extension that is not confirmed yet, where it would reach this session. */
function extension({ terms, values, session }: Judged): NextChange[] {
  const anchor = textOf(values.anchor) ?? textOf(values.start);
  if (terms === null || terms.termMonths === null || terms.extensionMonths === 0 || anchor === null) return [];
  const extended = monthsAfter(anchor, terms.termMonths + terms.extensionMonths);
  const isConfirmed = values.end !== monthsAfter(anchor, terms.termMonths);
  return isConfirmed || session.date >= extended ? [] : [change('extension', { months: terms.extensionMonths, end: extended })];
}

function forPackage(given: Judged): NextChange | null {
  const { decision, rule, values, condition, session, insurerTerms, package: use } = given;
  const asking = decision.units.find((each) => each.purse !== 'basic');
  if (asking === undefined || textOf(values.packageAt) !== null) return null;
  const { date } = session;
  if (use === null) {
    const reaches = reachesPackage(asking.rule || rule, values.counts !== false, condition, date, insurerTerms);
    return reaches ? change('package-stated', { date }) : null;
  }
  const { name, unit, limit, left, manualLeft } = use;
  if (unit !== null && (left !== null || manualLeft !== null))
    return change('package', { package: name, year: date.slice(0, 4), left, manualLeft });
  const isExhausted = values.manualLimit !== undefined || (values.limit !== undefined && limit !== 0);
  return isExhausted ? change('package-renews', { package: name, from: firstOfNextYear(date) }) : null;
}

/** Dates that count as met, or for which the first session stands in, until they are stated. */
function addDates(changes: NextChange[], { decision, terms, isLong }: Judged): void {
  if (!decision.flags.includes('date-to-confirm')) return;
  const event = terms?.start?.of ?? null;
  const anchor = anchorEvent(terms?.anchor ?? null);
  if (event !== null) changes.push(change('confirm-date', { event }));
  if (anchor !== null && anchor !== event) changes.push(change('confirm-date', { event: anchor }));
  if (isLong && event !== 'diagnosis') changes.push(change('confirm-date', { event: 'diagnosis' }));
}

/** The event whose date the term runs from; null where that is a session. */
function anchorEvent(anchor: AnchorKind | null): DateToConfirm | null {
  switch (anchor) {
    case 'discharge':
    case 'first-session-after-discharge':
      return 'discharge';
    case 'end-of-conservative-treatment':
      return 'conservative-treatment';
    case 'last-radiation':
      return 'last-radiation';
    case 'first-session':
    case null:
      return null;
  }
}
