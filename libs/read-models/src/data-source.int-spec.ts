import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/database';
import { READ_MODEL_MIGRATIONS } from './migrations';
import { HeldOverrides1790310000000 } from './migrations/1790310000000-held-overrides';
import { createReadModelsDataSource, migrateReadModels, openReadModels, READ_SCHEMA, ReadModelProjector } from './index';
import { randomLog } from './testing/random-log';
import { projectLog } from './testing/tables';

jest.setTimeout(60_000);

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('the migrations', () => {
  it('run once when several processes start at the same time', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openReadModels({ url: database.url, poolSize: 2 })));
    const ran: unknown[] = await (opened[0] as DataSource).query(`select * from ${READ_SCHEMA}.migration`);
    expect(ran).toHaveLength(READ_MODEL_MIGRATIONS.length);
    const checkpoints: unknown[] = await (opened[0] as DataSource).query(`select * from ${READ_SCHEMA}.checkpoint`);
    expect(checkpoints).toHaveLength(1);
    await Promise.all(opened.map((each) => each.destroy()));
  });

  it('make exactly the tables that the entities describe', async () => {
    const dataSource = await openReadModels({ url: database.url });
    const drift = await dataSource.driver.createSchemaBuilder().log();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
    await dataSource.destroy();
  });

  it('[override-14] bring what waits behind an override back on a work list that had lost it', async () => {
    const dataSource = await openReadModels({ url: database.url, schema: 'read_before' });
    await projectLog(new ReadModelProjector(dataSource), randomLog(42, 10, 200), () => 500);
    const items = (): Promise<unknown> =>
      dataSource.query('select subject, kind, lines, person_id, trajectory_id from read_before.work_item order by 1, 2');
    const now = await items();
    for (const _ of READ_MODEL_MIGRATIONS.slice(READ_MODEL_MIGRATIONS.indexOf(HeldOverrides1790310000000)))
      await dataSource.undoLastMigration();
    expect(await items()).not.toEqual(now);
    await migrateReadModels(dataSource);
    expect(await items()).toEqual(now);
    await dataSource.query('drop schema read_before cascade');
    await dataSource.destroy();
  });

  it('can be taken back, and make the tables in any schema', async () => {
    const dataSource = await openReadModels({ url: database.url, schema: 'read_elsewhere' });
    for (const _ of READ_MODEL_MIGRATIONS) await dataSource.undoLastMigration();
    expect(await dataSource.showMigrations()).toBe(true);
    await dataSource.query('drop schema read_elsewhere cascade');
    await dataSource.destroy();
    expect(() => createReadModelsDataSource({ url: database.url, schema: 'read"; drop' })).not.toThrow();
    await expect(openReadModels({ url: database.url, schema: 'read"; drop' })).rejects.toThrow('not a schema name');
  });
});
