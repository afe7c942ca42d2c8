/** First key of every advisory lock of the read models; the second says which. Both are part of the protocol between processes. */
const READ_MODELS = 0x7472616a; // "traj"

/** SQL for the two keys of a lock; `schema` must be a checked name. */
const keys = (purpose: string, schema: string): string => `${READ_MODELS}, hashtext('${purpose}/${schema}')`;

/** Held by whoever brings the schema up to date. */
export const migrationLock = (schema: string): string => keys('migrate', schema);
/** Held for a session by the one projector that may run. */
export const projectorLock = (schema: string): string => keys('projector', schema);
/** Held for a transaction by whoever writes or replaces the tables of a schema. */
export const writeLock = (schema: string): string => keys('write', schema);
/** Held for a session by the one rebuild that may run. */
export const rebuildLock = (schema: string): string => keys('rebuild', schema);
