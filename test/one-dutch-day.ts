import { setTimeout as delay } from 'node:timers/promises';

const MARGIN_MS = 3 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

/** Waits until after midnight in the Netherlands when it is about to strike: for tests of what happened on one day. Their hooks need `ONE_DAY_PATIENCE_MS`. */
export async function withinOneDutchDay(): Promise<void> {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Amsterdam', timeStyle: 'medium' }).format(new Date());
  const [hours, minutes, seconds] = clock.split(':').map(Number) as [number, number, number];
  const left = DAY_MS - ((hours * 60 + minutes) * 60 + seconds) * 1000;
  if (left < MARGIN_MS) await delay(left + 1000);
}

export const ONE_DAY_PATIENCE_MS = MARGIN_MS + 120_000;
