/** What a caller may be; which of them may call what stands in docs/access.md. */
export const ROLES = ['ingest', 'reader', 'corrector', 'approver', 'policy', 'auditor', 'operator'] as const;

export type Role = (typeof ROLES)[number];

/**
 * The roles among the token's claims, in the order of ROLES. `claim` is the name of a claim, or a JSON pointer (RFC 6901) to what
 * lies deeper, e.g. `/realm_access/roles`. Its value is a list, or a text with spaces between. What is no role of ours is passed over.
 */
export function rolesIn(claims: Readonly<Record<string, unknown>>, claim: string): readonly Role[] {
  const value = claim.startsWith('/') ? valueAt(claims, claim) : own(claims, claim);
  const given: readonly unknown[] = typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return ROLES.filter((role) => given.includes(role));
}

const valueAt = (claims: unknown, pointer: string): unknown => pointer.slice(1).split('/').reduce(own, claims);

function own(value: unknown, name: string): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}
