/** Sign-in for tests: a real issuer on loopback, and tokens of it. */
import { startDevelopmentIssuer, type DevelopmentIssuer } from '#libs/development-issuer';
import type { RateLimits, SignInConfig } from '#libs/platform';
import { ROLES, type Role } from '#libs/sign-in';
import type { ApiAccess } from '../server';

/** Who asks in a test that does not say who. */
export const TEST_SUBJECT = 'somebody-of-the-tests';

/** No limit that a test comes near. */
export const UNLIMITED: RateLimits = { lookUpsPerMinute: 1_000_000, failedSignInsPerMinute: 1_000_000 };

export interface Caller {
  readonly subject?: string;
  /** Default: all. */
  readonly roles?: readonly Role[];
}

export class TestSignIn {
  readonly #tokens = new Map<string, Promise<string>>();

  private constructor(readonly issuer: DevelopmentIssuer) {}

  static async start(): Promise<TestSignIn> {
    return new TestSignIn(await startDevelopmentIssuer());
  }

  get config(): SignInConfig {
    const { issuer, audience } = this.issuer;
    return { issuer, audience, rolesClaim: 'roles', tokenType: 'at+jwt', development: true };
  }

  access(limits: Partial<RateLimits> = {}): ApiAccess {
    return { signIn: this.config, limits: { ...UNLIMITED, ...limits } };
  }

  /** The header of a request by this caller; the same token for the same caller. */
  async bearer({ subject = TEST_SUBJECT, roles = ROLES }: Caller = {}): Promise<{ readonly authorization: string }> {
    const wanted = `${subject} ${roles.join(' ')}`;
    const token = this.#tokens.get(wanted) ?? this.issuer.sign({ subject, roles });
    this.#tokens.set(wanted, token);
    return { authorization: `Bearer ${await token}` };
  }

  stop(): Promise<void> {
    return this.issuer.stop();
  }
}
