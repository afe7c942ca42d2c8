/** Whose data a correction is about, for the access log: before its form is checked as well. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @returns the ids of persons that the input names beside the one it is given for; what is no id is nobody's and is not repeated */
export function personsNamedIn(input: unknown): readonly string[] {
  if (typeof input !== 'object' || input === null) return [];
  const { toPerson } = input as { toPerson?: unknown };
  const id = typeof toPerson === 'string' ? toPerson.toLowerCase() : '';
  return UUID.test(id) ? [id] : [];
}

/** @returns whom a correction is about: the person it is given for, and those that its input names */
export const personsOf = ({ personId, input }: { readonly personId: string; readonly input?: unknown }): readonly string[] => [
  personId,
  ...personsNamedIn(input),
];
