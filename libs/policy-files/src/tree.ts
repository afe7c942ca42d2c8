/**
 * A policy document as a tree in which every element of a list is found by what it is called, never by its place: conditions by
 * id, dated values by the day they begin, diagnosis codes by code. An address is the way through it, with `/` between the steps:
 * `conditions/1.b.7/periods/2006-01-01/term/months`, `insurers/3343/packages/Startfit/periods/2018-01-01/limit`,
 * `diagnoses/4.7/codes/4021/items`. A step that holds `/` or `%` itself writes them `%2F` and `%25`.
 */
import type { DiagnosisRow } from '#libs/coverage';
import { foldCodes, unfoldRows, type CodeEntry } from './diagnosis-codes';

export type Value = string | number | boolean | null | undefined;
/** A value, or a list of plain values (codes, ids), which is one value. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly value: Value | readonly Value[];
}
/** `object`: named fields. `list`: elements by their key. `codes`: diagnosis codes, kept as rows in the document. */
export interface Branch {
  readonly kind: 'object' | 'list' | 'codes';
  readonly entries: Map<string, Node>;
}
export type Node = Leaf | Branch;

/** Fields that name an element, the first that is there wins. */
const NAMING = ['id', 'code', 'list', 'release', 'insurer', 'condition', 'codes', 'diagnoses', 'pathology', 'name'] as const;
/** Elements that are named alike and differ by their dates. */
const NAMED_WITH_DATE: readonly string[] = ['condition', 'diagnoses'];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How an element of a list is called; null for one that has neither a name nor a date. */
export function keyOf(element: unknown): string | null {
  if (!isObject(element)) return null;
  const { from, startedFrom } = element;
  const date = typeof from === 'string' ? from : null;
  const field = NAMING.find((each) => typeof element[each] === 'string' || Array.isArray(element[each]));
  if (field !== undefined) {
    const name = element[field];
    const text = Array.isArray(name) ? (field === 'diagnoses' ? name.join('+') : String(name[0])) : String(name);
    const isDated = NAMED_WITH_DATE.includes(field) || 'accepted' in element;
    return isDated && date !== null ? `${text}@${date}` : text;
  }
  if (date !== null) return date;
  // the rows of the general threshold: the first holds since ever
  if ('startedThrough' in element || 'startedFrom' in element) return typeof startedFrom === 'string' ? startedFrom : 'ever';
  return null;
}

/** The tree of a document or of a part of it. Elements without a name are called `#1`, `#2`; a name that comes again is `name#2`. */
export function treeOf(value: unknown): Node {
  if (Array.isArray(value)) {
    if (value.length > 0 && !value.some(isObject)) return { kind: 'leaf', value: value as Value[] };
    const entries = new Map<string, Node>();
    value.forEach((each: unknown, i) => {
      const key = keyOf(each) ?? `#${i + 1}`;
      let unique = key;
      for (let n = 2; entries.has(unique); n++) unique = `${key}#${n}`;
      entries.set(unique, treeOf(each));
    });
    return { kind: 'list', entries };
  }
  if (!isObject(value)) return { kind: 'leaf', value: value as Value };
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return {
    kind: 'object',
    entries: new Map(
      fields.map(([key, each]): [string, Node] => (isDiagnosisRows(value, key) ? ['codes', codesOf(each)] : [key, treeOf(each)])),
    ),
  };
}

/** Only rows that have the shape of rows: what a scenario gives may be anything. */
const isDiagnosisRows = (owner: Readonly<Record<string, unknown>>, key: string): boolean =>
  key === 'rows' &&
  'release' in owner &&
  Array.isArray(owner.rows) &&
  owner.rows.every((row) => isObject(row) && typeof row.pathology === 'string' && Array.isArray(row.locations));

const codesOf = (rows: unknown): Branch => ({
  kind: 'codes',
  entries: new Map([...unfoldRows(rows as DiagnosisRow[])].map(([code, entry]) => [code, treeOf(entry)])),
});

/** The document, or its part, back from its tree. */
export function valueOf(node: Node): unknown {
  if (node.kind === 'leaf') return node.value;
  if (node.kind === 'list') return [...node.entries.values()].map(valueOf);
  if (node.kind === 'codes') return new Map([...node.entries].map(([code, each]) => [code, valueOf(each) as CodeEntry]));
  return Object.fromEntries(
    [...node.entries].map(([key, each]): [string, unknown] =>
      each.kind === 'codes' ? ['rows', foldCodes(valueOf(each) as Map<string, CodeEntry>)] : [key, valueOf(each)],
    ),
  );
}

export const addressText = (steps: readonly string[]): string =>
  steps.map((step) => step.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/');

/** The steps of an address; an empty list when it is none. */
export function addressSteps(text: string): string[] {
  const steps = text.split('/').map((step) => step.replaceAll('%2F', '/').replaceAll('%25', '%'));
  return steps.every((step) => step !== '') ? steps : [];
}

/** Dates between which a value holds; empty texts where there are none. */
export interface Held {
  readonly from: string | null;
  readonly through: string | null;
}

/** The dates of a branch that carries its own, otherwise null. */
export function heldBy(node: Node): Held | null {
  if (node.kind !== 'object') return null;
  const text = (...names: string[]): string | null => {
    for (const name of names) {
      const leaf = node.entries.get(name);
      if (leaf?.kind === 'leaf' && typeof leaf.value === 'string') return leaf.value;
    }
    return null;
  };
  const from = text('from', 'startedFrom');
  const through = text('through', 'startedThrough');
  return from === null && through === null ? null : { from, through };
}
