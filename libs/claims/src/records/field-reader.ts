/** Reading single fields of a record; a value that does not fit is reported and replaced, never thrown. */
import { dateOf, digitsOf, isEmptyNumber } from '../calendar';
import type { FieldLayout } from '../layouts';
import { textOf } from '../layouts';
import { fieldProblem, type FieldProblem } from '../problems';

const NONE: readonly FieldProblem[] = [];

/** Reads the fields of one record and collects what is wrong with them. */
export class FieldReader {
  private found: FieldProblem[] | null = null;

  constructor(
    private readonly text: string,
    private readonly record: number,
  ) {}

  get problems(): readonly FieldProblem[] {
    return this.found ?? NONE;
  }

  refuse(code: string | null, layout: FieldLayout, problem: string): void {
    (this.found ??= []).push(fieldProblem(code, this.record, layout, problem));
  }

  raw(layout: FieldLayout): string {
    return textOf(this.text, layout);
  }

  /** Text without the padding; undefined when blank. */
  optional(layout: FieldLayout): string | undefined {
    const value = textOf(this.text, layout).trim();
    return value === '' ? undefined : value;
  }

  /** Text that must be there; `''` with a problem when blank. */
  mandatory(layout: FieldLayout, code: string): string {
    const value = textOf(this.text, layout).trim();
    if (value === '') this.refuse(code, layout, 'The field is empty; fill it.');
    return value;
  }

  /** Digits as sent, of the field's full width; undefined when zero or blank. */
  optionalDigits(layout: FieldLayout, code: string | null): string | undefined {
    const value = textOf(this.text, layout);
    if (isEmptyNumber(value)) return undefined;
    if (digitsOf(value) >= 0) return value;
    this.refuse(code, layout, `The field must hold ${layout.length} digits, or zeros when empty.`);
    return undefined;
  }

  /** Digits as sent that must be there and not all zero; `''` with a problem otherwise. */
  digits(layout: FieldLayout, code: string): string {
    const value = textOf(this.text, layout);
    if (digitsOf(value) > 0) return value;
    this.refuse(code, layout, `The field must hold ${layout.length} digits that are not all zero.`);
    return '';
  }

  /** A number, zero included; 0 with a problem when it is none. */
  number(layout: FieldLayout, code: string, what: string): number {
    const value = digitsOf(textOf(this.text, layout));
    if (value >= 0) return value;
    this.refuse(code, layout, `${what} must be ${layout.length} digits, filled with zeros on the left.`);
    return 0;
  }

  /** `YYYY-MM-DD`; `''` with a problem when it is no date. */
  date(layout: FieldLayout, code: string): string {
    const date = dateOf(textOf(this.text, layout));
    if (date !== null) return date;
    this.refuse(code, layout, 'The date does not exist; give a date of the calendar as CCYYMMDD.');
    return '';
  }

  /** Like `date`; undefined when zero or blank. */
  optionalDate(layout: FieldLayout, code: string | null): string | undefined {
    const value = textOf(this.text, layout);
    if (isEmptyNumber(value)) return undefined;
    const date = dateOf(value);
    if (date !== null) return date;
    this.refuse(code, layout, 'The date does not exist; give a date of the calendar as CCYYMMDD, or zeros.');
    return undefined;
  }

  /** `D` or `C`; null with a problem otherwise. */
  debitCredit(layout: FieldLayout, code: string): 'D' | 'C' | null {
    const value = textOf(this.text, layout);
    if (value === 'D' || value === 'C') return value;
    this.refuse(code, layout, 'The field must be D (debit) or C (credit).');
    return null;
  }
}
