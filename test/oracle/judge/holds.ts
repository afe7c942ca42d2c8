/** Which lines are held because the history is not known. */
import { thresholdFor, isStartConditionUnmet } from './entitlement';
import type { Line } from './history';
import { positionAt, type Counted } from './positions';
import { isAdult, isAnnexCsi } from './validity';

/** Own sessions before the line in the course, in session order. */
export const ownBefore = (counted: Counted, line: Line): number => {
  const order = counted.course.lines;
  return counted.slots.filter((slot) => order.indexOf(slot.line) < order.indexOf(line)).length;
};

/** An import answers a switch when nothing that we know of happened strictly between its date and the switch. */
function isAnswered(counted: Counted, switchDate: string): boolean {
  return counted.course.imports.some(({ throughDate }) => {
    const [from, to] = throughDate < switchDate ? [throughDate, switchDate] : [switchDate, throughDate];
    const between = (date: string): boolean => from < date && date < to;
    return !counted.slots.some((slot) => between(slot.date)) && !counted.course.switches.some((each) => between(each.switchDate));
  });
}

/** Whether the line itself is one that waits for the history. */
function waits(counted: Counted, line: Line): boolean {
  const { session } = line;
  if (!isAdult(session) || !isAnnexCsi(session.csi)) return false;
  if (isStartConditionUnmet(counted, session)) return false;
  const { switches, imports } = counted.course;
  if (switches.some((each) => each.switchDate <= session.date && !isAnswered(counted, each.switchDate))) return true;
  if (session.csi !== '001' || imports.length > 0) return false;
  const threshold = thresholdFor(counted, session);
  const position = positionAt(counted, ownBefore(counted, line) + 1, session.date);
  if (position > threshold) return false;
  const firstAsserts = counted.slots[0]?.line.session.csi;
  return !(firstAsserts === '008' && position >= threshold - 2);
}

/** Held is what waits, and everything of the course that comes after it. */
export function isHeld(counted: Counted, line: Line, mayWait: (other: Line) => boolean): boolean {
  if (isStartConditionUnmet(counted, line.session)) return false;
  const upToHere = counted.course.lines.slice(0, counted.course.lines.indexOf(line) + 1);
  return upToHere.some((other) => mayWait(other) && waits(counted, other));
}
