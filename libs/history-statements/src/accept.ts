/** Makes a verified statement of another insurer into the command that imports the history, or says why not. */
import type { HistoryInput, Refusal } from '#libs/dossiers';
import {
  absorbedBy,
  dutchDay,
  regimeOf,
  routeOf,
  type HistoryFact,
  type HistoryImportId,
  type PersonState,
} from '#libs/trajectory';
import type { HistoryStatement } from './statement';

export interface Acceptance {
  readonly statement: HistoryStatement;
  /** SHA-256 of the signed statement, hex. */
  readonly digest: string;
  readonly state: PersonState;
  /** Of the person as the vault has it, `YYYY-MM-DD`. */
  readonly birthDate: string;
  /** An import that this one replaces. */
  readonly supersedes?: HistoryImportId;
  /** The import that this very command makes: given again, it is not in its own way. */
  readonly ownImport: HistoryImportId;
}

export type Accepted =
  | { readonly outcome: 'accepted'; readonly input: HistoryInput }
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };

/**
 * The person is found before, by the number in the statement; the birth date must agree as well. An insurer that states the same
 * treatment once more states it anew: both counts would add up, so the earlier import must be named as superseded. The signature says who
 * states it; whether it is right, somebody here has yet to verify, as of any import.
 */
export function acceptStatement(acceptance: Acceptance): Accepted {
  const { statement, digest, state, supersedes } = acceptance;
  const refusals: Refusal[] = [];
  const refuse = (code: string, problem: string): void => void refusals.push({ code, field: 'statement', problem });
  if (statement.subject.birthDate !== acceptance.birthDate)
    refuse('birth-date-differs', 'its date of birth is not that of the person whom its number names here; ask the insurer');
  const histories = importsOf(state).filter(({ importId }) => importId !== acceptance.ownImport);
  const same = histories.find(({ document }) => document.digest === digest);
  if (same !== undefined)
    refuse('statement-imported', `this statement was imported before and is in effect as import ${same.importId}`);
  const diagnosis = codeHere(state, statement);
  const earlier = importsUnder(state, diagnosis).find(
    ({ importId, document }) =>
      importId !== acceptance.ownImport &&
      importId !== supersedes &&
      document.digest !== digest &&
      document.reference.startsWith(referenceOf(statement, '')),
  );
  if (earlier !== undefined)
    refuse(
      'earlier-statement',
      `an earlier statement of insurer ${statement.iss} on this treatment is in effect as import ${earlier.importId}; say that it is superseded`,
    );
  if (refusals.length > 0) return { outcome: 'refused', refusals };
  const { startedOn, count, throughDate, scope, perCalendarYear } = statement.history;
  return {
    outcome: 'accepted',
    input: {
      ...{ diagnosis, startedOn, count, throughDate, scope },
      ...(perCalendarYear === undefined ? {} : { perCalendarYear }),
      previousInsurer: statement.iss,
      source: 'history statement of an insurer',
      statedBy: `insurer ${statement.iss}`,
      document: { reference: referenceOf(statement, statement.jti), digest },
      signedOn: dutchDay(new Date(statement.iat * 1000)),
      ...(supersedes === undefined ? {} : { supersedes }),
    },
  };
}

const referenceOf = ({ iss }: HistoryStatement, id: string): string => `history statement ${iss}/${id}`;

const ANNEX = regimeOf('001');

/** The code under which the treatment is known here; where none is, the one it goes on under. */
function codeHere(state: PersonState, { history }: HistoryStatement): string {
  const known = [history.diagnosis, ...history.codes].find((code) => routeOf(state.facts, ANNEX, code) !== null);
  return known ?? history.diagnosis;
}

const importsOf = (state: PersonState): HistoryFact[] =>
  [...state.facts.trajectories.values()].flatMap(({ histories }) => histories);

function importsUnder(state: PersonState, diagnosis: string): HistoryFact[] {
  const routed = routeOf(state.facts, ANNEX, diagnosis);
  return routed === null ? [] : absorbedBy(state.facts, routed).flatMap(({ histories }) => histories);
}
