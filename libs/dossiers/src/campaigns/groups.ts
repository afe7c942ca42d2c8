/** Persons that are read and decided at once: enough to share round trips, few enough to hold. */
export const GROUP = 16;

/** The elements in groups of that size, the last one smaller; no more than one group is held. */
export async function* inGroups<T>(elements: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const element of elements) {
    group.push(element);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
