import type { Evidence } from '#libs/trajectory';
import { isDate } from '../calendar';
import type { Refusal } from '../refusal';

/** Collects refusals: every fault of an input is told at once. */
export class Refusals {
  readonly all: Refusal[] = [];

  add(code: string, field: string, problem: string): void {
    this.all.push({ code, field, problem });
  }

  /** A date that has to exist; left out is no fault. Whether it exists. */
  date(field: string, value: string | null | undefined): boolean {
    if (value === undefined || value === null) return false;
    if (isDate(value)) return true;
    this.add('date-invalid', field, 'give a date that exists, as YYYY-MM-DD');
    return false;
  }

  /** A date of something that has happened. */
  pastDate(field: string, value: string | undefined, today: string): void {
    if (this.date(field, value) && value !== undefined && value > today)
      this.add('date-in-future', field, 'only what has happened can be stated; this date is yet to come');
  }

  text(code: string, field: string, value: string, problem: string): void {
    if (value.trim() === '') this.add(code, field, problem);
  }

  evidence({ statedOn, source, statedBy, document }: Omit<Evidence, 'statementId'>, today: string): void {
    this.pastDate('statedOn', statedOn, today);
    this.text('evidence-missing', 'source', source, 'say what kind of source states it');
    this.text('evidence-missing', 'statedBy', statedBy, 'say which organisation or role states it');
    this.text('document-missing', 'document.reference', document.reference, 'name the document that states it');
  }
}
