/** Vektis claim messages: PM304 3.2 (claim) and PM305 3.2 (return), read and written byte-exact. Pure: bytes in, values out. */
export * from './layouts';
export * from './problems';
export * from './claim-file-error';
export * from './bsn';
export * from './records/records';
export { ClaimFieldError } from './records/format-record';
export { checkPm304, readPm304, type Pm304Summary, type ReadPm304Options } from './pm304/read';
export { PM304_LAST_DATE } from './pm304/parse-performance';
export { formatPm304, writePm304, type Pm304HeaderInput, type Pm304InsuredInput, type Pm304LineInput } from './pm304/write';
export { Pm305Writer, type ReturnCodes, type ReturnHeaderInput, type ReturnLineInput } from './pm305/write';
export { readPm305, type Pm305Record } from './pm305/read';
export { checkAgainstReceipt } from './receipt';
