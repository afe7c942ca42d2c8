/** Puts a made log into a real store, in its order. */
import { setTimeout as delay } from 'node:timers/promises';
import type { EventStore, LogPosition, RecordedEvent, StreamAppend, UnitOutcome } from '#libs/event-store';

/** Appends the events so that the log has them in the order given, and shows them; at most 500 events or 100 streams travel together. */
export async function storeLog(store: EventStore, log: readonly RecordedEvent[]): Promise<void> {
  let unit: StreamAppend[] = [];
  let count = 0;
  const flush = async (): Promise<void> => {
    if (unit.length === 0) return;
    const [answer] = await store.append([{ streams: unit }]);
    if ((answer as UnitOutcome).outcome !== 'appended') throw new Error(`not appended: ${JSON.stringify(answer)}`);
    unit = [];
    count = 0;
  };
  for (const { stream, revision, id, type, data, metadata } of log) {
    const event = { id, type, data, metadata };
    const last = unit.at(-1);
    if (last?.stream === stream) unit[unit.length - 1] = { ...last, events: [...last.events, event] };
    else {
      // A stream stands once in a unit, and a unit is written stream by stream.
      if (unit.some((each) => each.stream === stream) || unit.length >= 100) await flush();
      unit.push({ stream, expectedRevision: revision - 1, events: [event] });
    }
    count += 1;
    if (count >= 500) await flush();
  }
  await flush();
  await shown(store, log.at(-1)?.id);
}

/** The log holds back what is younger than the oldest open transaction of the whole server, which other tests run on as well. */
async function shown(store: EventStore, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  for (let after: LogPosition | null = null; ;) {
    const { events, checkpoint } = await store.readLog(after, 1_000);
    if (events.some((event) => event.id === id)) return;
    if (events.length === 0 || checkpoint === null) await delay(20);
    else after = checkpoint;
  }
}
