/** Step 6, first half: which lines are counted together, and in which order. Independent of the order of arrival. */
import type {
  HistoryFact,
  OverrideFact,
  PersonFacts,
  Regime,
  RemapFact,
  SessionFact,
  StatementFact,
  TrajectoryFacts,
  TrajectoryId,
} from '#libs/trajectory';
import type { PolicyBook } from '../policy/book';
import { compare } from './compare';
import { episodeStarts, statedOf } from './statements';
import { newGroup, type Group, type Work } from './work';

/** A code lineage with all its streams, before it is cut into episodes. */
interface Lineage {
  readonly regime: Regime;
  readonly diagnoses: Set<string>;
  readonly remaps: RemapFact[];
  readonly histories: HistoryFact[];
  readonly switchDates: string[];
  readonly statements: StatementFact[];
  readonly streams: { readonly trajectory: TrajectoryFacts; readonly survivor: TrajectoryFacts }[];
  /** By episode, rising. */
  groups: Group[];
}

/** Lines of all trajectories of the person in session order, each with its counting group. A line key appears once. */
export function worksInOrder(facts: PersonFacts, book: PolicyBook): { works: Work[]; groups: Group[] } {
  const lineages = new Map<string, Lineage>();
  // by id, so that a key that two streams hold is always taken from the same one
  for (const trajectory of [...facts.trajectories.values()].sort(byId)) {
    const survivor = survivorOf(trajectory, facts.trajectories);
    const lineage = lineageOf(survivor, facts, lineages, book);
    addFacts(lineage, trajectory);
    lineage.streams.push({ trajectory, survivor });
  }
  const works: Work[] = [];
  // one stream cannot hold a key twice: most persons need no check
  const seen = facts.trajectories.size > 1 ? new Set<string>() : null;
  for (const lineage of lineages.values()) lineage.groups = groupsOf(lineage, book);
  for (const { trajectory, survivor, lineage } of streamsById(lineages)) {
    for (const [key, session] of trajectory.sessions) {
      if (seen?.has(key) === true) continue;
      seen?.add(key);
      works.push(newWork(session, survivor.id, episodeOn(lineage.groups, session.date), trajectory.overrides.get(key) ?? null));
    }
  }
  works.sort(bySession);
  for (const work of works) work.group.works.push(work);
  return { works, groups: [...lineages.values()].flatMap((each) => each.groups) };
}

const newWork = (session: SessionFact, trajectory: TrajectoryId, group: Group, override: OverrideFact | null): Work => ({
  session,
  trajectory,
  group,
  override,
  insurer: null,
  terms: null,
  performance: null,
  diagnosis: null,
  indication: null,
  careClass: null,
  condition: null,
  units: 0,
  invalid: null,
  startedBefore: '',
});

function streamsById(lineages: ReadonlyMap<string, Lineage>): (Lineage['streams'][number] & { readonly lineage: Lineage })[] {
  return [...lineages.values()]
    .flatMap((lineage) => lineage.streams.map((each) => ({ ...each, lineage })))
    .sort((a, b) => byId(a.trajectory, b.trajectory));
}

/** One group per episode; imports belong to the one in which they start, switches to the one of their date. */
function groupsOf(lineage: Lineage, book: PolicyBook): Group[] {
  const { regime, remaps, diagnoses, statements } = lineage;
  const condition = book.conditionOfRegime.get(regime) ?? null;
  const groups = episodeStarts(statements).map((episodeFrom) =>
    newGroup({ regime, condition, remaps, diagnoses, episodeFrom, stated: statedOf(statements, episodeFrom) }),
  );
  for (const history of lineage.histories) episodeOn(groups, history.startedOn).histories.push(history);
  for (const date of lineage.switchDates) episodeOn(groups, date).switchDates.push(date);
  return groups;
}

/** The last episode that has begun on the date. */
function episodeOn(groups: readonly Group[], date: string): Group {
  // the first one has no first day: it began before any date
  return groups.findLast((each) => each.episodeFrom <= date) as Group;
}

/** Follows absorptions to their end. A cycle, which commands refuse, ends at its lowest id, so that any input is decided. */
function survivorOf(trajectory: TrajectoryFacts, all: PersonFacts['trajectories']): TrajectoryFacts {
  const path: TrajectoryFacts[] = [];
  let current = trajectory;
  while (current.absorbedInto !== null) {
    path.push(current);
    const next = all.get(current.absorbedInto);
    if (next === undefined) break;
    const at = path.indexOf(next);
    if (at >= 0) return path.slice(at).sort(byId)[0] ?? current;
    current = next;
  }
  return current;
}

