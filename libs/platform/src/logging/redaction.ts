/** Names of fields that may hold identity, a secret, or what a user sent; compared without case, _ and -. */
const WITHHELD = new Set(
  (
    'bsn bsns burgerservicenummer birthdate birthdates dateofbirth geboortedatum surname familyname givenname firstname lastname ' +
    'fullname personname insuredname initials achternaam voorletters naam address adres street straat housenumber huisnummer ' +
    'postcode postalcode zipcode city woonplaats email phone relationnumber relationnumbers relatienummer verzekerdennummer ' +
    'identity person persons insured body rawbody payload query params parameters detail where password secret token ' +
    'authorization cookie headers kek key connectionstring databaseurl'
  ).split(' '),
);

const MAX_DEPTH = 6;
const MAX_ENTRIES = 50;
const MAX_TEXT = 4_000;
export const WITHHELD_MARK = '[withheld]';

/**
 * A copy of a logged value without identity: fields that may hold it are withheld by name, citizen service numbers
 * inside any text by their check digit. Bounded in depth, width and length. The last line of defence: nothing
 * should log them in the first place.
 */
export function withoutIdentity(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskNumbers(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return describeError(value, depth);
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? undefined : value;
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ENTRIES).map((entry) => withoutIdentity(entry, depth + 1));
    return value.length > MAX_ENTRIES ? [...shown, `[${value.length - MAX_ENTRIES} more]`] : shown;
  }
  const entries = value instanceof Map ? [...value.entries()].map(([k, v]) => [String(k), v] as const) : Object.entries(value);
  const safe: Record<string, unknown> = {};
  for (const [name, entry] of entries.slice(0, MAX_ENTRIES)) {
    safe[maskNumbers(name)] = WITHHELD.has(name.toLowerCase().replaceAll(/[_-]/g, ''))
      ? WITHHELD_MARK
      : withoutIdentity(entry, depth + 1);
  }
  if (entries.length > MAX_ENTRIES) safe['…'] = `[${entries.length - MAX_ENTRIES} more]`;
  return safe;
}

/** An error's type, code, message and stack; not its further fields: those of a database error quote rows. */
export function describeError(error: Error, depth = 0): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: maskNumbers(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: maskNumbers(error.stack) }),
    ...(error.cause instanceof Error && depth < MAX_DEPTH ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** Replaces every number of nine digits that is a valid citizen service number. */
export function maskNumbers(text: string): string {
  const bounded = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return bounded.replaceAll(/(?<!\d)\d{9}(?!\d)/g, (digits) => (passesElevenTest(digits) ? WITHHELD_MARK : digits));
}

/** 9·d1 + 8·d2 + … + 2·d8 − d9 is divisible by 11. */
function passesElevenTest(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < 9; index += 1) sum += Number(digits[index]) * (index === 8 ? -1 : 9 - index);
  return sum % 11 === 0 && digits !== '000000000';
}
