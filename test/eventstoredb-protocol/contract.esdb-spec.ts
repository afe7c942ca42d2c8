import { openEventStoreDb } from '#libs/event-store';
import { eventStoreContract, type StoreUnderTest } from '../../libs/event-store/src/testing';
import { EventStoreDbDouble, type DoubleOptions } from './index';

async function onDouble(options: DoubleOptions, batchedAppends: boolean): Promise<StoreUnderTest> {
  const double = await EventStoreDbDouble.start(options);
  const store = openEventStoreDb({ connectionString: double.connectionString, batchedAppends, retryDelayMs: 10 });
  return {
    store,
    dispose: async () => {
      await store.close();
      double.stop();
    },
  };
}

eventStoreContract('EventStoreDB adapter on the protocol double', () => onDouble({}, false));
eventStoreContract('EventStoreDB adapter on the protocol double without BatchAppend', () =>
  onDouble({ batchAppend: false }, false),
);
eventStoreContract('EventStoreDB adapter on the protocol double, appending in batches', () =>
  onDouble({ batchAppend: true }, true),
);
