/** A small seeded generator (mulberry32): the same seed is the same person on every machine. */
import { addDays } from '../rules/calendar';

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0;
    for (let i = 0; i < 4; i += 1) this.fraction();
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** Both ends included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.fraction() * (high - low + 1));
  }
  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.fraction() * times < 1;
  }
  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.fraction() * values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }
  shuffled<T>(values: readonly T[]): T[] {
    return values
      .map((value) => ({ value, at: this.fraction() }))
      .sort((one, other) => one.at - other.at)
      .map(({ value }) => value);
  }
  /** A day near the given one: mostly itself, the day before or after. */
  near(date: string): string {
    return addDays(date, this.pick([-1, 0, 0, 0, 1, this.between(-40, 40)]));
  }
  uuid(): string {
    const hex = (digits: number): string => Array.from({ length: digits }, () => this.between(0, 15).toString(16)).join('');
    return `${hex(8)}-${hex(4)}-5${hex(3)}-8${hex(3)}-${hex(12)}`;
  }
}
