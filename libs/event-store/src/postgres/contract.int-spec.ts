import { createTestDatabase } from '../../../../test/postgres/database';
import { eventStoreContract } from '../testing';
import { openPostgresEventStore } from './store';

eventStoreContract('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const store = await openPostgresEventStore({ connectionString: database.url });
  return {
    store,
    dispose: async () => {
      await store.close();
      await database.drop();
    },
  };
});
