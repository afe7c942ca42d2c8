/** JSON pointers (RFC 6901) to fields of a request. */

/** Names that a schema may know. Anything else that a caller wrote as a name might be a person's data and is not repeated. */
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,39}$/;
const ORDINAL = /^\d{1,5}$/;
const WITHHELD = '?';

const segment = (part: PropertyKey): string => {
  const text = String(part);
  return NAME.test(text) || ORDINAL.test(text) ? text : WITHHELD;
};

/** `['lines', 3, 'date']` as `/lines/3/date`. */
export const pointerOf = (path: readonly PropertyKey[]): string => path.map((part) => `/${segment(part)}`).join('');

/** A refusal's field, `insurance[0].from` or `document.reference`, as `/insurance/0/from`. */
export const pointerOfField = (field: string): string =>
  field === '' ? '' : pointerOf(field.split(/[.[\]]+/).filter((part) => part !== ''));
