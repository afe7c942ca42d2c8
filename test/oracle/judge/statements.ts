/** Which of several statements holds: the latest stated, of one day the one whose text comes last. */
import type { ClinicalFactsStated, StatementFact } from '#libs/trajectory';
import { inOneText } from '../one-text';
import type { Course } from './history';

type Clinical = ClinicalFactsStated['data'];
type ClinicalField = 'diagnosedOn' | 'dischargedOn' | 'lastRadiationOn' | 'conservativeTreatmentEndedOn' | 'longSession';

const isLater = (one: StatementFact, other: StatementFact): boolean =>
  one.data.statedOn !== other.data.statedOn ? one.data.statedOn > other.data.statedOn : textOf(one) > textOf(other);

const textOf = ({ data: { statementId, ...said } }: StatementFact): string => inOneText(said) + statementId;

function latest<T extends StatementFact>(statements: readonly T[]): T | undefined {
  return statements.find((each) => !statements.some((other) => isLater(other, each)));
}

/** What is stated of the episode that the course is, for sessions under the item; each field by itself. */
export function clinicalFact<F extends ClinicalField>(course: Course, item: string | null, field: F): Clinical[F] {
  const speaking = course.statements
    .filter((each) => each.type === 'ClinicalFactsStated.v1')
    .filter(({ data }) => (data.episodeFrom ?? null) === course.episode)
    .filter(({ data }) => data.item === undefined || data.item === item)
    .filter(({ data }) => data[field] !== undefined);
  return latest(speaking)?.data[field];
}

export const confirmedItem = (course: Course): string | undefined =>
  latest(course.statements.filter((each) => each.type === 'ConditionConfirmed.v1'))?.data.item;

/** Months of extension, 0 without one; left out in the statement: all that there is. */
export function extension(course: Course, most: number): number {
  const speaking = course.statements
    .filter((each) => each.type === 'TermExtended.v1')
    .filter(({ data }) => (data.episodeFrom ?? null) === course.episode);
  const stated = latest(speaking);
  return stated === undefined ? 0 : Math.min(stated.data.months ?? most, most);
}

/** The class set by a statement that is in effect on the date: that of the latest first day. */
export function classSetOn(course: Course, date: string): string | undefined {
  const begun = course.statements.filter((each) => each.type === 'CareClassChanged.v1').filter(({ data }) => data.from <= date);
  return latest(begun.filter((each) => !begun.some((other) => other.data.from > each.data.from)))?.data.class;
}

export const isAuthorised = (course: Course, item: string, date: string): boolean =>
  course.statements
    .filter((each) => each.type === 'AuthorisationGranted.v1')
    .some(
      ({ data }) =>
        (data.item === undefined || data.item === item) && data.from <= date && (data.through === null || date <= data.through),
    );
