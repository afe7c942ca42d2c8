/** Switches, imported histories and remaps: what moves the count of a trajectory. */
import { lineageCodes } from '#libs/trajectory';
import { addDays, yearOf } from '../../oracle/rules/calendar';
import { SUCCESSORS } from '../../oracle/persons/annex';
import { COUNTS } from '../../oracle/persons/paperwork';
import type { Known } from './known';

const isDay = (day: string): boolean => !Number.isNaN(Date.parse(day));

export const insurerSwitch = (known: Known): unknown => ({
  switchDate: known.random.oneIn(2) ? known.firstDay() : known.day(),
  diagnosis: known.code(),
  ...(known.random.oneIn(2) ? { previousInsurer: known.random.oneIn(20) ? '96' : '9664' } : {}),
});

/** The last two years of a history, mostly such that they add up and lie inside. */
function perYear(known: Known, startedOn: string, throughDate: string, count: number): Record<string, number> {
  const { random } = known;
  const [first, last] = [startedOn, throughDate].map((day) => (isDay(day) ? yearOf(day) : 2023)) as [number, number];
  const year = random.oneIn(20) ? last - 30 : Math.max(first, last - 1);
  const inYear = year === last ? 0 : random.between(0, count);
  return { [String(year)]: inYear, [String(last)]: count - inYear + (random.oneIn(15) ? 1 : 0) };
}

export function historyImport(known: Known): unknown {
  const { random } = known;
  const histories = known.streams.flatMap((each) => each.histories);
  const throughDate = known.later(random.oneIn(2) ? known.firstDay() : known.day(), random.pick([-1, -1, 0, 30, -20]));
  const startedOn = known.later(
    throughDate,
    -random.pick([0, 1, 30, 200, 400, random.between(0, 900), random.oneIn(6) ? -10 : 5]),
  );
  const count = random.oneIn(60) ? random.pick([-1, 2.5, 6000]) : random.pick(COUNTS);
  const replaces = histories.length > 0 && random.oneIn(3);
  const superseded = replaces ? random.pick(histories) : null;
  return {
    diagnosis: known.code(),
    startedOn,
    count,
    throughDate,
    scope: random.pick(['elsewhere', 'elsewhere', 'everything']),
    ...(random.oneIn(3) ? { perCalendarYear: perYear(known, startedOn, throughDate, count) } : {}),
    ...known.evidence(),
    // the document of another import, which is then in effect twice
    ...(histories.length > 0 && random.oneIn(12) ? { document: random.pick(histories).document } : {}),
    ...(random.oneIn(2) ? { status: random.oneIn(8) ? 'verified' : 'asserted' } : {}),
    ...(random.oneIn(3) ? { signedOn: known.later(throughDate, random.pick([0, 1, 30, random.oneIn(8) ? -1 : 5])) } : {}),
    ...(superseded !== null ? { supersedes: superseded.importId } : random.oneIn(25) ? { supersedes: random.uuid() } : {}),
  };
}

/** Mostly one that waits for it, seldom on another document. */
export function historyVerification(known: Known): unknown {
  const { random } = known;
  const histories = known.streams.flatMap((each) => each.histories);
  const waiting = histories.filter(({ status }) => status === 'asserted');
  const among = waiting.length > 0 && !random.oneIn(8) ? waiting : histories;
  if (among.length === 0 || random.oneIn(15)) return { importId: random.uuid() };
  const { importId, document } = random.pick(among);
  const documentDigest = random.oneIn(8) ? known.digest() : document.digest;
  return { importId, ...(documentDigest !== undefined && random.oneIn(2) ? { documentDigest } : {}) };
}

export function historyRetraction(known: Known): unknown {
  const histories = known.streams.flatMap((each) => each.histories);
  const importId = histories.length === 0 || known.random.oneIn(12) ? known.random.uuid() : known.random.pick(histories).importId;
  return { importId, reason: known.random.oneIn(30) ? '' : 'of somebody else' };
}

export function diagnosisRemap(known: Known): unknown {
  const { random } = known;
  const from = known.code();
  const taken = known.stream === null ? [] : lineageCodes(known.stream);
  const successors = (SUCCESSORS[from] ?? []).filter((code) => !taken.includes(code));
  const to =
    successors.length > 0 && random.oneIn(2) ? random.pick(successors) : random.oneIn(2) ? known.code() : known.otherCode();
  return {
    ...{ from, to },
    effectiveDate: known.day(),
    reason: random.oneIn(40) ? 'two\nlines' : 'code closed',
    ...(random.oneIn(4) ? {} : { absorb: !random.oneIn(5) }),
  };
}

/** Mostly one that stands. */
export function remapReversal(known: Known): unknown {
  const { random, stream } = known;
  const remaps = stream?.remaps ?? [];
  const named =
    remaps.length > 0 && !random.oneIn(8)
      ? random.pick(remaps)
      : { from: known.code(), to: known.otherCode(), effectiveDate: known.day() };
  const { from, to, effectiveDate } = named;
  return { from, to, effectiveDate, reason: random.oneIn(40) ? '' : 'of somebody else' };
}

export const absorptionReversal = ({ random, stream }: Known): unknown => ({
  trajectoryId: stream === null || random.oneIn(8) ? random.uuid() : stream.id,
  reason: 'of somebody else',
});

/** A day of the course or shortly after it. */
export const dayAfter = (known: Known): string => {
  const day = known.day();
  return isDay(day) ? addDays(day, known.random.between(0, 120)) : day;
};
