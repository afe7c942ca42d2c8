/** What one insurer tells the next of a treatment: issued, signed, checked, and taken in without typing. */
export { HistoryStatementDesk, type IssuedStatement, type StatementImport, type StatementToImport } from './desk';
export { publicKeySet, type PublicKeySet } from './signing-key';
export { TrustedInsurersError } from './trusted-insurers';
