/** Processes that are killed or that read while others write, at a chosen moment. */
import type { RecordedEvent } from '#libs/event-store';
import { give, type Given, type Policies } from './commands';
import type { InMemoryEventStore, ProcessFaults } from './in-memory-event-store';

/** Killed at this step; 0.5 keeps every process at a steady pace. */
export const killedAt = (step: number): ProcessFaults => ({ random: () => 0.5, stepsUntilKilled: step, unknownPercent: 0 });

/** Kills the command at its first step at which `isReached`. */
export async function killWhen(
  store: InMemoryEventStore,
  policies: Policies,
  command: Given,
  isReached: () => boolean,
): Promise<void> {
  for (let step = 1; step < 50; step += 1) {
    await expect(give(store, policies, command, killedAt(step))).rejects.toThrow();
    if (isReached()) return;
  }
  throw new Error('the command never came to that point');
}

/** Runs `work` with processes that, until they append for the first time, read streams as they were before these events. */
export async function whileUnread(
  store: InMemoryEventStore,
  isUnread: (event: RecordedEvent) => boolean,
  work: () => Promise<unknown>,
): Promise<void> {
  const asProcess = store.asProcess.bind(store);
  const spy = jest.spyOn(store, 'asProcess').mockImplementation((faults) => {
    const process = asProcess(faults);
    let hasAppended = false;
    return {
      ...process,
      append: (units) => {
        hasAppended = true;
        return process.append(units);
      },
      readStreams: async (reads) => {
        const streams = await process.readStreams(reads);
        return hasAppended ? streams : streams.map((events) => events.filter((event) => !isUnread(event)));
      },
    };
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
}
