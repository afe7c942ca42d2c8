/** What differs between two policies, by address, with the dates between which it holds. */
import type { PolicyDocument } from '#libs/coverage';
import { addressText, heldBy, treeOf, valueOf, type Branch, type Held, type Node } from './tree';

export interface PolicyDifference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** As in `tree.ts`: `conditions/1.b.7/periods/2006-01-01/term/months`. */
  readonly address: string;
  /** English names of the conditions, codes and packages on the way, where they have one that the address does not tell. */
  readonly name: string | null;
  /** Value in the first policy; left out when added. */
  readonly from?: unknown;
  /** Value in the second policy; left out when removed. */
  readonly to?: unknown;
  /** Dates of the dated value that it belongs to, as in the second policy where it has one; null = it has no dates. */
  readonly valid: Held | null;
}

/**
 * Every difference, in the order of the second policy. An element that only one of them has is one difference, with all it holds.
 * That one of them is a scenario is no difference: only what it says counts.
 */
export function diffPolicies(a: PolicyDocument, b: PolicyDocument): PolicyDifference[] {
  const [{ scenario: _a, ...left }, { scenario: _b, ...right }] = [a, b];
  const differences: PolicyDifference[] = [];
  walk(treeOf(left), treeOf(right), [], { valid: null, name: null }, differences);
  return differences;
}

interface Surroundings {
  readonly valid: Held | null;
  readonly name: string | null;
}

function walk(
  a: Node | undefined,
  b: Node | undefined,
  steps: readonly string[],
  around: Surroundings,
  found: PolicyDifference[],
): void {
  const here = b ?? a;
  if (here === undefined) return;
  const inside: Surroundings = { valid: heldBy(here) ?? around.valid, name: nameOf(here) ?? around.name };
  const at = { address: addressText(steps), name: inside.name, valid: inside.valid };
  if (a === undefined) {
    found.push({ kind: 'added', ...at, to: shown(b) });
  } else if (b === undefined) {
    found.push({ kind: 'removed', ...at, from: shown(a) });
  } else if (a.kind === 'leaf' || b.kind === 'leaf' || a.kind !== b.kind) {
    const [from, to] = [shown(a), shown(b)];
    if (JSON.stringify(from) !== JSON.stringify(to)) found.push({ kind: 'changed', ...at, from, to });
  } else {
    for (const key of keysInOrder(a, b)) walk(a.entries.get(key), b.entries.get(key), [...steps, key], inside, found);
  }
}

/** Those of the second, each removed one where it stood. */
function keysInOrder(a: Branch, b: Branch): string[] {
  const keys = [...b.entries.keys()];
  let after = -1;
  for (const key of a.entries.keys()) {
    const at = keys.indexOf(key);
    if (at >= 0) after = at;
    else keys.splice(++after, 0, key);
  }
  return keys;
}

/** Values as the files hold them; a whole list of codes would be thousands of lines, so its number stands for it. */
function shown(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'codes') return `${node.entries.size} open codes`;
  if (node.kind === 'object' && node.entries.has('codes') && node.entries.has('release')) {
    const { release, from, source } = Object.fromEntries(
      [...node.entries].map(([key, each]) => [key, each.kind === 'leaf' ? each.value : null]),
    );
    return { release, from, source, codes: shown(node.entries.get('codes')) };
  }
  return valueOf(node);
}

function nameOf(node: Node): string | null {
  if (node.kind !== 'object') return null;
  const name = node.entries.get('name');
  if (name?.kind === 'leaf') return typeof name.value === 'string' ? name.value : null;
  const english = name?.entries.get('en');
  return english?.kind === 'leaf' && typeof english.value === 'string' ? english.value : null;
}
