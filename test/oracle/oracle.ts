/**
 * The oracle: every rule a second time, read from the texts and written without a thought for speed. For each line it looks at the whole
 * history again. It shares nothing with the engine but the types of the facts.
 */
import type { LineKey, OverrideFact, PersonFacts, Purse } from '#libs/trajectory';
import { lastDayWithin, termEnd, yearOf } from './rules/calendar';
import { concernOf, type Concern } from './rules/insurers';
import { countsAsSession, isManual } from './rules/performances';
import { closedBy, conditionOf, type Closed } from './judge/entitlement';
import { courseOf, linesOf, type Line } from './judge/history';
import { isHeld, ownBefore } from './judge/holds';
import { insuranceOfUnknownPast, MONTHS_TO_ASK } from './judge/new-insurance';
import { centsByHand, onlyPurseOf, overrideOf } from './judge/overrides';
import { positionAt, slotsOf, type Counted } from './judge/positions';
import { insuredWith, invalidCodes } from './judge/validity';

/** Limits of a package at an insurer; dates inclusive, `through` null = open. */
export interface PackageLimits {
  /** UZOVI of the insurer that has the package: any label of its concern. */
  readonly insurer: string;
  readonly name: string;
  readonly from: string;
  readonly through: string | null;
  /** Sessions per calendar year; null = no limit. */
  readonly limit: number | null;
  /** Of which manual therapy; null = no limit of its own. */
  readonly manualLimit: number | null;
}

export interface OracleUnit {
  readonly position: number | null;
  readonly purse: Purse | null;
  readonly cents: number;
}
export interface OracleDecision {
  readonly line: LineKey;
  readonly status: 'decided' | 'held' | 'invalid';
  readonly condition: string | null;
  readonly units: readonly OracleUnit[];
  readonly split: {
    readonly basic: number;
    readonly supplementary: number;
    readonly insured: number;
    readonly refused: number;
    readonly undecided: number;
  };
  readonly codes: readonly string[];
  readonly deductible: boolean;
  readonly paidToProvider: number;
  readonly claimFromInsured: number;
  /** What was given before our insurance is to be asked for. */
  readonly asksHistory: boolean;
  /** Where the money was set by hand: until when, and what would be decided without. */
  readonly byHand?: { readonly through: string; readonly without: Pick<OracleDecision, 'status' | 'split'> };
}

/** A line as far as it can be judged without the packages. */
interface Judged {
  readonly line: Line;
  readonly status: 'decided' | 'held' | 'invalid' | 'late';
  readonly condition: string | null;
  readonly codes: readonly string[];
  /** Its course, where it is decided. */
  readonly counted?: Counted;
  readonly units: readonly {
    readonly position: number | null;
    readonly cents: number;
    readonly closed: Closed | null;
    /** Whether it asks the package for a unit. */
    readonly asksPackage: boolean;
  }[];
}

const isLate = (concern: Concern | undefined, date: string, receivedOn: string): boolean =>
  concern !== undefined && concern.claimWithinMonths !== null && receivedOn > lastDayWithin(date, concern.claimWithinMonths);

function judge(facts: PersonFacts, line: Line, lines: readonly Line[], valid: ReadonlySet<Line>): Judged {
  const { session } = line;
  const { quantity, declaredCents } = session;
  const share = (ordinal: number): number => {
    const each = Math.floor(declaredCents / quantity);
    return ordinal < quantity - 1 ? each : declaredCents - each * (quantity - 1);
  };
  if (!valid.has(line)) {
    const codes = invalidCodes(facts, line, lines);
    return { line, status: 'invalid', condition: null, codes, units: [] };
  }
  const course = courseOf(facts, line, lines);
  const slots = slotsOf(course.lines.filter((other) => valid.has(other) && countsAsSession(other.session.performance)));
  const counted: Counted = { facts, course, slots };
  const counts = countsAsSession(session.performance);
  const concern = insuredWith(facts, session.date);
  const condition = conditionOf(counted, session);
  const units = Array.from({ length: quantity }, (_, ordinal) => {
    // what does not count is judged as if it had the next position
    const n = ownBefore(counted, line) + (counts ? ordinal : 0) + 1;
    const position = positionAt(counted, n, session.date);
    const closed = closedBy(counted, session, n, position);
    const overCap = closed === 'cap' || closed === 'term';
    const asksPackage = closed !== null && counts && !(overCap && concern?.noPackageOverCap.includes(condition) === true);
    // what the basic insurance never pays has no place in a count
    return { position: counts && closed !== 'none' ? position : null, cents: share(ordinal), closed, asksPackage };
  });
  const late = isLate(concern, session.date, session.receivedOn);
  if (late) return { line, status: 'late', condition, codes: ['0586'], units };
  const mayWait = (other: Line): boolean =>
    valid.has(other) && !isLate(insuredWith(facts, other.session.date), other.session.date, other.session.receivedOn);
  if (isHeld(counted, line, mayWait)) return { line, status: 'held', condition, codes: ['0613', '8072'], units };
  return { line, status: 'decided', condition, codes: [], units, counted };
}

