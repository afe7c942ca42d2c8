/** The few connections of a process: whoever holds one for long holds none of those that everybody needs. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/database';
import { openDossierRuntime, type DossierRuntime } from './runtime';

describe('the connections of the command side', () => {
  let database: TestDatabase;
  let runtime: DossierRuntime;

  beforeAll(async () => {
    database = await createTestDatabase();
    const keyEncryptionKey = { value: randomBytes(32).toString('base64'), create: false as const };
    runtime = await openDossierRuntime({ eventStore: { kind: 'postgres' }, keyEncryptionKey }, database.url, 'connections test');
  });
  afterAll(async () => {
    await runtime?.close();
    await database?.drop();
  });

  it('are not those by which campaigns are held: as many as may be held at once can all be read meanwhile', async () => {
    const ids = Array.from({ length: 4 }, () => randomUUID());
    let claimed = 0;
    let allAreClaimed = (): void => undefined;
    const all = new Promise<void>((resolve) => (allAreClaimed = resolve));
    const read = await Promise.all(
      ids.map((id) =>
        runtime.campaigns.claimed(id, async () => {
          if ((claimed += 1) === ids.length) allAreClaimed();
          await all;
          await runtime.access.record({ event: 'test', action: 'read', object: 'dossier', persons: [randomUUID()] }, 'success');
          await runtime.context.vault.erasedPersons();
          return (await runtime.campaigns.read(id)) ?? 'none';
        }),
      ),
    );
    expect(read).toEqual(ids.map(() => 'none'));
  });
});
