/** What each kind of person is treated for, session by session, as an orderly practice would declare it. */
import { addDays, dateBetween, LAST_DATE, sessionDates } from './calendar';
import { DECIDED, HELD, invalid, type LineWriter, type Treatment } from './line-writer';
import type { SampleLine } from './person';
import {
  ANNEX_CODES,
  ANNEX_ONLY_CODE,
  CHILD_CODES,
  CLOSED_CODE,
  CLOSED_ON,
  CODE_AFTER_CLOSING,
  COPD_CODE,
  DIRECT_ACCESS_SHARE,
  FIRST_SESSIONS,
  HOME_VISIT_SHARE,
  MANUAL_THERAPY_SHARE,
  OSTEOARTHRITIS_CODES,
  OSTEOARTHRITIS_SESSIONS,
  PLAIN_CODES,
  SWITCH_DATE,
  type Card,
} from './proportions';
import type { Random } from './random';

/** Sessions that another insurer paid before the switch. */
export interface EarlierSessions {
  readonly diagnosis: string;
  readonly startedOn: string;
  readonly count: number;
}

export interface TreatmentCourse {
  readonly lines: readonly SampleLine[];
  readonly elsewhere?: EarlierSessions;
}

const annexCsi = (ordinal: number): string => (ordinal <= FIRST_SESSIONS ? '008' : '001');

/** Sessions on the dates, the first perhaps an intake by direct access; `csi` tells the indication from the ordinal, from 1. */
function sessions(
  random: Random,
  writer: LineWriter,
  dates: readonly string[],
  diagnosis: string,
  csi: (ordinal: number) => string,
  performance: string,
): SampleLine[] {
  const intake = random.chance(DIRECT_ACCESS_SHARE);
  return dates.map((date, i) => {
    const treatment: Treatment = { performance: i === 0 && intake ? '1864' : performance, diagnosis, csi: csi(i + 1) };
    return writer.session(date, treatment);
  });
}

function annex(random: Random, writer: LineWriter, diagnosis = random.weighted(ANNEX_CODES)): SampleLine[] {
  const start = dateBetween(random, '2023-01-09', '2023-12-15');
  const dates = sessionDates(random, start, LAST_DATE, random.whole(12, 26), [4, 24]);
  return sessions(random, writer, dates, diagnosis, annexCsi, random.chance(HOME_VISIT_SHARE) ? '1001' : '1000');
}

function plain(random: Random, writer: LineWriter): SampleLine[] {
  const start = dateBetween(random, '2023-01-09', '2024-05-31');
  const dates = sessionDates(random, start, LAST_DATE, random.whole(4, 11), [3, 12]);
  const performance = random.chance(MANUAL_THERAPY_SHARE) ? '1200' : '1000';
  return sessions(random, writer, dates, random.pick(PLAIN_CODES), () => '009', performance);
}

function child(random: Random, writer: LineWriter): SampleLine[] {
  const start = dateBetween(random, '2023-01-09', '2024-04-30');
  const dates = sessionDates(random, start, LAST_DATE, random.whole(6, 16), [5, 14]);
  return sessions(random, writer, dates, random.pick(CHILD_CODES), () => '003', '1100');
}

function copd(random: Random, writer: LineWriter): SampleLine[] {
  const start = dateBetween(random, '2023-01-09', '2023-06-30');
  const first = sessionDates(random, start, LAST_DATE, random.whole(8, 14), [6, 21]);
  const second = sessionDates(random, addDays(start, 370), LAST_DATE, random.whole(2, 4), [20, 40]);
  const inYear = (dates: readonly string[], csi: string): SampleLine[] =>
    dates.map((date) => writer.session(date, { performance: '1000', diagnosis: COPD_CODE, csi }));
  return [...inYear(first, '014'), ...inYear(second, '016')];
}

