/** Who may call the API: the issuer that is trusted, and how often may be asked. */
import { z } from 'zod';
import { isLoopback } from './loopback';

export interface SignInConfig {
  /** As the tokens name it, to the letter. */
  readonly issuer: string;
  readonly audience: string;
  /** Name of the claim that holds the roles, or JSON pointer to it. */
  readonly rolesClaim: string;
  readonly tokenType: 'at+jwt' | 'JWT';
  /** An issuer on this machine without TLS. The API is then for this machine alone. */
  readonly development: boolean;
}

/** Counted by each process for itself. */
export interface RateLimits {
  /** Look-ups of persons by one subject. */
  readonly lookUpsPerMinute: number;
  /** Requests from one address that are not signed in. */
  readonly failedSignInsPerMinute: number;
}

const perMinute = (byDefault: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
    .transform(Number)
    .default(byDefault);

export const signInVariables = {
  TRAJECT_OIDC_ISSUER: z
    .string()
    .refine(
      isIssuer,
      'must be the address of the issuer as its tokens name it, https:// without query or fragment (http:// on this machine itself: an issuer for development)',
    )
    .optional(),
  TRAJECT_OIDC_AUDIENCE: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 printable characters without spaces')
    .optional(),
  TRAJECT_OIDC_ROLES_CLAIM: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, 'must be the name of a claim, or a JSON pointer such as /realm_access/roles')
    .default('roles'),
  TRAJECT_OIDC_TOKEN_TYPE: z.enum(['at+jwt', 'JWT'], { error: 'must be at+jwt or JWT' }).default('at+jwt'),
  TRAJECT_LOOKUPS_PER_MINUTE: perMinute(60),
  TRAJECT_FAILED_SIGN_INS_PER_MINUTE: perMinute(60),
};

type SignInVariables = z.infer<z.ZodObject<typeof signInVariables>>;

interface Fault {
  readonly variable: string;
  readonly fault: string;
}

/** Faults of variables that are well-formed one by one. */
export function signInFaults(given: Readonly<Record<string, string | undefined>>): Fault[] {
  const { TRAJECT_OIDC_ISSUER: issuer, TRAJECT_OIDC_AUDIENCE: audience, TRAJECT_HOST: host } = given;
  const faults: Fault[] = [];
  if (issuer !== undefined && audience === undefined)
    faults.push({ variable: 'TRAJECT_OIDC_AUDIENCE', fault: 'is missing: the name of this API at TRAJECT_OIDC_ISSUER' });
  if (issuer === undefined && audience !== undefined)
    faults.push({ variable: 'TRAJECT_OIDC_ISSUER', fault: 'is missing: TRAJECT_OIDC_AUDIENCE names this API at an issuer' });
  if (host !== undefined && !isLoopback(host) && (issuer === undefined || isDevelopment(issuer)))
    faults.push({
      variable: 'TRAJECT_HOST',
      fault:
        'must be an address of this machine itself (127.0.0.1, ::1 or localhost) as long as TRAJECT_OIDC_ISSUER names no issuer with https://',
    });
  return faults;
}

/** Null without an issuer: then the API does not start. */
export function signInOf(read: SignInVariables): SignInConfig | null {
  const { TRAJECT_OIDC_ISSUER: issuer, TRAJECT_OIDC_AUDIENCE: audience } = read;
  if (issuer === undefined || audience === undefined) return null;
  return {
    issuer,
    audience,
    rolesClaim: read.TRAJECT_OIDC_ROLES_CLAIM,
    tokenType: read.TRAJECT_OIDC_TOKEN_TYPE,
    development: isDevelopment(issuer),
  };
}

export const rateLimitsOf = (read: SignInVariables): RateLimits => ({
  lookUpsPerMinute: read.TRAJECT_LOOKUPS_PER_MINUTE,
  failedSignInsPerMinute: read.TRAJECT_FAILED_SIGN_INS_PER_MINUTE,
});

const isDevelopment = (issuer: string): boolean => issuer.startsWith('http:');

function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[?#\s]/.test(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  if (username !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1')));
}
