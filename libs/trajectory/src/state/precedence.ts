/**
 * Which of several statements or imports holds where dates decide nothing. Never the order of arrival, and never an id: a preview, which
 * records nothing, has ids of its own and must show what its commit books.
 */
import type { HistoryFact, StatementFact } from './facts';

/**
 * Rising: of two that speak of one thing the later one holds. By `statedOn`, of one day by what they say (RFC 8785 text of all but the id,
 * by code units); the id parts only two that say the same.
 */
export const compareStatements = (a: StatementFact, b: StatementFact): number =>
  compare(a.data.statedOn, b.data.statedOn) ||
  compare(saidBy(a.data), saidBy(b.data)) ||
  compare(a.data.statementId, b.data.statementId);

/** Rising, by through date; of one date first what adds up, then what states the whole; of one scope by what they say. */
export const compareHistories = (a: HistoryFact, b: HistoryFact): number =>
  compare(a.throughDate, b.throughDate) ||
  SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope) ||
  compare(saidBy(a), saidBy(b)) ||
  compare(a.importId, b.importId);

const SCOPES: readonly HistoryFact['scope'][] = ['elsewhere', 'everything'];

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);
/** Ids, and whether somebody has looked at it: neither says anything of the person. */
const NOTHING_SAID: ReadonlySet<string> = new Set(['statementId', 'importId', 'supersedes', 'status']);
const saidBy = (data: object): string =>
  canonical(Object.fromEntries(Object.entries(data).filter(([name]) => !NOTHING_SAID.has(name))));

/** RFC 8785 of what JSON has stored: numbers are whole, nothing is undefined. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
}
