/** What the rows of a mapping say of each other and of the policy: checked whole, before anybody is looked at. */
import { itemsOf, type PolicyBook } from '#libs/coverage';
import type { IsoDate } from '#libs/trajectory';
import type { MappingProblem } from './mapping-file';
import type { MappingRow } from './shape';

/** @param today `YYYY-MM-DD`: a code that has been closed since its day leads nowhere */
export function checkMapping(rows: readonly MappingRow[], book: PolicyBook, today: IsoDate): MappingProblem[] {
  const problems = [...againstPolicy(rows, book, today), ...againstEachOther(rows), ...cycles(rows)];
  return problems.sort((a, b) => a.line - b.line);
}

type CodeState = 'open' | 'closed' | 'unknown';

function codeState(book: PolicyBook, code: string, date: IsoDate): CodeState {
  const release = book.diagnoses.at(date);
  if (release.open.has(code)) return 'open';
  return release.closed(code) === null ? 'unknown' : 'closed';
}

function againstPolicy(rows: readonly MappingRow[], book: PolicyBook, today: IsoDate): MappingProblem[] {
  return rows.flatMap(({ line, from, to, effectiveDate, item }): MappingProblem[] => {
    const found: MappingProblem[] = [];
    if (codeState(book, from, effectiveDate) === 'unknown')
      found.push({ line, column: 'old_code', problem: `${from} is in no code list of policy ${book.version}; correct the code` });
    const states = [effectiveDate, today].map((date) => codeState(book, to, date));
    if (states.includes('unknown'))
      found.push({ line, column: 'new_code', problem: `${to} is in no code list of policy ${book.version}; correct the code` });
    else if (states.includes('closed'))
      found.push({
        line,
        column: 'new_code',
        problem: `${to} is closed ${states[0] === 'closed' ? `on ${effectiveDate}` : 'since'}: lines under it are refused; give an open code`,
      });
    const items = itemsOf(book, 'annex', [from]);
    if (item !== null && !items.has(item))
      found.push({
        line,
        column: 'item',
        problem: `no trajectory under ${from} is counted under ${item}; its items are ${[...items].join(', ') || 'none'}`,
      });
    return found;
  });
}

/** Rows of one code must exclude each other: a condition that both have, and not the same. */
function againstEachOther(rows: readonly MappingRow[]): MappingProblem[] {
  const byCode = new Map<string, MappingRow[]>();
  const problems: MappingProblem[] = [];
  for (const row of rows) {
    const earlier = byCode.get(row.from) ?? [];
    const other = earlier.find((each) => !isToldApart(each, row));
    if (other !== undefined)
      problems.push({
        line: row.line,
        column: 'old_code',
        problem: isTheSame(row, other)
          ? `says what line ${other.line} says; leave one of them out`
          : `${row.from} goes to ${other.to} by line ${other.line} already, and nothing tells the two apart; give both another item or practice`,
      });
    byCode.set(row.from, [...earlier, row]);
  }
  return problems;
}

const differ = (one: string | null, other: string | null): boolean => one !== null && other !== null && one !== other;
const isToldApart = (a: MappingRow, b: MappingRow): boolean => differ(a.item, b.item) || differ(a.practice, b.practice);
const isTheSame = (a: MappingRow, b: MappingRow): boolean =>
  a.to === b.to && a.effectiveDate === b.effectiveDate && a.item === b.item && a.practice === b.practice;

/** A mapping takes every code to its end in one step: a code that is reached is not left. */
function cycles(rows: readonly MappingRow[]): MappingProblem[] {
  const next = new Map<string, MappingRow[]>();
  for (const row of rows) next.set(row.from, [...(next.get(row.from) ?? []), row]);
  return rows.flatMap((row): MappingProblem[] => {
    const onward = next.get(row.to)?.find((each) => each.from !== each.to);
    if (onward === undefined || row.from === row.to) return [];
    return [
      {
        line: row.line,
        column: 'new_code',
        problem: leadsTo(next, row.to, row.from)
          ? `${row.to} leads back to ${row.from} (line ${onward.line}): a cycle; take out the row that goes the wrong way`
          : `line ${onward.line} takes ${row.to} on to ${onward.to}; give the last code of the chain in both rows`,
      },
    ];
  });
}

function leadsTo(next: ReadonlyMap<string, readonly MappingRow[]>, start: string, end: string): boolean {
  const seen = new Set<string>();
  const open = [start];
  for (let code = open.pop(); code !== undefined; code = open.pop()) {
    if (code === end) return true;
    if (seen.has(code)) continue;
    seen.add(code);
    open.push(...(next.get(code) ?? []).map(({ to }) => to));
  }
  return false;
}
