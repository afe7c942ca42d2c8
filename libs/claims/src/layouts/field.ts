/** How a field is filled: `N` digits, right-aligned, zero-filled; `AN` text, left-aligned, space-filled. */
export type FieldType = 'N' | 'AN';

/** Mandatory, conditional, optional, or space held in reserve. */
export type Presence = 'M' | 'C' | 'O' | 'S';

/** One field of a fixed-width record. */
export interface FieldLayout {
  /** Number in the standard: record type and running number, e.g. `0408`. */
  readonly number: string;
  /** Dutch name in the standard. */
  readonly name: string;
  readonly type: FieldType;
  /** Position of the first character, from 1. */
  readonly start: number;
  /** Characters (= bytes: the character set has one byte a character). */
  readonly length: number;
  readonly presence: Presence;
}

export type RecordType = '01' | '02' | '03' | '04' | '98' | '99';

/** Fields of a record type in order, without gaps, up to the record's length. */
export type RecordLayout = readonly FieldLayout[];
export type MessageLayout = Readonly<Record<RecordType, RecordLayout>>;

/** One row of a layout table; the order of the arguments is that of the standard's own tables. */
export function field(
  number: string,
  name: string,
  type: FieldType,
  length: number,
  start: number,
  presence: Presence,
): FieldLayout {
  return { number, name, type, start, length, presence };
}

/** A field of a layout by its number; throws when there is none, which is a mistake of the program. */
export function fieldOf(layout: RecordLayout, number: string): FieldLayout {
  const found = layout.find((candidate) => candidate.number === number);
  if (!found) throw new Error(`No field ${number} in this layout`);
  return found;
}

/** The characters of a field in the text of a record. */
export function textOf(record: string, layout: FieldLayout): string {
  return record.slice(layout.start - 1, layout.start - 1 + layout.length);
}
