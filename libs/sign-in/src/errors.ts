/** Why a token lets nobody in; a code for programs and logs, never a value out of the token. */
export type TokenFault =
  'malformed' | 'algorithm' | 'expired' | 'not-yet-valid' | 'issuer' | 'audience' | 'type' | 'claims' | 'signature';

/** The token is not one that the issuer made for this API, or no longer valid. */
export class TokenRefusedError extends Error {
  override readonly name = 'TokenRefusedError';
  constructor(
    readonly fault: TokenFault,
    /** For the caller: what is wrong and what to do. ASCII, without quotes: it stands in a header. */
    readonly advice: string,
  ) {
    super(`the access token was refused: ${fault}`);
  }
}

/** Whether the token is good cannot be found out now: the issuer does not answer, or not as an issuer does. */
export class IssuerUnavailableError extends Error {
  override readonly name = 'IssuerUnavailableError';
  constructor(what: string, options?: ErrorOptions) {
    super(`the issuer of access tokens: ${what}`, options);
  }
}
