/** Turns what a schema finds into faults, without repeating what was sent. */
import type { Fault, FaultPlace } from './problem';
import { pointerOf } from './pointer';

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

/** What zod adds to the standard's issue. */
interface ZodIssue extends SchemaIssue {
  readonly code?: string;
  readonly keys?: readonly string[];
  readonly errors?: readonly (readonly ZodIssue[])[];
}

/** Words of a zod issue code for programs. */
const CODES: Readonly<Record<string, string>> = {
  invalid_type: 'type-invalid',
  unrecognized_keys: 'field-unknown',
  too_big: 'too-large',
  too_small: 'too-small',
  invalid_format: 'format-invalid',
  invalid_value: 'value-unknown',
  invalid_union: 'shape-unknown',
  invalid_key: 'key-invalid',
};

/** All faults of one part of a request; `value` is that part, to tell what is missing from what is of another type. */
export function faultsOf(place: FaultPlace, issues: readonly SchemaIssue[], value: unknown): Fault[] {
  return (issues as readonly ZodIssue[]).flatMap((issue) => {
    const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
    const code = CODES[issue.code ?? ''] ?? 'invalid';
    if (issue.code === 'unrecognized_keys')
      return (issue.keys ?? []).map((key) => ({
        code,
        in: place,
        pointer: pointerOf([...path, key]),
        problem: 'There is no such field; leave it out.',
      }));
    if (issue.code === 'invalid_type' && at(value, path) === undefined) {
      const isOwnText = !issue.message.startsWith('Invalid input');
      return [
        {
          code: 'missing',
          in: place,
          pointer: pointerOf(path),
          problem: isOwnText ? sentence(issue.message) : 'This is needed.',
        },
      ];
    }
    return [{ code, in: place, pointer: pointerOf(path), problem: sentence(issue.message) }];
  });
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((node, part) => (node as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[part], value);

const sentence = (message: string): string => {
  const text = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
  return /[.!?]$/.test(text) ? text : `${text}.`;
};
