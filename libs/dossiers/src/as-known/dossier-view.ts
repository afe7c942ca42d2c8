/** A dossier as it is shown: trajectories with what they took up, their sessions in the order in which they count. */
import {
  lineageCodes,
  survivorOf,
  type Booking,
  type IsoDate,
  type LineDecision,
  type OverrideFact,
  type PersonState,
  type SessionFact,
  type TrajectoryFacts,
  type TrajectoryId,
} from '#libs/trajectory';

export interface SessionView {
  readonly session: SessionFact;
  readonly decision: LineDecision | null;
  readonly booked: Booking | null;
}

export interface TrajectoryView {
  readonly id: TrajectoryId;
  readonly regime: TrajectoryFacts['regime'];
  readonly codes: readonly string[];
  readonly absorbed: readonly TrajectoryId[];
  readonly switches: TrajectoryFacts['switches'];
  readonly histories: TrajectoryFacts['histories'];
  /** In effect; one that was retracted is not shown. */
  readonly statements: TrajectoryFacts['statements'];
  /** Decisions set by hand that are in effect. */
  readonly overrides: readonly OverrideFact[];
  readonly sessions: readonly SessionView[];
}

/** Episode by episode. @param validOn sessions up to this date; null = all */
export function trajectoryViews(state: PersonState, validOn: IsoDate | null = null): TrajectoryView[] {
  const all = [...state.facts.trajectories.values()];
  return all
    .filter((each) => each.absorbedInto === null)
    .map((survivor) => {
      const members = all.filter((each) => survivorOf(state.facts, each.id) === survivor.id);
      const statements = members.flatMap((each) => each.statements);
      const sessions = members
        .flatMap((each) => [...each.sessions.values()])
        .filter((session) => validOn === null || session.date <= validOn)
        .map((session) => ({
          session,
          decision: state.decisions.get(session.line) ?? null,
          booked: state.booked.get(session.line) ?? null,
        }))
        .sort(
          (a, b) =>
            episodeOn(statements, a.session.date).localeCompare(episodeOn(statements, b.session.date)) ||
            firstPosition(a.decision) - firstPosition(b.decision) ||
            (a.session.date < b.session.date ? -1 : 1),
        );
      return {
        id: survivor.id,
        regime: survivor.regime,
        codes: [...new Set(members.flatMap((each) => lineageCodes(each)))],
        absorbed: members.filter((each) => each.id !== survivor.id).map((each) => each.id),
        switches: members.flatMap((each) => each.switches),
        histories: members.flatMap((each) => each.histories),
        statements,
        overrides: members.flatMap((each) => [...each.overrides.values()]),
        sessions,
      };
    });
}

/** First day of the last episode that has begun on the date; '' = the first one. */
const episodeOn = (statements: TrajectoryFacts['statements'], date: string): string =>
  statements.reduce(
    (latest, { type, data }) =>
      type === 'NewEpisodeConfirmed.v1' && data.from <= date && data.from > latest ? data.from : latest,
    '',
  );

const firstPosition = (decision: LineDecision | null): number => decision?.units[0]?.position ?? Number.MAX_SAFE_INTEGER;
