/** Compose's substitution of variables: `${NAME}`, `${NAME:-default}` and `${NAME:?message}`. */
const VARIABLE = /\$\{([A-Z][A-Z0-9_]*)(?::([-?])([^}]*))?\}/g;

export interface VariableUse {
  readonly name: string;
  /** `-`: has a default; `?`: refused without; absent: empty without. */
  readonly kind: '-' | '?' | undefined;
  /** The default or the message. */
  readonly rest: string;
}

/** Every use of a variable in the text, comments left out. */
export function variableUses(text: string): VariableUse[] {
  return [...text.replace(/^\s*#.*$/gm, '').matchAll(VARIABLE)].map(([, name = '', kind, rest = '']) => ({
    name,
    kind: kind as VariableUse['kind'],
    rest,
  }));
}

/** The text with every variable in place. Throws with the message of one that is missing. */
export function substitute(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(VARIABLE, (_, name: string, kind: string | undefined, rest: string | undefined) => {
    const value = values[name] ?? '';
    if (value !== '') return value;
    if (kind === '?') throw new Error(`${name}: ${rest ?? ''}`);
    return kind === '-' ? (rest ?? '') : '';
  });
}

/** Substitutes in every string of a parsed file, as Compose does: a value never changes the form of the file. */
export function substituteAll<T>(value: T, values: Readonly<Record<string, string>>): T {
  const walk = (each: unknown): unknown => {
    if (typeof each === 'string') return substitute(each, values);
    if (Array.isArray(each)) return each.map(walk);
    if (each === null || typeof each !== 'object') return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value) as T;
}
