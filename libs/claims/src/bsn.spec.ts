import fc from 'fast-check';
import { generateBsn, isValidBsn } from './index';

describe('the eleven test', () => {
  it.each(['957136171', '111222333', '123456782', '010464554'])('passes %s', (text) => expect(isValidBsn(text)).toBe(true));
  it.each(['957136172', '000000000', '123456789', '95713617', '9571361710', '95713617X', '', ' 57136171', '９57136171'])(
    'fails %j',
    (text) => expect(isValidBsn(text)).toBe(false),
  );

  it('finds every single wrong digit and every swap of unequal neighbours', () => {
    const digit = fc.integer({ min: 0, max: 9 });
    const numbers = fc
      .infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
      .map((stream) => generateBsn(() => stream.next().value as number));
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 8 }), digit, (bsn, index, other) => {
        const changed = bsn.slice(0, index) + String(other) + bsn.slice(index + 1);
        expect(isValidBsn(changed)).toBe(changed === bsn);
        const swapped = bsn.slice(0, index) + (bsn[index + 1] ?? '') + (bsn[index] ?? '') + bsn.slice(index + 2);
        // the last two weigh 2 and -1: their swap is found as well, since 3 is prime to 11
        expect(isValidBsn(swapped)).toBe(swapped === bsn);
      }),
    );
  });
});

describe('made-up numbers', () => {
  it('pass the eleven test whatever the random numbers are', () => {
    for (let step = 0; step < 1000; step += 1) expect(isValidBsn(generateBsn(() => step / 1000))).toBe(true);
    for (const constant of [0, 0.999999, 1]) expect(isValidBsn(generateBsn(() => constant))).toBe(true);
  });

  it('are the same for the same random numbers', () => {
    const seeded = () => {
      let state = 42;
      return () => (state = (state * 16807) % 2147483647) / 2147483647;
    };
    expect(generateBsn(seeded())).toBe(generateBsn(seeded()));
  });
});
