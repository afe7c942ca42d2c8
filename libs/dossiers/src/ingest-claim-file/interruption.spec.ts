import { DATABASE_RESTART } from '#libs/platform';
import { IngestionInterruptedError, whileItRestarts } from './interruption';

const impatient = { ...DATABASE_RESTART, attempts: 3, firstDelayMs: 1, maxDelayMs: 1 };
const lost = (): Error => Object.assign(new Error('Connection terminated unexpectedly'), {});

describe('an ingestion while the database restarts', () => {
  it('asks again until the database is back', async () => {
    let asked = 0;
    const work = (): Promise<string> => ((asked += 1) < 3 ? Promise.reject(lost()) : Promise.resolve('done'));
    expect(await whileItRestarts('a.pm304', work, impatient)).toBe('done');
  });

  it('says what to do when it stays away', async () => {
    const given = whileItRestarts('a.pm304', () => Promise.reject(lost()), impatient);
    await expect(given).rejects.toThrow(IngestionInterruptedError);
    await expect(given).rejects.toThrow(/^a\.pm304: the database was lost.*ingest the same file again/);
  });

  it('passes on at once what is no loss of the connection', async () => {
    let asked = 0;
    const work = (): Promise<never> => ((asked += 1), Promise.reject(new Error('a defect')));
    await expect(whileItRestarts('a.pm304', work, impatient)).rejects.toThrow('a defect');
    expect(asked).toBe(1);
  });
});
