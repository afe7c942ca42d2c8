import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { AppendUnit } from '../port';
import { AppendLanes } from './append-lanes';

const unit = (stream: string = randomUUID()): AppendUnit => ({
  streams: [
    {
      stream,
      expectedRevision: -1,
      events: [{ id: randomUUID(), type: 'Tested.v1', data: {}, metadata: { commandId: 'c', actor: 'spec' } }],
    },
  ],
});

/** Answers every unit as appended; keeps how many units each transaction carried. */
function poolThatAppends(turn: () => Promise<void> = () => Promise.resolve()) {
  const carried: number[] = [];
  let concurrent = 0;
  let mostConcurrent = 0;
  const query = async ({ values }: { values: string[] }) => {
    const count = values[4]!.split(',').length;
    carried.push(count);
    concurrent += 1;
    mostConcurrent = Math.max(mostConcurrent, concurrent);
    await turn();
    concurrent -= 1;
    return { rows: Array.from({ length: count }, (_, n) => [n + 1, 'appended', '7', `${n}`, null, null, null]) };
  };
  return { pool: { query } as unknown as Pool, carried, mostConcurrent: () => mostConcurrent };
}

describe('append lanes', () => {
  // A lone caller: a call left behind would wait for ever, as nobody else's call opens a lane for it.
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'never leave a call waiting that is made %i steps after another was answered',
    async (steps) => {
      const { pool } = poolThatAppends();
      const appending = new AppendLanes(pool, 1);
      for (let n = 0; n < 3; n++) {
        expect(await appending.append([unit()])).toHaveLength(1);
        for (let step = 0; step < steps; step++) await Promise.resolve();
      }
      await appending.idle();
    },
  );

  it('carry a lone call at once, and join what is called meanwhile, up to the streams of one transaction', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { pool, carried, mostConcurrent } = poolThatAppends(() => held);
    const appending = new AppendLanes(pool, 1);
    const calls = [1, 100, 100, 100, 1].map((count) => appending.append(Array.from({ length: count }, () => unit())));
    expect(carried).toEqual([1]);
    release();
    expect((await Promise.all(calls)).map((answers) => answers.length)).toEqual([1, 100, 100, 100, 1]);
    expect(carried).toEqual([1, 200, 101]);
    expect(mostConcurrent()).toBe(1);
  });

  it('run as many transactions at a time as there are lanes, and are idle when all have ended', async () => {
    const { pool, mostConcurrent } = poolThatAppends(() => new Promise((resolve) => setImmediate(resolve)));
    const appending = new AppendLanes(pool, 3);
    const calls = Array.from({ length: 20 }, () => appending.append(Array.from({ length: 200 }, () => unit())));
    await appending.idle();
    expect(mostConcurrent()).toBe(3);
    await Promise.all(calls);
    await appending.idle();
  });

  it('reject a malformed call by itself, before it is joined to others', async () => {
    const { pool, carried } = poolThatAppends();
    const appending = new AppendLanes(pool, 1);
    const sound = appending.append([unit()]);
    await expect(appending.append([unit(), unit('')])).rejects.toThrow(TypeError);
    await sound;
    expect(carried).toEqual([1]);
  });
});
