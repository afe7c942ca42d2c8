import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { outcomeOf, type LineEffect, type Settlement } from '#libs/settlement';

const byLine = (a: { readonly line: string }, b: { readonly line: string }): number =>
  a.line < b.line ? -1 : a.line > b.line ? 1 : 0;

/**
 * SHA-256, hex, over what a command would change: the outcome of every line that changes, the entries, and the policy that decided. Canonical
 * (RFC 8785) and sorted by line; no revisions, times, ids of trajectories or order of arrival, so that two looks at the same effects agree.
 */
export function effectsDigest(policyDigest: string, moved: readonly LineEffect[], settlement: Settlement): string {
  const content = {
    policy: policyDigest,
    lines: [...moved].sort(byLine).map(({ line, after }) => [line, after === null ? null : outcomeOf(after)]),
    entries: [...settlement.entries].sort(byLine),
  };
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
}

/** Of a command that is about two persons: over what it does to each, in the order in which it does it. */
export const digestOfBoth = (first: string, second: string): string =>
  createHash('sha256').update(`${first} ${second}`).digest('hex');
