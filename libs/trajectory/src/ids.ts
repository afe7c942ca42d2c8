/** Branded identifiers and the two scalar conventions of the whole code base: integer cents and `YYYY-MM-DD` dates. */

declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]: B };

/** Random UUID of a person. The only personal identifier outside the identity vault. */
export type PersonId = Brand<string, 'PersonId'>;
/** UUID of a trajectory: one person, one regime, one diagnosis code lineage. */
export type TrajectoryId = Brand<string, 'TrajectoryId'>;
/** UUID of a command. Event ids are derived from it, so that a repeated command writes nothing twice. */
export type CommandId = Brand<string, 'CommandId'>;
/** UUID of a claim file, derived from the digest of its bytes. */
export type ClaimFileId = Brand<string, 'ClaimFileId'>;
/** UUID of a history import. */
export type HistoryImportId = Brand<string, 'HistoryImportId'>;
/** UUID of a statement: clinical facts, a confirmation, an authorisation. */
export type StatementId = Brand<string, 'StatementId'>;
/** UUID of a decision that was set by hand. */
export type OverrideId = Brand<string, 'OverrideId'>;
/** `<practice>/<reference>`: the key of a claim line, reference trimmed. */
export type LineKey = Brand<string, 'LineKey'>;
/** Calendar date `YYYY-MM-DD`; compares correctly as a string. */
export type IsoDate = string;
/** Integer euro cents. */
export type Cents = number;

/** Builds the key of a claim line from the practice's AGB code (8 digits) and the line's reference number. */
export const lineKey = (practice: string, reference: string): LineKey => `${practice}/${reference.trim()}` as LineKey;

/** Name of the stream that holds the facts of one trajectory. */
export const trajectoryStream = (id: TrajectoryId): string => `trajectory-${id}`;
/** Name of the stream that holds one person's insurance, packages, links, decisions and bookings. */
export const dossierStream = (id: PersonId): string => `dossier-${id}`;
/** Name of the stream of one claim file's reception and processing. */
export const claimFileStream = (id: ClaimFileId): string => `claim-file-${id}`;
/** Name of the one stream that says which policy version is in effect. */
export const POLICY_BOOK_STREAM = 'policy-book';
