/** The rebuild as a state machine: what each state does, and what may be asked for next. */

/**
 * - `prepare`: makes the empty tables, with their indexes, in a schema beside the live one.
 * - `replay`: reads the log from its beginning and fills them, in short transactions with their checkpoint.
 * - `catch-up`: takes in what was appended meanwhile.
 * - `switch`: holds the live projector for a moment, takes in the last events, and exchanges the schemas in one transaction.
 * - `drop`: removes the tables that were live before.
 */
export const REBUILD_STATES = ['prepare', 'replay', 'catch-up', 'switch', 'drop', 'done', 'aborted'] as const;
export type RebuildState = (typeof REBUILD_STATES)[number];
export type RebuildAction = 'start' | 'resume' | 'abort';

const ACTIONS: Readonly<Record<RebuildState, readonly RebuildAction[]>> = {
  prepare: ['resume', 'abort'],
  replay: ['resume', 'abort'],
  'catch-up': ['resume', 'abort'],
  switch: ['resume', 'abort'],
  // The new tables are live: there is no way back, only the rest of the way.
  drop: ['resume'],
  done: ['start'],
  aborted: ['start'],
};

/** What may be asked for in a state; null: there was never a rebuild. */
export const allowedActions = (state: RebuildState | null): readonly RebuildAction[] =>
  state === null ? ['start'] : ACTIONS[state];

/** Raised when the projection gives other rows than before: an unfinished rebuild of an older one starts over. */
export const PROJECTION_VERSION = 2;

export interface RebuildProgress {
  readonly state: RebuildState;
  /** Events taken into the new tables. */
  readonly eventsDone: number;
  /** Events that the live tables held at the start; null when they were empty. */
  readonly eventsTotal: number | null;
  /** Since this process began or resumed. */
  readonly eventsPerSecond: number;
  readonly secondsLeft: number | null;
}

/** Rate and time left after `eventsNow` events in `elapsedMs` of this process. */
export function progressOf(
  state: RebuildState,
  eventsDone: number,
  eventsTotal: number | null,
  eventsNow: number,
  elapsedMs: number,
): RebuildProgress {
  const eventsPerSecond = elapsedMs <= 0 ? 0 : Math.round((eventsNow * 1000) / elapsedMs);
  const left = eventsTotal === null ? null : Math.max(0, eventsTotal - eventsDone);
  const secondsLeft = left === null || eventsPerSecond === 0 ? null : Math.ceil(left / eventsPerSecond);
  return { state, eventsDone, eventsTotal, eventsPerSecond, secondsLeft };
}
