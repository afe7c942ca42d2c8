/** Makes the statement of one trajectory from what is recorded of the person, or says why there is none to make. */
import { codeOn, conditionOn, countThrough, isIsoDate, type CountThrough, type PolicyBook } from '#libs/coverage';
import type { Refusal } from '#libs/dossiers';
import type { Identity } from '#libs/identity';
import {
  absorbedBy,
  isHeld,
  survivorOf,
  type LineDecision,
  type PersonState,
  type TrajectoryFacts,
  type TrajectoryId,
} from '#libs/trajectory';
import { VALID_DAYS, type HistoryStatement } from './statement';

export interface Issue {
  readonly state: PersonState;
  /** The policy by which the person was decided last. */
  readonly book: PolicyBook;
  readonly identity: Pick<Identity, 'bsn' | 'birthDate'>;
  readonly trajectory: TrajectoryId;
  /** Last day that the count goes up to. */
  readonly through: string;
  /** Id of the statement, a random UUID. */
  readonly statementId: string;
  readonly now: Date;
  /** By the Dutch calendar. */
  readonly today: string;
}

export type Issued =
  | { readonly outcome: 'issued'; readonly statement: HistoryStatement }
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };

const refused = (code: string, field: string, problem: string): Issued => ({
  outcome: 'refused',
  refusals: [{ code, field, problem }],
});

const SECONDS_A_DAY = 86_400;

/**
 * The count is refused rather than told when it may still change for want of a history: lines that wait, or a switch that nobody
 * answered, mean that sessions are missing from it.
 */
export function issueStatement(issue: Issue): Issued {
  const { state, book, through, today } = issue;
  if (!isIsoDate(through)) return refused('date-invalid', 'through', 'give a date that exists, as YYYY-MM-DD');
  if (through > today) return refused('date-in-future', 'through', 'sessions of a date that is yet to come cannot be counted');
  const survivor = state.facts.trajectories.get(survivorOf(state.facts, issue.trajectory));
  if (survivor === undefined) return refused('trajectory-unknown', 'trajectory', 'the person has no such trajectory');
  const counted = survivor.regime === 'annex' ? countThrough(state.facts, book, survivor.id, through) : null;
  if (counted === null)
    return refused(
      'no-lasting-count',
      'trajectory',
      'only a trajectory of Annex 1 has a count that goes on at another insurer; this one is counted by year or term',
    );
  const later = counted.histories.find(({ throughDate }) => throughDate > through);
  if (later !== undefined)
    return refused(
      'through-before-history',
      'through',
      `an imported history runs to ${later.throughDate}; give that day or a later one`,
    );
  // money that was set by hand makes no count certain
  if (counted.own.some(({ line }) => !isCertain(state.decisions.get(line))))
    return refused('lines-held', 'trajectory', 'lines of it are held and the count is not certain; import their history first');
  if (counted.count === 0)
    return refused('nothing-counted', 'through', 'no session was given up to this day; there is nothing to state');
  const insurance = insuranceOn(issue, through);
  if (insurance === null)
    return refused(
      'never-insured',
      'through',
      'the person was not insured here on or before this day; no insurer of ours can state it',
    );
  const issued = Math.floor(issue.now.getTime() / 1000);
  return {
    outcome: 'issued',
    statement: {
      iss: insurance.insurer,
      jti: issue.statementId,
      iat: issued,
      exp: issued + VALID_DAYS * SECONDS_A_DAY,
      subject: { bsn: issue.identity.bsn, birthDate: issue.identity.birthDate },
      history: historyOf(issue, survivor, counted, insurance.through),
    },
  };
}

/** Our last period that has begun on the day: its label states the history. */
function insuranceOn({ state, book }: Issue, date: string): { readonly insurer: string; readonly through: string | null } | null {
  const ours = state.facts.insurance.filter(({ insurer, from }) => book.insurers.has(insurer) && from <= date);
  return ours.reduce<(typeof ours)[number] | null>((last, each) => (last === null || each.from > last.from ? each : last), null);
}

function historyOf(
  { state, book, through }: Issue,
  survivor: TrajectoryFacts,
  counted: CountThrough,
  insuredThrough: string | null,
): HistoryStatement['history'] {
  const { own, histories, perCalendarYear, clinical, careClass } = counted;
  const streams = absorbedBy(state.facts, survivor.id);
  const lineage = {
    ...{ regime: survivor.regime, diagnosis: survivor.diagnosis },
    remaps: streams.flatMap(({ remaps }) => remaps),
    statements: streams.flatMap(({ statements }) => statements),
  };
  const stated = <F extends keyof (typeof clinical)[number]>(field: F): (typeof clinical)[number][F] | undefined =>
    clinical.findLast((each) => each[field] !== undefined)?.[field];
  const side = stated('side') ?? own.findLast((each) => each.side !== undefined)?.side;
  const last = own.at(-1)?.date;
  const therapists = new Set(own.map(({ therapist }) => therapist).filter((each) => each !== undefined));
  const referredOn = stated('referredOn') ?? own.findLast((each) => each.referralDate !== undefined)?.referralDate;
  return defined({
    diagnosis: codeOn(lineage.remaps, survivor.diagnosis, through),
    codes: [...counted.codes].sort(),
    item: conditionOn(book, lineage, through)?.id,
    side,
    startedOn: counted.startedOn,
    count: counted.count,
    throughDate: through,
    perCalendarYear: perCalendarYear ?? undefined,
    // an earlier insurer's count is of all that went before; without one only ours is known
    scope: histories.length > 0 ? 'everything' : 'elsewhere',
    lastSessionOn: last,
    practices: [...new Set(own.map(({ practice }) => practice))].sort(),
    severalTherapists: therapists.size > 1,
    diagnosedOn: stated('diagnosedOn'),
    operatedOn: stated('operatedOn'),
    dischargedOn: stated('dischargedOn'),
    referredOn,
    careClass: careClass ?? undefined,
    insuredThrough: insuredThrough ?? undefined,
    rests: histories.map(({ count, throughDate, scope, previousInsurer, status }) =>
      defined({ count, throughDate, scope, insurer: previousInsurer, status }),
    ),
  });
}

/** Without the fields that have no value. */
const defined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

const isCertain = (decision: LineDecision | undefined): boolean =>
  decision !== undefined && decision.status === 'decided' && !isHeld(decision);
