export { ageOn, deductibleAgeOn } from './ages';
export {
  DOCUMENT_EXTENSIONS,
  DOCUMENT_LIMIT_BYTES,
  DOCUMENT_TYPES,
  documentTypeOf,
  isDocumentType,
  type DocumentFaultCode,
  type DocumentType,
} from './documents/document-type';
export { IdentityVaultError } from './errors';
export { loadKeyEncryptionKey, type KeyEncryptionKey, type KeySource } from './key-encryption-key';
export { VaultAnswer, type Identity, type PersonToRegister, type RelationNumber, type ResolvedPerson } from './vault/person';
export { NOTE_LIMIT_CHARACTERS, type DocumentReceipt, type DocumentToSeal, type SealedDocument } from './vault/sealed-objects';
export { installIdentityVault } from './vault/schema';
export { openIdentityVault, type IdentityVault } from './vault/vault';
