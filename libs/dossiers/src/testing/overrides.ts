/** Commands that set the money of a line by hand and end that, of made-up persons: each by its own handler; others as `give` does. */
import type { CommandBus } from '@nestjs/cqrs';
import type { CommandResult } from '../command-result';
import type { DossierContext } from '../context';
import { EndLapsedOverrides } from '../end-due-overrides/command';
import { EndLapsedOverridesHandler } from '../end-due-overrides/handler';
import { EndOverride } from '../end-override/command';
import { EndOverrideHandler } from '../end-override/handler';
import { OverrideDecision } from '../override-decision/command';
import { OverrideDecisionHandler } from '../override-decision/handler';
import { give, type Given, type Policies } from './commands';
import type { InMemoryEventStore, ProcessFaults } from './in-memory-event-store';

/** A process over the store whose calendar says this day. */
export function overridesDesk(store: InMemoryEventStore, policies: Policies, today: string, faults?: ProcessFaults) {
  const context = {
    store: store.asProcess(faults),
    policies,
    today: () => today,
    pause: () => Promise.resolve(),
  } as unknown as DossierContext;
  const execute = (command: Given | OverrideDecision | EndOverride | EndLapsedOverrides): Promise<CommandResult> => {
    if (command instanceof OverrideDecision) return new OverrideDecisionHandler(context).execute(command);
    if (command instanceof EndOverride) return new EndOverrideHandler(context).execute(command);
    if (command instanceof EndLapsedOverrides) return new EndLapsedOverridesHandler(context).execute(command);
    return give(store, policies, command) as Promise<CommandResult>;
  };
  return { context, bus: { execute } as unknown as CommandBus, execute };
}
