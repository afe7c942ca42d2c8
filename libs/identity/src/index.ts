export { ageOn, deductibleAgeOn } from './ages';
export { IdentityVaultError } from './errors';
export { loadKeyEncryptionKey, type KeyEncryptionKey, type KeySource } from './key-encryption-key';
export { VaultAnswer, type Identity, type PersonToRegister, type RelationNumber, type ResolvedPerson } from './vault/person';
export { installIdentityVault } from './vault/schema';
export { openIdentityVault, type IdentityVault } from './vault/vault';
