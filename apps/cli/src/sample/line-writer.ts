/** Writes the lines of one person: running references, tariffs of the year. */
import type { Pm304LineInput } from '#libs/claims';
import { laterPeriod, periodOf } from './calendar';
import type { Expectation, SampleLine } from './person';
import { TARIFFS } from './proportions';

export interface Treatment {
  readonly performance: string;
  readonly diagnosis: string;
  /** Left out: the field is empty. */
  readonly csi?: string;
}

export const DECIDED: Expectation = { outcome: 'decided' };
export const HELD: Expectation = { outcome: 'held' };
export const CREDITED: Expectation = { outcome: 'credited' };
export const invalid = (...codes: string[]): Expectation => ({ outcome: 'invalid', codes });
export const refused = (...codes: string[]): Expectation => ({ outcome: 'refused', codes });

export class LineWriter {
  #written = 0;

  /** @param stem begins every reference; with four characters behind it it fits 20 */
  constructor(
    private readonly stem: string,
    private readonly therapist: string,
  ) {}

  reference(): string {
    this.#written += 1;
    return `${this.stem}-${String(this.#written).padStart(3, '0')}`;
  }

  /** A line for a session on a date of the sample's years, declared in its own quarter. */
  session(date: string, treatment: Treatment, expected: Expectation = DECIDED): SampleLine {
    return { period: periodOf(date), line: this.input(date, treatment), expected };
  }

  input(date: string, { performance, diagnosis, csi }: Treatment): Pm304LineInput {
    const tariffs = TARIFFS[performance];
    if (tariffs === undefined) throw new RangeError(`no tariff for performance ${performance}`);
    return {
      date,
      performance,
      diagnosis,
      ...(csi === undefined ? {} : { csi }),
      therapist: this.therapist,
      tariffCents: date < '2024-01-01' ? tariffs[0] : tariffs[1],
      reference: this.reference(),
    };
  }

  /** Takes a line back in a later file: same session, same amount, a reference of its own. */
  credit(debit: SampleLine, periodsLater: number, expected: Expectation = CREDITED): SampleLine {
    return {
      period: laterPeriod(debit.period, periodsLater),
      line: { ...debit.line, debitCredit: 'C', reference: this.reference(), relatedReference: debit.line.reference },
      expected,
    };
  }
}
