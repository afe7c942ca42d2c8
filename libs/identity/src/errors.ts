import type { DocumentFaultCode } from './documents/document-type';

/** A fault of the vault or its key. Never holds identity: people are named by person id or by their place in the batch. */
export class IdentityVaultError extends Error {
  override readonly name = 'IdentityVaultError';
  constructor(
    readonly code:
      | 'key-unusable'
      | 'wrong-key'
      | 'not-installed'
      | 'damaged'
      | 'bad-input'
      | 'relation-number-taken'
      | 'person-unknown'
      | DocumentFaultCode,
    message: string,
    /** Place in the batch (from 0) of the person that it is about. */
    readonly index?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