/** In which regime's unit a trajectory that nothing absorbed is counted, and a key that only those have that are counted with it. */
function countedAs(
  survivor: TrajectoryFacts,
  facts: PersonFacts,
  book: PolicyBook,
): { readonly regime: Regime; readonly key: string } {
  const regime = survivor.regime === 'annex' ? countedIn(survivor, facts, book) : survivor.regime;
  const together = book.conditionOfRegime.get(regime)?.codesCountTogether ?? false;
  const isOne = together === true || (together !== false && together.has(survivor.diagnosis));
  return { regime, key: isOne ? regime : `${regime}/${survivor.diagnosis}` };
}

/**
 * All trajectories of the person whose facts count together with this one's: absorbed ones, those that two writers began for one
 * regime and code, and all codes of a condition that says so. Before episodes part them.
 * @param id of a trajectory of the person; throws when there is none
 */
export function countedTogether(facts: PersonFacts, id: TrajectoryId, book: PolicyBook): readonly TrajectoryFacts[] {
  const named = facts.trajectories.get(id);
  if (named === undefined) throw new Error(`the person has no trajectory ${id}`);
  const keyOf = (each: TrajectoryFacts): string => countedAs(survivorOf(each, facts.trajectories), facts, book).key;
  const key = keyOf(named);
  return [...facts.trajectories.values()].filter((each) => keyOf(each) === key);
}

/** Streams that two writers began for one regime and code are one lineage; so are all codes of a condition that says so. */
function lineageOf(survivor: TrajectoryFacts, facts: PersonFacts, lineages: Map<string, Lineage>, book: PolicyBook): Lineage {
  const { regime, key } = countedAs(survivor, facts, book);
  let lineage = lineages.get(key);
  if (lineage === undefined) {
    lineage = {
      ...{ regime, diagnoses: new Set<string>(), remaps: [], histories: [], switchDates: [], statements: [] },
      ...{ streams: [], groups: [] },
    };
    lineages.set(key, lineage);
  }
  return lineage;
}

/** The regime in whose unit an Annex lineage counts: that of any of its codes that counts elsewhere, else its own. */
function countedIn(survivor: TrajectoryFacts, facts: PersonFacts, book: PolicyBook): Regime {
  for (const each of facts.trajectories.values()) {
    if (survivorOf(each, facts.trajectories) !== survivor) continue;
    for (const code of [each.diagnosis, ...each.remaps.flatMap(({ from, to }) => [from, to])]) {
      const other = book.countedIn.get(code);
      if (other !== undefined) return other;
    }
  }
  return 'annex';
}

function addFacts(lineage: Lineage, trajectory: TrajectoryFacts): void {
  lineage.diagnoses.add(trajectory.diagnosis);
  for (const remap of trajectory.remaps) {
    lineage.remaps.push(remap);
    lineage.diagnoses.add(remap.from).add(remap.to);
  }
  for (const each of trajectory.switches) lineage.switchDates.push(each.switchDate);
  lineage.statements.push(...trajectory.statements);
  addHistories(lineage, trajectory);
}

/** Two imports that rest on one document, recorded on streams that were joined later, count once: that of the lower stream. */
function addHistories(lineage: Lineage, trajectory: TrajectoryFacts): void {
  const earlier = new Set(lineage.histories.map((history) => history.document.digest));
  for (const history of trajectory.histories) {
    const { digest } = history.document;
    if (digest === undefined || !earlier.has(digest)) lineage.histories.push(history);
  }
}

const byId = (a: { readonly id: TrajectoryId }, b: { readonly id: TrajectoryId }): number => compare(a.id, b.id);

/** By date, start time if given (a line without one comes first), practice, reference. Plain string order throughout. */
function bySession(a: Work, b: Work): number {
  const x = a.session;
  const y = b.session;
  return (
    compare(x.date, y.date) ||
    compare(x.startTime ?? '', y.startTime ?? '') ||
    compare(x.practice, y.practice) ||
    // the key is practice/reference with the reference trimmed: one practice, so the references decide
    compare(x.line, y.line)
  );
}
