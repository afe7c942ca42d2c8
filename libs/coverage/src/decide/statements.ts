/** What was stated of a counting unit beside its lines: which of several statements holds, and what they say of an item. */
import {
  compareStatements,
  type AuthorisationGranted,
  type CareClassChanged,
  type ClinicalFactsStated,
  type StatementFact,
  type TermExtended,
} from '#libs/trajectory';

type Clinical = ClinicalFactsStated['data'];
export type ClinicalDates = Pick<
  Clinical,
  'diagnosedOn' | 'dischargedOn' | 'operatedOn' | 'lastRadiationOn' | 'conservativeTreatmentEndedOn' | 'longSession'
>;

/** Lists stand in rising order: of two that speak of one thing the later one holds. */
export interface Stated {
  readonly clinical: readonly Clinical[];
  readonly confirmedItem: string | null;
  readonly classes: readonly CareClassChanged['data'][];
  readonly extension: TermExtended['data'] | null;
  readonly authorisations: readonly AuthorisationGranted['data'][];
}

export const NOTHING_STATED: Stated = {
  clinical: [],
  confirmedItem: null,
  classes: [],
  extension: null,
  authorisations: [],
};

/** First days of the confirmed episodes, rising, after the first unit, which begins with ''. */
export function episodeStarts(statements: readonly StatementFact[]): string[] {
  const starts = new Set<string>();
  for (const each of statements) if (each.type === 'NewEpisodeConfirmed.v1') starts.add(each.data.from);
  return ['', ...[...starts].sort()];
}

/** What holds for the episode that begins on `episodeFrom` ('' = the first unit). */
export function statedOf(statements: readonly StatementFact[], episodeFrom: string): Stated {
  const clinical: Clinical[] = [];
  const classes: CareClassChanged['data'][] = [];
  const authorisations: AuthorisationGranted['data'][] = [];
  let confirmedItem: string | null = null;
  let extension: TermExtended['data'] | null = null;
  const isOfEpisode = (from: string | undefined): boolean => (from ?? '') === episodeFrom;
  for (const each of [...statements].sort(compareStatements)) {
    if (each.type === 'ClinicalFactsStated.v1') {
      if (isOfEpisode(each.data.episodeFrom)) clinical.push(each.data);
    } else if (each.type === 'ConditionConfirmed.v1') confirmedItem = each.data.item;
    else if (each.type === 'CareClassChanged.v1') classes.push(each.data);
    else if (each.type === 'TermExtended.v1') {
      if (isOfEpisode(each.data.episodeFrom)) extension = each.data;
    } else if (each.type === 'AuthorisationGranted.v1') authorisations.push(each.data);
  }
  return { clinical, confirmedItem, classes, extension, authorisations };
}

/** Dates and findings that hold for sessions under the item, each field by itself. */
export function clinicalDates(stated: Stated, item: string): ClinicalDates {
  const dates: { -readonly [Name in keyof ClinicalDates]: ClinicalDates[Name] } = {};
  for (const each of stated.clinical) {
    if (each.item !== undefined && each.item !== item) continue;
    if (each.diagnosedOn !== undefined) dates.diagnosedOn = each.diagnosedOn;
    if (each.dischargedOn !== undefined) dates.dischargedOn = each.dischargedOn;
    if (each.operatedOn !== undefined) dates.operatedOn = each.operatedOn;
    if (each.lastRadiationOn !== undefined) dates.lastRadiationOn = each.lastRadiationOn;
    if (each.conservativeTreatmentEndedOn !== undefined) dates.conservativeTreatmentEndedOn = each.conservativeTreatmentEndedOn;
    if (each.longSession !== undefined) dates.longSession = each.longSession;
  }
  return dates;
}

/** The class that was set for the date, or null: then the line's own assertion holds. */
export function classOn(stated: Stated, date: string): string | null {
  let best: CareClassChanged['data'] | null = null;
  for (const each of stated.classes) if (each.from <= date && (best === null || each.from >= best.from)) best = each;
  return best?.class ?? null;
}

/** Whether the consent covers the item on the date, its number of sessions aside. */
export const covers = (granted: AuthorisationGranted['data'], item: string, date: string): boolean =>
  (granted.item === undefined || granted.item === item) &&
  granted.from <= date &&
  (granted.through === null || granted.through >= date);
