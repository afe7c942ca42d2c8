/** Brings a stored event of a claim file to the newest version of its type. Old versions stay readable for ever. */
import type { Upcaster } from './upcast';

/** Steps by the stored type they start from. */
const UPCASTERS: ReadonlyMap<string, Upcaster> = new Map([
  // What stood booked before a file's own was not told of then.
  ['LinesProcessed.v1', (data: unknown) => ({ type: 'LinesProcessed.v2', data: { ...(data as object), standing: [] } })],
]);

/** The stored event in the newest version of its type; one of a type that is not known comes back as it is. */
export function currentClaimFileEvent(type: string, data: unknown): { readonly type: string; readonly data: unknown } {
  let event: { readonly type: string; readonly data: unknown } = { type, data };
  for (;;) {
    const upcast = UPCASTERS.get(event.type);
    if (upcast === undefined) return event;
    event = upcast(event.data);
  }
}
