/** Step 6, first half: which lines are counted together, and in which order. Independent of the order of arrival. */
import type { HistoryFact, PersonFacts, TrajectoryFacts, TrajectoryId } from '#libs/trajectory';
import type { PolicyBook } from '../policy/book';
import { newGroup, type Group, type Work } from './work';

/** Lines of all trajectories of the person in session order, each with its counting group. A line key appears once. */
export function worksInOrder(facts: PersonFacts, book: PolicyBook): { works: Work[]; groups: Group[] } {
  const groups = new Map<string, Group>();
  const works: Work[] = [];
  // one stream cannot hold a key twice: most persons need no check
  const seen = facts.trajectories.size > 1 ? new Set<string>() : null;
  // by id, so that a key that two streams hold is always taken from the same one
  const trajectories = facts.trajectories.size > 1 ? [...facts.trajectories.values()].sort(byId) : facts.trajectories.values();
  for (const trajectory of trajectories) {
    const survivor = survivorOf(trajectory, facts.trajectories);
    const group = groupOf(survivor, groups, book);
    addFacts(group, trajectory);
    for (const [key, session] of trajectory.sessions) {
      if (seen !== null) {
        if (seen.has(key)) continue;
        seen.add(key);
      }
      const work: Work = {
        session,
        trajectory: survivor.id,
        group,
        insurer: null,
        terms: null,
        performance: null,
        diagnosis: null,
        indication: null,
        condition: null,
        units: 0,
        invalid: null,
        awaitsStart: false,
      };
      works.push(work);
    }
  }
  works.sort(bySession);
  for (const work of works) work.group.works.push(work);
  return { works, groups: [...groups.values()] };
}

/** Follows absorptions to their end. A cycle, which commands refuse, ends at its lowest id, so that any input is decided. */
function survivorOf(trajectory: TrajectoryFacts, all: PersonFacts['trajectories']): TrajectoryFacts {
  if (trajectory.absorbedInto === null) return trajectory;
  const path: TrajectoryFacts[] = [trajectory];
  let current = trajectory;
  while (current.absorbedInto !== null) {
    const next = all.get(current.absorbedInto);
    if (next === undefined) return current;
    const at = path.indexOf(next);
    if (at >= 0) return path.slice(at).sort(byId)[0] ?? current;
    path.push(next);
    current = next;
  }
  return current;
}

/** Streams that two writers began for one regime and code are one group; so are all codes of a condition that says so. */
function groupOf(survivor: TrajectoryFacts, groups: Map<string, Group>, book: PolicyBook): Group {
  const together = book.conditionOfRegime.get(survivor.regime)?.codesCountTogether ?? false;
  const key = together ? survivor.regime : `${survivor.regime}/${survivor.diagnosis}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = newGroup(survivor.regime);
    groups.set(key, group);
  }
  return group;
}

function addFacts(group: Group, trajectory: TrajectoryFacts): void {
  group.diagnoses.add(trajectory.diagnosis);
  for (const remap of trajectory.remaps) {
    group.remaps.push(remap);
    group.diagnoses.add(remap.from).add(remap.to);
  }
  for (const each of trajectory.switches) group.switchDates.push(each.switchDate);
  if (trajectory.histories.length > 0) addHistories(group, trajectory);
}

/** Two imports that rest on one document, recorded on streams that were joined later, count once: the first by stream and id. */
function addHistories(group: Group, trajectory: TrajectoryFacts): void {
  const earlier = new Set(group.histories.map(documentOf).filter((digest) => digest !== null));
  for (const history of [...trajectory.histories].sort((a, b) => (a.importId < b.importId ? -1 : 1))) {
    const digest = documentOf(history);
    if (digest === null || !earlier.has(digest)) group.histories.push(history);
  }
}

const documentOf = (history: HistoryFact): string | null => history.document.digest ?? null;

const byId = (a: { readonly id: TrajectoryId }, b: { readonly id: TrajectoryId }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** By date, start time if given (a line without one comes first), practice, reference. Plain string order throughout. */
function bySession(a: Work, b: Work): number {
  const x = a.session;
  const y = b.session;
  if (x.date !== y.date) return x.date < y.date ? -1 : 1;
  if (x.startTime !== y.startTime) {
    const left = x.startTime ?? '';
    const right = y.startTime ?? '';
    if (left !== right) return left < right ? -1 : 1;
  }
  if (x.practice !== y.practice) return x.practice < y.practice ? -1 : 1;
  // the key is practice/reference with the reference trimmed: one practice, so the references decide
  return x.line < y.line ? -1 : x.line > y.line ? 1 : 0;
}