/** The package that speaks on the date: one at the own concern before one elsewhere, then the latest, then by name and insurer. */
function packageOn(facts: PersonFacts, date: string, own: Concern | undefined): PersonFacts['packages'][number] | undefined {
  const elsewhere = (insurer: string): number => (own !== undefined && own.labels.includes(insurer) ? 0 : 1);
  return facts.packages
    .filter((each) => each.from <= date && (each.through === null || date <= each.through))
    .sort(
      (one, other) =>
        elsewhere(one.insurer) - elsewhere(other.insurer) ||
        (one.from < other.from ? 1 : one.from > other.from ? -1 : 0) ||
        (one.package < other.package ? -1 : one.package > other.package ? 1 : 0) ||
        (one.insurer < other.insurer ? -1 : 1),
    )[0];
}

/** The first decided line of its course under an insurance, of those that may, asks for what was given before; if it is not too long after. */
function asksHistory(all: readonly Judged[], judged: Judged): boolean {
  const began = beganUnknown(judged);
  if (began === null) return false;
  const streams = judged.counted?.course.streams ?? [];
  const earlier = all
    .slice(0, all.indexOf(judged))
    .filter(({ line, counted }) => streams.includes(line.stream) && counted?.course.episode === judged.counted?.course.episode);
  return judged.line.session.date < termEnd(began, MONTHS_TO_ASK) && !earlier.some((other) => beganUnknown(other) === began);
}
const beganUnknown = ({ line, counted }: Judged): string | null =>
  counted === undefined ? null : insuranceOfUnknownPast(counted, line);

type Bearer = { readonly purse: Purse; readonly code: string | null };
const CODE_OF_CLOSED: Readonly<Record<Exclude<Closed, 'none'>, string>> = {
  'start-condition': '0613',
  'long-session': '0613',
  threshold: '0613',
  cap: '0584',
  term: '0584',
};

/** Who bears each unit of a decided line: goes over all earlier sessions of the year to see what of the package is left. */
function bearersOf(facts: PersonFacts, all: readonly Judged[], target: Judged, packages: readonly PackageLimits[]): Bearer[] {
  const year = yearOf(target.line.session.date);
  const home = insuredWith(facts, target.line.session.date);
  let total = 0;
  let manual = 0;
  for (const judged of all) {
    const { session } = judged.line;
    const concern = insuredWith(facts, session.date);
    const override = judged === target || judged.status === 'invalid' ? undefined : overrideOf(judged.line);
    if (override !== undefined) {
      if (yearOf(session.date) !== year || concern !== home || !countsAsSession(session.performance)) continue;
      const fromPackage = centsByHand(override, judged.units).filter((cents) => cents.includes('supplementary')).length;
      total += fromPackage;
      if (isManual(session.performance)) manual += fromPackage;
      continue;
    }
    if (judged.status !== 'decided' || yearOf(session.date) !== year || concern !== home) continue;
    const held = packageOn(facts, session.date, concern);
    const limits =
      held === undefined || concern === undefined || !concern.labels.includes(held.insurer)
        ? undefined
        : packages.find(
            (each) =>
              concernOf(each.insurer) === concern &&
              each.name === held.package &&
              each.from <= session.date &&
              (each.through === null || session.date <= each.through),
          );
    const bearers = judged.units.map(({ closed, asksPackage, cents }): Bearer => {
      if (closed === null) return { purse: 'basic', code: null };
      const isManualTherapy = isManual(session.performance);
      const left =
        limits !== undefined &&
        (limits.limit === null || total < limits.limit) &&
        (!isManualTherapy || limits.manualLimit === null || manual < limits.manualLimit);
      if (asksPackage && left) {
        if (cents > 0) total += 1;
        if (cents > 0 && isManualTherapy) manual += 1;
        return { purse: 'supplementary', code: null };
      }
      if (closed !== 'none') return { purse: 'insured', code: CODE_OF_CLOSED[closed] };
      return { purse: 'insured', code: asksPackage && limits !== undefined ? '0584' : '0613' };
    });
    if (judged === target) return bearers;
  }
  throw new Error('the line is not among the decided ones');
}

