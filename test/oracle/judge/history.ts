/** The whole history of a person as the oracle reads it: lines, and the courses (counting units) they belong to. */
import type { HistoryFact, PersonFacts, Regime, SessionFact, StatementFact, SwitchFact, TrajectoryFacts } from '#libs/trajectory';
import { COPD_CODE, OSTEOARTHRITIS_CODES } from '../rules/diagnoses';

export interface Line {
  readonly key: string;
  readonly session: SessionFact;
  readonly stream: TrajectoryFacts;
}

/** What is counted together: one episode of a group of streams. */
export interface Course {
  readonly streams: readonly TrajectoryFacts[];
  /** First day of the episode; null for the first one. */
  readonly episode: string | null;
  readonly regime: Regime;
  /** All lines of the episode in session order, also invalid ones. */
  readonly lines: readonly Line[];
  readonly imports: readonly HistoryFact[];
  readonly switches: readonly SwitchFact[];
  /** Those of all episodes; see `clinicalFact` for which speak of this one. */
  readonly statements: readonly StatementFact[];
}

const byteOrder = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));

/** Date, start time, practice, reference. A line without a start time comes before those of the same day that have one. */
export function sessionOrder(one: Line, other: Line): number {
  const [a, b] = [one.session, other.session];
  return (
    byteOrder(a.date, b.date) ||
    byteOrder(a.startTime ?? '', b.startTime ?? '') ||
    byteOrder(a.practice, b.practice) ||
    byteOrder(a.reference.trim(), b.reference.trim())
  );
}

/** Every line once, in session order: of a key that stands in two streams, the one of the lowest stream. */
export function linesOf(facts: PersonFacts): Line[] {
  const lines: Line[] = [];
  const streams = [...facts.trajectories.values()].sort((one, other) => byteOrder(one.id, other.id));
  for (const stream of streams)
    for (const [key, session] of stream.sessions)
      if (!lines.some((line) => line.key === key)) lines.push({ key, session, stream });
  return lines.sort(sessionOrder);
}

const survivor = (facts: PersonFacts, stream: TrajectoryFacts): TrajectoryFacts => {
  const into = stream.absorbedInto === null ? undefined : facts.trajectories.get(stream.absorbedInto);
  return into === undefined ? stream : survivor(facts, into);
};
const hasCode = (stream: TrajectoryFacts, codes: readonly string[]): boolean =>
  codes.includes(stream.diagnosis) || stream.remaps.some((remap) => codes.includes(remap.from) || codes.includes(remap.to));
const isCopd = (stream: TrajectoryFacts): boolean =>
  stream.regime === 'copd' || (stream.regime === 'annex' && hasCode(stream, [COPD_CODE]));
const isOsteoarthritis = (stream: TrajectoryFacts): boolean =>
  stream.regime === 'osteoarthritis' && hasCode(stream, OSTEOARTHRITIS_CODES);

const countTogether = (facts: PersonFacts, one: TrajectoryFacts, other: TrajectoryFacts): boolean =>
  survivor(facts, one) === survivor(facts, other) ||
  (one.regime === other.regime && one.diagnosis === other.diagnosis) ||
  (isCopd(one) && isCopd(other)) ||
  (isOsteoarthritis(one) && isOsteoarthritis(other));

function groupOf(facts: PersonFacts, stream: TrajectoryFacts): TrajectoryFacts[] {
  const group = [stream];
  for (const member of group)
    for (const other of facts.trajectories.values())
      if (!group.includes(other) && countTogether(facts, member, other)) group.push(other);
  return group.sort((one, other) => byteOrder(one.id, other.id));
}

/** Two imports on one document are one statement, told twice before the streams were joined. */
function withoutRepeats(imports: readonly HistoryFact[]): HistoryFact[] {
  return imports.filter(
    (each) =>
      each.document.digest === undefined ||
      !imports.some((other) => other.document.digest === each.document.digest && other.importId < each.importId),
  );
}

/** First day of the episode that a date falls in. */
function episodeOf(statements: readonly StatementFact[], date: string): string | null {
  let latest: string | null = null;
  for (const each of statements)
    if (each.type === 'NewEpisodeConfirmed.v1' && each.data.from <= date && (latest === null || each.data.from > latest))
      latest = each.data.from;
  return latest;
}

/** The course that a line belongs to, read from all facts anew. */
export function courseOf(facts: PersonFacts, line: Line, lines: readonly Line[]): Course {
  const streams = groupOf(facts, line.stream);
  const statements = streams.flatMap((stream) => stream.statements);
  const episode = episodeOf(statements, line.session.date);
  const here = (date: string): boolean => episodeOf(statements, date) === episode;
  return {
    streams,
    episode,
    regime: line.stream.regime,
    lines: lines.filter((other) => streams.includes(other.stream) && here(other.session.date)),
    imports: withoutRepeats(streams.flatMap((stream) => stream.histories)).filter((each) => here(each.startedOn)),
    switches: streams.flatMap((stream) => stream.switches).filter((each) => here(each.switchDate)),
    statements,
  };
}