function osteoarthritis(random: Random, writer: LineWriter): SampleLine[] {
  const start = dateBetween(random, '2023-01-09', '2024-05-31');
  const dates = sessionDates(random, start, LAST_DATE, random.whole(7, 15), [5, 13]);
  const csi = (ordinal: number): string => (ordinal <= OSTEOARTHRITIS_SESSIONS ? '012' : '009');
  const diagnosis = random.pick(OSTEOARTHRITIS_CODES);
  return dates.map((date, i) => writer.session(date, { performance: '1000', diagnosis, csi: csi(i + 1) }));
}

/** Ten to eighteen sessions elsewhere in 2023, the rest here: the practice counts on, we cannot. */
function switcher(random: Random, writer: LineWriter, reported: boolean): TreatmentCourse {
  const diagnosis = random.weighted(ANNEX_CODES);
  const startedOn = dateBetween(random, '2023-02-01', '2023-06-30');
  const count = random.whole(10, 18);
  const start = dateBetween(random, addDays(SWITCH_DATE, 1), addDays(SWITCH_DATE, 20));
  const dates = sessionDates(random, start, LAST_DATE, random.whole(13, 20), [5, 18]);
  const lines = dates.map((date, i) => {
    const csi = annexCsi(count + i + 1);
    return writer.session(date, { performance: '1000', diagnosis, csi }, reported || csi === '001' ? HELD : DECIDED);
  });
  return { lines, elsewhere: { diagnosis, startedOn, count } };
}

/** Goes on under the closed code once or twice, then under its successor, first as if it began anew, then by the true count. */
function closedCode(random: Random, writer: LineWriter): SampleLine[] {
  const start = dateBetween(random, '2023-01-09', '2023-03-31');
  const before = sessionDates(random, start, addDays(CLOSED_ON, -1), random.whole(23, 32), [6, 15]);
  const afterwards = sessionDates(random, addDays(CLOSED_ON, random.whole(0, 10)), LAST_DATE, random.whole(5, 8), [4, 12]);
  const refusedCount = random.whole(1, 2);
  return [
    ...sessions(random, writer, before, CLOSED_CODE, annexCsi, '1000'),
    ...afterwards.map((date, i) => {
      const performance = '1000';
      if (i < refusedCount) return writer.session(date, { performance, diagnosis: CLOSED_CODE, csi: '001' }, invalid('8009'));
      const csi = i < refusedCount + 2 ? '008' : '001';
      return writer.session(date, { performance, diagnosis: CODE_AFTER_CLOSING, csi }, csi === '008' ? DECIDED : HELD);
    }),
  ];
}

/** The course of a person with this card. */
export function courseOf(random: Random, writer: LineWriter, card: Card): TreatmentCourse {
  switch (card.course) {
    case 'annex':
      return { lines: annex(random, writer, card.mishap === 'combination' ? ANNEX_ONLY_CODE : undefined) };
    case 'plain':
      return { lines: plain(random, writer) };
    case 'annex-and-plain':
      return { lines: [...annex(random, writer), ...plain(random, writer)] };
    case 'child':
      return { lines: child(random, writer) };
    case 'copd':
      return { lines: copd(random, writer) };
    case 'osteoarthritis':
      return { lines: osteoarthritis(random, writer) };
    case 'switcher':
    case 'switcher-unanswered':
      return switcher(random, writer, true);
    case 'switcher-without-code':
      return switcher(random, writer, false);
    case 'closed-code':
    case 'closed-code-unanswered':
      return { lines: closedCode(random, writer) };
  }
}

/** Birthdays that fit: children stay under 18 and adults over it in both years. */
export function birthDateOf(random: Random, card: Card): string {
  if (card.course === 'child') return dateBetween(random, '2010-01-01', '2017-12-31');
  const isOld = card.course === 'copd' || card.course === 'osteoarthritis';
  return isOld ? dateBetween(random, '1935-01-01', '1970-12-31') : dateBetween(random, '1935-01-01', '1998-12-31');
}

/** From when members are insured here, unless they came by a switch. */
export const INSURED_SINCE = '2019-01-01';
