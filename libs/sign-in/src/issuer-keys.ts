/** The issuer's public keys: found by OpenID Connect discovery, kept, and fetched anew when a token names one that is not known. */
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, type RemoteJWKSet } from 'jose';
import { z } from 'zod';
import { IssuerUnavailableError } from './errors';

/** Longest wait for the issuer. */
const TIMEOUT_MS = 5_000;
/** Keys are fetched anew when they are older than this: a key that the issuer has withdrawn lets nobody in for longer. */
const KEPT_MS = 600_000;
/** After a failure the issuer is left alone for so long: requests meanwhile fail at once. */
const PAUSE_MS = 1_000;
const DISCOVERY_PATH = '/.well-known/openid-configuration';

const metadata = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

export class IssuerKeys {
  #keys: Promise<RemoteJWKSet> | null = null;
  #failedAt: number | null = null;

  /** `againAfterMs`: a key that is not known is asked for again only so long after the last fetch, whatever tokens are shown. */
  constructor(
    private readonly issuer: string,
    private readonly againAfterMs: number,
  ) {}

  /** The key that the token names. Throws IssuerUnavailableError, or the errors of jose for a key that the issuer does not have. */
  readonly keyOf: JWTVerifyGetKey = async (header, token) => {
    const keys = await (this.#keys ??= this.discover());
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      // the keys may have moved: the next request asks where they are. Those that are still fresh go on letting in
      if (!keys.fresh) this.#keys = null;
      throw error instanceof IssuerUnavailableError
        ? error
        : new IssuerUnavailableError('its keys cannot be read', { cause: error });
    }
  };

  private async discover(): Promise<RemoteJWKSet> {
    try {
      const response = await this.fetch(`${this.issuer.replace(/\/$/, '')}${DISCOVERY_PATH}`, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: { accept: 'application/json' },
      });
      if (response.status !== 200) throw new IssuerUnavailableError(`discovery was answered with ${response.status}`);
      const found = metadata.safeParse(await response.json());
      if (!found.success) throw new IssuerUnavailableError('discovery was not answered with metadata of an issuer');
      if (found.data.issuer !== this.issuer)
        throw new IssuerUnavailableError('its metadata names another issuer than the configured one; compare them to the letter');
      const url = new URL(found.data.jwks_uri);
      if (url.protocol === 'http:' && new URL(this.issuer).protocol !== 'http:')
        throw new IssuerUnavailableError('its metadata has the keys at an address without TLS');
      return createRemoteJWKSet(url, {
        cacheMaxAge: KEPT_MS,
        cooldownDuration: this.againAfterMs,
        timeoutDuration: TIMEOUT_MS,
        [customFetch]: (href, options) => this.fetch(href, options),
      });
    } catch (error) {
      this.#keys = null;
      throw error instanceof IssuerUnavailableError ? error : new IssuerUnavailableError('it does not answer', { cause: error });
    }
  }

  private async fetch(url: string, options: RequestInit): Promise<Response> {
    if (this.#failedAt !== null && performance.now() - this.#failedAt < PAUSE_MS)
      throw new IssuerUnavailableError('it did not answer a moment ago');
    try {
      const response = await fetch(url, options);
      this.#failedAt = response.ok ? null : performance.now();
      return response;
    } catch (error) {
      this.#failedAt = performance.now();
      throw error;
    }
  }
}
