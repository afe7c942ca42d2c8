/** Access tokens as RFC 9068 has them: JSON Web Tokens that the issuer signed for this API. */
import { errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { TokenRefusedError } from './errors';
import { IssuerKeys } from './issuer-keys';
import { rolesIn, type Role } from './roles';

export interface AccessTokenSettings {
  /** As the tokens name it, to the letter. */
  readonly issuer: string;
  /** The name of this API at the issuer. */
  readonly audience: string;
  /** Name of the claim that holds the roles, or JSON pointer to it. */
  readonly rolesClaim: string;
  /** Type in the header: `at+jwt` (RFC 9068), or `JWT` for issuers that know no other. */
  readonly tokenType: 'at+jwt' | 'JWT';
}

/** Whom the issuer vouches for. */
export interface SignedIn {
  readonly subject: string;
  readonly roles: readonly Role[];
}

/** Asymmetric ones alone: with a shared secret, or none at all, whoever checks a token could make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** Clocks differ by a little. */
const LEEWAY_SECONDS = 30;
/** Longest token that is looked at, in characters. */
const MAX_LENGTH = 8_192;
/** Three parts in base64url; the signature of an unsigned token is empty, which is refused by its algorithm. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** Least pause between two fetches of the keys for the sake of a key that is not known. */
const KEYS_AGAIN_AFTER_MS = 10_000;

export class AccessTokens {
  readonly #keys: IssuerKeys;
  readonly #options: JWTVerifyOptions;

  /** Asks the issuer nothing before the first token comes. */
  constructor(
    private readonly settings: AccessTokenSettings,
    keysAgainAfterMs = KEYS_AGAIN_AFTER_MS,
  ) {
    this.#keys = new IssuerKeys(settings.issuer, keysAgainAfterMs);
    this.#options = {
      issuer: settings.issuer,
      audience: settings.audience,
      typ: settings.tokenType,
      algorithms: ALGORITHMS,
      clockTolerance: LEEWAY_SECONDS,
      requiredClaims: ['sub', 'iat', 'exp'],
    };
  }

  /**
   * Who shows the token. Throws TokenRefusedError when it is not a good one, IssuerUnavailableError when that cannot be known.
   */
  async verify(token: string): Promise<SignedIn> {
    if (token.length > MAX_LENGTH || !COMPACT.test(token)) throw refusals.malformed();
    const claims = await this.claimsOf(token);
    if (typeof claims.sub !== 'string' || claims.sub === '') throw refusals.claims();
    return { subject: claims.sub, roles: rolesIn(claims, this.settings.rolesClaim) };
  }

  private async claimsOf(token: string): Promise<JWTPayload> {
    try {
      return (await jwtVerify(token, this.#keys.keyOf, this.#options)).payload;
    } catch (error) {
      if (error instanceof errors.JWKSMultipleMatchingKeys) return this.claimsByAnyOf(token, error);
      throw refusalFor(error);
    }
  }

  /** A token that names no key where the issuer has several: any of them may have signed it. */
  private async claimsByAnyOf(token: string, keys: errors.JWKSMultipleMatchingKeys): Promise<JWTPayload> {
    for await (const key of keys) {
      try {
        return (await jwtVerify(token, key, this.#options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw refusalFor(error);
      }
    }
    throw refusals.signature();
  }
}

const refusals = {
  malformed: () => new TokenRefusedError('malformed', 'The access token is not a signed JSON Web Token.'),
  algorithm: () =>
    new TokenRefusedError(
      'algorithm',
      'The access token is not signed by an algorithm with a public key, such as RS256 or ES256.',
    ),
  expired: () => new TokenRefusedError('expired', 'The access token has expired; get a new one from the issuer.'),
  'not-yet-valid': () => new TokenRefusedError('not-yet-valid', 'The access token is not valid yet; compare the clocks.'),
  issuer: () => new TokenRefusedError('issuer', 'The access token is of another issuer.'),
  audience: () =>
    new TokenRefusedError('audience', 'The access token was made for another audience; ask the issuer for one for this API.'),
  type: () =>
    new TokenRefusedError('type', 'This is not an access token: its type is another; an ID token signs nobody in here.'),
  claims: () =>
    new TokenRefusedError('claims', 'The access token lacks a claim, or one has a wrong form; sub, iat and exp are needed.'),
  signature: () => new TokenRefusedError('signature', 'The access token was not signed by a key of the issuer.'),
};

const BY_CLAIM: Readonly<Record<string, () => TokenRefusedError>> = {
  iss: refusals.issuer,
  aud: refusals.audience,
  typ: refusals.type,
  nbf: refusals['not-yet-valid'],
};

/** The refusal that an error of jose stands for; any other error as it is. */
function refusalFor(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return refusals.expired();
  if (error instanceof errors.JWTClaimValidationFailed) return (BY_CLAIM[error.claim] ?? refusals.claims)();
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return refusals.algorithm();
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed)
    return refusals.signature();
  if (error instanceof errors.JOSEError) return refusals.malformed();
  return error;
}
