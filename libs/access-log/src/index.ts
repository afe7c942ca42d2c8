/** Who looked at, and who changed, a person's data: a chain of rows that nobody can alter unseen. */
export {
  ACCESS_ACTIONS,
  ACCESS_OUTCOMES,
  AccessEntryError,
  isPurpose,
  type AccessAction,
  type AccessEntry,
  type AccessOutcome,
} from './entry';
export { HeadsFileError, noteHead, notedHeads, type AccessHead } from './head';
export { AccessLog, AccessLogUnavailableError, openAccessLog, type AccessLogOptions, type AccessRecorder } from './log';
export { accessesOf, type AccessPage, type AccessPageRequest, type NumberedAccess } from './of-person';
export { verifyAccessLog, type BrokenChain, type BrokenKind, type ChainReport } from './verify';
export { AccessWriter, processAccessor, sourceOf, type Access, type Accessor, type EntryIds } from './writer';
