/** What a trajectory may be entitled to, asked without any of its lines: for those who state something of it. */
import { regimeOf, type Regime, type RemapFact, type StatementFact } from '#libs/trajectory';
import type { Condition, PolicyBook } from '../policy/book';
import { inForce } from '../policy/timeline';
import { statedOf } from './statements';
import { codeOn } from './validity';

/** Ids of all items under which sessions of this regime and one of these codes are decided, on whatever date. */
export function itemsOf(book: PolicyBook, regime: Regime, codes: readonly string[]): ReadonlySet<string> {
  if (regime !== 'annex') {
    const only = book.conditionOfRegime.get(regime);
    return new Set(only === undefined ? [] : [only.id]);
  }
  const items = new Set<string>();
  for (const release of book.diagnoses.all())
    for (const code of codes) {
      const open = release.open.get(code);
      for (const item of [...(open?.items ?? []), ...(open?.former?.items ?? [])]) items.add(item.id);
      const unspecified = open === undefined && release.closed(code) !== null ? closedCondition(book, regime) : null;
      if (unspecified !== null) items.add(unspecified.id);
    }
  return items;
}

/** Whether the code is known on the date, and admits the indication code for anybody, at whatever age and with whatever performance. */
export function admits(book: PolicyBook, code: string, csi: string, date: string): 'admitted' | 'not-admitted' | 'unknown-code' {
  const release = book.diagnoses.at(date);
  const open = release.open.get(code);
  if (open === undefined) {
    if (release.closed(code) === null) return 'unknown-code';
    return book.closedCodeConditions.has(csi) ? 'admitted' : 'not-admitted';
  }
  const former = open.former !== null && date <= open.former.through ? open.former.mask : 0;
  const mask = open.adultMask | open.childPhysiotherapyMask | open.childExerciseMask | former;
  return (mask & (book.indications.get(csi)?.bit ?? 0)) === 0 ? 'not-admitted' : 'admitted';
}

/** A trajectory as far as it tells its condition. */
interface Entitled {
  readonly regime: Regime;
  /** Code under which it began, and what it was remapped to since. */
  readonly diagnosis: string;
  readonly remaps: readonly RemapFact[];
  /** In effect; an item that one of them confirms beats the code's default. */
  readonly statements: readonly StatementFact[];
}

/** The condition of a session on that date under the lineage's code in force; null = none, or the code is unknown. */
export function conditionOn(
  book: PolicyBook,
  { regime, diagnosis, remaps, statements }: Entitled,
  date: string,
): Condition | null {
  if (regime !== 'annex') return book.conditionOfRegime.get(regime) ?? null;
  const code = codeOn(remaps, diagnosis, date);
  const release = book.diagnoses.at(date);
  const open = release.open.get(code);
  if (open === undefined) return release.closed(code) === null ? null : closedCondition(book, regime);
  const items = open.former !== null && date <= open.former.through ? open.former.items : open.items;
  const { confirmedItem } = statedOf(statements, '');
  return items.find((item) => item.id === confirmedItem) ?? items[0] ?? null;
}

/** What closed codes invoke under the indication codes of the regime, while an insurer accepts them. */
function closedCondition(book: PolicyBook, regime: Regime): Condition | null {
  for (const [csi, condition] of book.closedCodeConditions) if (regimeOf(csi) === regime) return condition;
  return null;
}

/** Ids of the condition's classes of severity on that date; empty = it has none. */
export function careClassesOf(book: PolicyBook, condition: Condition, date: string): readonly string[] {
  const rule = book.document.conditions.find((each) => each.id === condition.id);
  return (inForce(rule?.periods ?? [], date)?.cap?.classes ?? []).map((each) => each.id);
}
