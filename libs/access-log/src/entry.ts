/** What is recorded of one access (NEN 7513). The names of the fields are the storage format. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { withoutIdentity } from '#libs/platform';

export const ACCESS_ACTIONS = ['read', 'search', 'preview', 'change'] as const;
export type AccessAction = (typeof ACCESS_ACTIONS)[number];

/**
 * `attempted`: recorded before something is changed, so that nothing changes unrecorded; what became of it is another line of the same
 * request, or, for files, stands in the stream of the file. `denied`: whoever asked may not.
 */
export const ACCESS_OUTCOMES = ['attempted', 'success', 'refused', 'failed', 'denied'] as const;
export type AccessOutcome = (typeof ACCESS_OUTCOMES)[number];

export interface AccessEntry {
  /** UUID: the same entry sent again is recorded once. */
  readonly id: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly time: string;
  /** What happened, by the name of the use case: `dossier`, `import-history`. */
  readonly event: string;
  readonly action: AccessAction;
  readonly outcome: AccessOutcome;
  /** Subject of the token, or user of the operating system. */
  readonly user: string;
  /** Roles in which the user acted, `, ` between them. */
  readonly role: string;
  /** A code of the caller's, never prose; null = not stated. */
  readonly purpose: string | null;
  /** Random person id; null = about nobody that is known. */
  readonly person: string | null;
  /** What was accessed: its kind, and its id where it has one, `trajectory/<uuid>`. */
  readonly object: string;
  /** Machine and process through which, with the address of the caller where there is one. */
  readonly source: string;
  /** UUID: lines of one request share it. */
  readonly request: string;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const CODE = '[a-z][a-z0-9-]{0,59}';
/** Kept for good, where nothing can be erased: a code and no sentence. */
const PURPOSE = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
const NAMED = '[\\x20-\\x7e]{1,200}';

/** Each field by its form. Those that others name (user, role, source) are printable and masked; the rest is codes and random ids. */
const FORMS: Readonly<Record<keyof AccessEntry, RegExp>> = {
  id: new RegExp(`^${UUID}$`),
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  event: new RegExp(`^${CODE}$`),
  action: new RegExp(`^(${ACCESS_ACTIONS.join('|')})$`),
  outcome: new RegExp(`^(${ACCESS_OUTCOMES.join('|')})$`),
  user: new RegExp(`^${NAMED}$`),
  role: new RegExp(`^${NAMED}$`),
  purpose: new RegExp(`^${PURPOSE}$`),
  person: new RegExp(`^${UUID}$`),
  object: new RegExp(`^${CODE}(/${UUID})?$`),
  source: new RegExp(`^${NAMED}$`),
  request: new RegExp(`^${UUID}$`),
};
const MAY_BE_NULL: ReadonlySet<string> = new Set(['purpose', 'person']);

/** A field that is not of its form: a fault of the program, as nothing that a user types goes into an entry as it is. */
export class AccessEntryError extends Error {
  override readonly name = 'AccessEntryError';
  constructor(readonly field: string) {
    super(`access log: ${field} is not of its form (see libs/access-log/src/entry.ts); the value is not repeated`);
  }
}

const UUIDS = new RegExp(`(${UUID})`, 'i');

/** The text without what looks like a BSN. A random id is none, whatever digits stand in it. */
const masked = (text: string): string =>
  text
    .split(UUIDS)
    .map((part, i) => (i % 2 === 1 ? part : String(withoutIdentity(part))))
    .join('');

/** Whether a purpose can be recorded: a code of at most 64 letters, digits and `. _ -`, without what looks like a BSN. */
export const isPurpose = (text: string): boolean => FORMS.purpose.test(text) && masked(text) === text;

/** A name for the log: its first 150 characters, printable, without what looks like a BSN. Cut first: a cut may make nine digits of more. */
export const asName = (text: string): string => masked(text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 150)) || 'unknown';

/** The text that is stored and hashed: canonical JSON. @throws AccessEntryError naming the field, never the value */
export function contentOf(entry: AccessEntry): string {
  for (const [field, form] of Object.entries(FORMS)) {
    const value = entry[field as keyof AccessEntry];
    if (value === null ? !MAY_BE_NULL.has(field) : !form.test(value)) throw new AccessEntryError(field);
    // codes and free names alike: a number that is a citizen service number is never recorded
    if (value !== null && masked(value) !== value) throw new AccessEntryError(field);
  }
  const text = canonicalize(entry);
  if (text === undefined) throw new AccessEntryError('entry');
  return text;
}

/** Hash of a row: SHA-256 over the hash of the row before, the row's number (8 bytes, big-endian) and its text. */
export function hashOf(previous: Uint8Array, seq: number, content: string): Buffer {
  const number = Buffer.alloc(8);
  number.writeBigInt64BE(BigInt(seq));
  return createHash('sha256').update(previous).update(number).update(content, 'utf8').digest();
}

/** Where the chain of a log begins: SHA-256 over the 16 bytes of its id. */
export const beginningOf = (logId: string): Buffer =>
  createHash('sha256')
    .update(Buffer.from(logId.replaceAll('-', ''), 'hex'))
    .digest();
