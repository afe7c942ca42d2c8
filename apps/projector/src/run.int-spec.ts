import { createLogger, loadConfig } from '#libs/platform';
import { openPostgresEventStore } from '#libs/event-store';
import { openReadModels, ReadModelQueries } from '#libs/read-models';
import { createTestDatabase } from '../../../test/postgres/database';
import { runProjector } from './run';

jest.setTimeout(60_000);

describe('the projector process', () => {
  it('makes the tables, takes the log in, tells its parent, and ends when it is told to', async () => {
    const database = await createTestDatabase();
    const store = await openPostgresEventStore({ connectionString: database.url, maxConnections: 2 });
    const metadata = { commandId: '00000000-0000-4000-8000-000000000001', actor: 'test' };
    const event = {
      id: '00000000-0000-4000-8000-000000000002',
      type: 'PolicyActivated.v1',
      data: { digest: 'd'.repeat(64), version: '2024.1' },
      metadata,
    };
    await store.append([{ streams: [{ stream: 'policy-book', expectedRevision: -1, events: [event] }] }]);
    const stop = new AbortController();
    const told: string[] = [];
    await runProjector(loadConfig({ TRAJECT_DATABASE_URL: database.url }), {
      logger: createLogger('projector', 'silent'),
      signal: stop.signal,
      tell: ({ type }) => {
        told.push(type);
        if (type === 'caught-up') stop.abort();
      },
    });
    expect(told).toEqual(['projecting', 'caught-up']);
    const dataSource = await openReadModels({ url: database.url });
    expect((await new ReadModelQueries(dataSource).policyActivations())[0]?.version).toBe('2024.1');
    await dataSource.destroy();
    await store.close();
    await database.drop();
  });
});
