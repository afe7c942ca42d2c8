/**
 * Step 8: an adult's Annex 1 line waits while the count may be unknown here. Held lines keep their place; they and every later
 * line of the group are undecided and use no package or cap until an import releases them.
 */
import type { Parameters } from '../policy/book';
import type { Work } from './work';

export type HoldRule = 'hold-switch' | 'hold-asserted' | 'hold-earlier';

/** Indication codes of Annex 1: the session is one of the first (adults only), or comes after them. */
export const ASSERTS_FIRST = '008';
const ASSERTS_AFTER = '001';

/**
 * (a) A switch dated on or before the session is not answered by an import; or (b) the line asserts 001 while its position is
 * within the threshold, nothing was imported, and it is not a small slip at the end of a row that began here with 008.
 * @param position of the line's first session
 */
export function holdOf(work: Work, position: number, threshold: number, adult: boolean, parameters: Parameters): HoldRule | null {
  const group = work.group;
  if (work.condition?.regime === 'annex' && adult && parameters.holdUnknownHistory) {
    if (group.unansweredSwitch !== '' && work.session.date >= group.unansweredSwitch) return 'hold-switch';
    if (work.session.csi === ASSERTS_AFTER && position <= threshold && group.histories.length === 0) {
      const slip = group.firstWork?.session.csi === ASSERTS_FIRST && position >= threshold - parameters.assertedSlack;
      if (!slip) return 'hold-asserted';
    }
  }
  return group.held ? 'hold-earlier' : null;
}

/** Whether the provider's assertion (008 within the first sessions, 001 after) contradicts every position of the line. */
export function assertionDiffers(csi: string, firstPosition: number, lastPosition: number, threshold: number): boolean {
  if (csi === ASSERTS_AFTER) return lastPosition <= threshold;
  return csi === ASSERTS_FIRST && firstPosition > threshold;
}
