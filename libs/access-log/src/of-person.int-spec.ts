import { randomUUID } from 'node:crypto';
import { accessesOf } from './of-person';
import { anEntry } from './testing/entries';
import { laboratory, type Laboratory } from './testing/laboratory';

describe('who looked at a person', () => {
  let lab: Laboratory;
  const person = randomUUID();
  const TIMES = ['2026-02-28T22:59:59.999Z', '2026-02-28T23:00:00.000Z', '2026-03-01T12:00:00.000Z', '2026-03-02T22:59:59.999Z'];
  beforeAll(async () => {
    lab = await laboratory();
    const log = await lab.open();
    for (const time of TIMES) await log.record([anEntry({ person, time }), anEntry({ time }), anEntry({ person: null, time })]);
  });
  afterAll(() => lab.dispose());

  const times = async (over: Partial<Parameters<typeof accessesOf>[1]> = {}): Promise<string[]> => {
    const page = await accessesOf(lab.pool, { personId: person, from: null, through: null, after: 0, limit: 50, ...over });
    return page.items.map(({ time }) => time);
  };

  test('lists the lines of that person alone, in order', async () => {
    expect(await times()).toEqual(TIMES);
    const nobody = await accessesOf(lab.pool, { personId: randomUUID(), from: null, through: null, after: 0, limit: 1 });
    expect(nobody).toEqual({ items: [], next: null });
  });

  test('a period runs by the Dutch calendar, both days inclusive', async () => {
    expect(await times({ from: '2026-03-01' })).toEqual(TIMES.slice(1));
    expect(await times({ through: '2026-02-28' })).toEqual(TIMES.slice(0, 1));
    expect(await times({ from: '2026-03-01', through: '2026-03-01' })).toEqual(TIMES.slice(1, 3));
    expect(await times({ from: '2026-03-02', through: '2026-03-02' })).toEqual(TIMES.slice(3));
  });

  test('comes in pages that join without a gap', async () => {
    const seen: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page = await accessesOf(lab.pool, { personId: person, from: null, through: null, after, limit: 2 });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ time }) => time));
      after = page.next;
    }
    expect(seen).toEqual(TIMES);
  });
});
