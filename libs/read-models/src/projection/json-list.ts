/** Lists that a row holds as JSON text. */
import { isSameRemap, lineKey, type HistoryImported, type RemapFact } from '#libs/trajectory';
import type { HistoryEntry, OverrideEntry, StatementEntry } from '../entities';

/** JSON text of a list with one more element. */
export const appendTo = (list: string, element: unknown): string =>
  list === '[]' ? `[${JSON.stringify(element)}]` : JSON.stringify([...(JSON.parse(list) as unknown[]), element]);

/** The imports with one more, which ends the one that it supersedes. */
export function withImport(histories: string, given: HistoryImported['data']): string {
  const before = given.supersedes === undefined ? histories : ended(histories, given.supersedes, 'superseded');
  return appendTo(before, { ...given, endedBy: null });
}

/** The imports with one of them changed. */
const changed = (histories: string, importId: string, change: Partial<HistoryEntry>): string =>
  JSON.stringify(
    (JSON.parse(histories) as HistoryEntry[]).map((each) =>
      each.importId === (importId as never) ? { ...each, ...change } : each,
    ),
  );

/** The imports with one of them ended. */
export const ended = (histories: string, importId: string, endedBy: 'superseded' | 'retracted'): string =>
  changed(histories, importId, { endedBy });

/** The imports with one of them verified. */
export const verified = (histories: string, importId: string): string => changed(histories, importId, { status: 'verified' });

/** The statements with one of them retracted. */
export const retracted = (statements: string, statementId: string): string =>
  JSON.stringify(
    (JSON.parse(statements) as StatementEntry[]).map((each) =>
      each.data.statementId === (statementId as never) ? { ...each, retracted: true } : each,
    ),
  );

/** The overrides without those of a line; of one alone where its id is given. */
export const withoutOverride = (overrides: string, line: string, overrideId?: string): string =>
  overrides === '[]'
    ? overrides
    : JSON.stringify(
        (JSON.parse(overrides) as OverrideEntry[]).filter(
          (each) =>
            lineKey(each.practice, each.reference) !== line ||
            (overrideId !== undefined && each.overrideId !== (overrideId as never)),
        ),
      );

/** The remaps without the latest one of these codes and day. */
export function withoutRemap(remaps: string, taken: Omit<RemapFact, 'reason'>): string {
  const all = JSON.parse(remaps) as RemapFact[];
  const at = all.findLastIndex((each) => isSameRemap(each, taken));
  return JSON.stringify(all.filter((_, i) => i !== at));
}

/** The code that the remap recorded last leads to; null = there is none. */
export const codeAfter = (remaps: string): string | null => (JSON.parse(remaps) as RemapFact[]).at(-1)?.to ?? null;