function decideLine(
  facts: PersonFacts,
  all: readonly Judged[],
  judged: Judged,
  packages: readonly PackageLimits[],
): OracleDecision {
  const { session } = judged.line;
  const line = judged.line.key as LineKey;
  const { status, condition } = judged;
  const nothing = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0 };
  const unsettled = judged.units.map(({ position, cents }) => ({ position, purse: null, cents }));
  const common = {
    line,
    condition,
    units: unsettled,
    codes: judged.codes,
    deductible: false,
    paidToProvider: 0,
    claimFromInsured: 0,
    asksHistory: asksHistory(all, judged),
  };
  if (status === 'invalid' || status === 'late')
    return {
      ...common,
      status: status === 'late' ? 'decided' : 'invalid',
      split: { ...nothing, refused: session.declaredCents },
    };
  if (status === 'held') return { ...common, status, split: { ...nothing, undecided: session.declaredCents } };

  const concern = insuredWith(facts, session.date);
  const bearers = bearersOf(facts, all, judged, packages);
  const units = judged.units.map(({ position, cents }, index) => ({ position, purse: bearers[index]?.purse ?? null, cents }));
  const sum = (purse: Purse): number =>
    units.filter((unit) => unit.purse === purse).reduce((cents, unit) => cents + unit.cents, 0);
  const split = { ...nothing, basic: sum('basic'), supplementary: sum('supplementary'), insured: sum('insured') };
  const charged = concern?.debtorRisk === true ? split.insured : 0;
  const paidToProvider = split.basic + split.supplementary + charged;
  const code = bearers.find((bearer) => bearer.code !== null)?.code ?? null;
  const exempt = concern?.noDeductible.some((each) => each.condition === condition && each.from <= session.date) === true;
  return {
    ...common,
    status,
    units,
    split,
    codes: paidToProvider === session.declaredCents || code === null ? [] : [code],
    deductible: split.basic > 0 && session.deductibleAge && !exempt,
    paidToProvider,
    claimFromInsured: charged,
  };
}

/** Money as it was set by hand; all else is as it would be without. */
function byHand(facts: PersonFacts, { line, units }: Judged, override: OverrideFact, without: OracleDecision): OracleDecision {
  const { session } = line;
  const { split } = override;
  const concern = insuredWith(facts, session.date);
  const cents = centsByHand(override, units);
  const charged = concern?.debtorRisk === true ? split.insured : 0;
  const paidToProvider = split.basic + split.supplementary + charged;
  const paysNothing = without.status === 'held' || without.split.refused > 0;
  const own = paysNothing || without.codes.length === 0 ? ['0613'] : without.codes;
  const exempt = concern?.noDeductible.some((each) => each.condition === without.condition && each.from <= session.date) === true;
  return {
    ...without,
    status: 'decided',
    units: without.units.map((unit, ordinal) => ({ ...unit, purse: onlyPurseOf(cents[ordinal] ?? []) })),
    split: { ...split, refused: 0, undecided: 0 },
    codes: paidToProvider === session.declaredCents ? [] : override.code === undefined ? own : [override.code],
    deductible: split.basic > 0 && session.deductibleAge && !exempt,
    paidToProvider,
    claimFromInsured: charged,
    byHand: { through: override.endsOn, without: { status: without.status, split: without.split } },
  };
}

/** A decision for every line of the person, in session order. */
export function oracle(facts: PersonFacts, packages: readonly PackageLimits[]): OracleDecision[] {
  const lines = linesOf(facts);
  const valid = new Set(lines.filter((line) => invalidCodes(facts, line, lines).length === 0));
  const all = lines.map((line) => judge(facts, line, lines, valid));
  return all.map((judged) => {
    const override = overrideOf(judged.line);
    const decision = decideLine(facts, all, judged, packages);
    return override === undefined || judged.status === 'invalid' ? decision : byHand(facts, judged, override, decision);
  });
}
