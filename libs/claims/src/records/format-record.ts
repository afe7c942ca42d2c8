/** Filling fixed-width records. A value that does not fit is refused by naming the field; the value itself is never repeated. */
import { positionOf } from '../problems';
import type { FieldLayout, RecordLayout } from '../layouts';

/** A value that does not fit its field: a mistake of the caller. */
export class ClaimFieldError extends RangeError {
  override readonly name = 'ClaimFieldError';

  constructor(
    readonly layout: FieldLayout,
    readonly reason: string,
  ) {
    super(`Field ${layout.number} ${layout.name} (position ${positionOf(layout)}): ${reason}`);
  }
}

/** By field number. Numbers and digit strings for N fields, text for AN fields; absent = zeros or spaces. */
export type FieldValues = Readonly<Record<string, string | number | undefined>>;

function formatNumber(layout: FieldLayout, value: string | number | undefined): string {
  if (value === undefined) return '0'.repeat(layout.length);
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || value < 0)) {
    throw new ClaimFieldError(layout, 'must be a whole number of at least 0');
  }
  const digits = String(value);
  if (!/^\d*$/.test(digits)) throw new ClaimFieldError(layout, 'must be digits only');
  if (digits.length > layout.length) throw new ClaimFieldError(layout, `is too large: at most ${layout.length} digits fit`);
  return digits.padStart(layout.length, '0');
}

function formatText(layout: FieldLayout, value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 32 || code === 127 || code > 255) {
      throw new ClaimFieldError(layout, `character ${index + 1} is not a printable character of ISO 8859-1`);
    }
  }
  if (text.length > layout.length) {
    throw new ClaimFieldError(layout, `is ${text.length} characters long; at most ${layout.length} fit`);
  }
  return text.padEnd(layout.length, ' ');
}

/** One field, filled to its width. */
export function formatField(layout: FieldLayout, value: string | number | undefined): string {
  return layout.type === 'N' ? formatNumber(layout, value) : formatText(layout, value);
}

/** The text of a record: every field of the layout in order. Throws `ClaimFieldError`. */
export function formatRecord(layout: RecordLayout, values: FieldValues): string {
  let text = '';
  for (const entry of layout) {
    const value = values[entry.number];
    if (entry.presence === 'M' && (value === undefined || value === '')) {
      throw new ClaimFieldError(entry, 'is mandatory and has no value');
    }
    text += formatField(entry, value);
  }
  return text;
}

/** Records as bytes, each ended by CR LF. */
export function recordBytes(...texts: readonly string[]): Uint8Array {
  return Buffer.from(texts.map((text) => `${text}\r\n`).join(''), 'latin1');
}

/** `YYYY-MM-DD` as eight digits. Only the form is checked: the calendar is the reader's. */
export function formatDate(layout: FieldLayout, date: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new ClaimFieldError(layout, 'must be a date as YYYY-MM-DD');
  return date.replaceAll('-', '');
}
