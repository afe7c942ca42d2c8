/** One change of a scenario, laid on the tree of a policy. */
import { addressSteps, addressText, keyOf, treeOf, type Branch, type Node } from './tree';

export type Change =
  | { readonly kind: 'set' | 'add'; readonly address: string; readonly value: unknown }
  | { readonly kind: 'remove'; readonly address: string };

const NAMES_SHOWN = 12;

/** Changes the tree in place. Answers what is wrong and what to do, or null when it was done; then the tree may not be used. */
export function layChange(tree: Node, change: Change): string | null {
  const steps = addressSteps(change.address);
  const last = steps.at(-1) ?? '';
  let parent = tree;
  for (const [i, step] of steps.slice(0, -1).entries()) {
    const next = parent.kind === 'leaf' ? undefined : parent.entries.get(step);
    if (next === undefined) return notThere(parent, steps.slice(0, i), step);
    parent = next;
  }
  if (parent.kind === 'leaf') return `${addressText(steps.slice(0, -1))} is one value: set it as a whole`;
  switch (change.kind) {
    case 'set':
      return setAt(parent, steps, last, change.value);
    case 'add':
      return addTo(parent, steps, last, change.value);
    case 'remove':
      if (!parent.entries.delete(last)) return notThere(parent, steps.slice(0, -1), last);
      return null;
  }
}

function setAt(parent: Branch, steps: readonly string[], last: string, value: unknown): string | null {
  if (parent.kind === 'list') {
    if (!parent.entries.has(last)) return `${notThere(parent, steps.slice(0, -1), last)}; a new element is put in with add`;
    const key = keyOf(value);
    // twins of one key are told apart by a number in their address
    if (key !== null && key !== last.replace(/#\d+$/, ''))
      return `the value is that of ${key}, the address that of ${last}: make them one`;
  }
  parent.entries.set(last, treeOf(value));
  return null;
}

function addTo(parent: Branch, steps: readonly string[], last: string, value: unknown): string | null {
  let list = parent.entries.get(last);
  if (list === undefined && parent.kind !== 'object') return notThere(parent, steps.slice(0, -1), last);
  if (list?.kind === 'codes') return `a diagnosis code is opened or changed with set: ${addressText(steps)}/CODE`;
  if (list?.kind === 'leaf' || list?.kind === 'object') return 'is no list of elements: give it whole with set';
  list ??= { kind: 'list', entries: new Map() };
  const key = keyOf(value);
  if (key === null) return 'the value has neither a name nor a date to be called by';
  if (list.entries.has(key)) return `${key} is there already: change it with set, at ${addressText([...steps, key])}`;
  const entries = [...list.entries];
  // dated values stand in the order of their dates; everything else in the order of writing
  const isDate = /^\d{4}-\d\d-\d\d$/.test(key);
  const before = isDate ? entries.findIndex(([other]) => other > key) : -1;
  entries.splice(before < 0 ? entries.length : before, 0, [key, treeOf(value)]);
  parent.entries.set(last, { kind: 'list', entries: new Map(entries) });
  return null;
}

function notThere(parent: Node, steps: readonly string[], step: string): string {
  const names = parent.kind === 'leaf' ? [] : [...parent.entries.keys()];
  const where = steps.length === 0 ? 'the policy' : addressText(steps);
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  if (names.length === 0) return `there is no ${step} in ${where}, which holds nothing below it`;
  return `there is no ${step} in ${where}; it has ${shown}${names.length > NAMES_SHOWN ? `, … (${names.length})` : ''}`;
}

/** Addresses of a path of the document: one, or for a row of the diagnosis list one per code of it. */
export function addressOf(document: unknown, path: readonly PropertyKey[]): string[][] {
  let at: string[][] = [[]];
  let value = document;
  let inRows = false;
  for (const part of path) {
    const owner = value;
    value = (value as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[part];
    if (part === 'rows' && typeof owner === 'object' && owner !== null && 'release' in owner) {
      inRows = true;
      at = at.map((steps) => [...steps, 'codes']);
    } else if (inRows) {
      const { pathology, locations } = (value ?? {}) as { pathology?: unknown; locations?: unknown };
      const codes = (Array.isArray(locations) ? locations : []).map((location) => `${String(location)}${String(pathology)}`);
      if (codes.length > 0) at = at.flatMap((steps) => codes.map((code) => [...steps, code]));
      inRows = false;
    } else {
      const step = Array.isArray(owner) ? (keyOf(value) ?? `#${Number(part) + 1}`) : String(part);
      at = at.map((steps) => [...steps, step]);
    }
  }
  return at;
}
