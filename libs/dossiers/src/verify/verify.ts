/** Holds the store against itself: what was recorded against what the engine says now, and the books against the decisions. */
import { decide, ENGINE_VERSION } from '#libs/coverage';
import type { EventStore } from '#libs/event-store';
import { bookingOf, difference, sameDecision } from '#libs/settlement';
import { lineKey, type Booking, type IsoDate, type LineDecision, type PersonFold, type PersonId } from '#libs/trajectory';
import { overridesDue } from '../end-due-overrides/run';
import { notArrived, sentBy, type Transit } from '../move-session-to-person/transit';
import { dossierPages, streamPages } from '../person/dossier-pages';
import { loadPersons, type LoadedPerson } from '../person/load';
import { PolicyFileError } from '#libs/policy-files';
import { PolicyMissingError, type PolicyRegistry } from '../policy/registry';

export interface VerifyFinding {
  readonly kind:
    | 'decision-differs' // the engine of today decides otherwise than was recorded
    | 'decision-missing'
    | 'decision-too-many'
    | 'split-does-not-close' // basic + supplementary + insured + refused + undecided is not what was declared
    | 'books-differ' // what is booked is not what was decided
    | 'unbooked' // facts that no decision has seen
    | 'seen-ahead' // a decision has seen a revision that is not there
    | 'not-continuous'
    | 'trajectory-not-linked'
    | 'move-unfinished' // a line left one person and has not come to the other
    | 'policy-missing' // the policy that it was decided by is not kept: it cannot be decided again
    | 'file-unfinished'
    | 'override-overdue'; // what was set by hand is in effect beyond its last day: the daily run has not ended it
  readonly stream: string;
  readonly line?: string;
  readonly detail: string;
}

export interface VerifyReport {
  readonly persons: number;
  readonly lines: number;
  readonly trajectories: number;
  readonly claimFiles: number;
  readonly findings: readonly VerifyFinding[];
  /** Findings beyond the limit that is listed. */
  readonly more: number;
}

const MAX_FINDINGS = 1000;
const NOTHING: Booking = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };

/**
 * Verifies everything in the store; `onProgress` is told the number of persons done. Reads only.
 * @param today by which overrides are overdue; null = that is not asked
 */
export async function verify(
  store: EventStore,
  policies: PolicyRegistry,
  onProgress?: (persons: number) => void,
  today: IsoDate | null = null,
): Promise<VerifyReport> {
  const findings: VerifyFinding[] = [];
  let more = 0;
  const find = (finding: VerifyFinding): void => void (findings.length < MAX_FINDINGS ? findings.push(finding) : (more += 1));
  const linked = new Set<string>();
  const sent: Transit[] = [];
  let persons = 0;
  let lines = 0;
  for await (const ids of dossierPages(store)) {
    for (const [id, person] of await loadSafely(store, ids, find)) {
      persons += 1;
      sent.push(...sentBy(person));
      for (const trajectory of person.fold.trajectories.keys()) linked.add(trajectory);
      lines += await verifyPerson(id, person, policies, find);
      if (today !== null) findOverdue(id, person, today, find);
    }
    onProgress?.(persons);
  }
  for (const { from, session, move } of await notArrived(store, sent))
    find({
      kind: 'move-unfinished',
      stream: `dossier-${from}`,
      line: session.line,
      detail: `it left by its move ${move} for another person and counts nowhere until it arrives: give the command again, or run finish-moves`,
    });
  let trajectories = 0;
  for await (const names of streamPages(store, 'trajectory'))
    for (const stream of names) {
      trajectories += 1;
      if (!linked.has(stream.slice('trajectory-'.length)))
        find({ kind: 'trajectory-not-linked', stream, detail: 'no dossier links to this trajectory' });
    }
  let claimFiles = 0;
  for await (const names of streamPages(store, 'claim-file')) {
    const files = await store.readStreams(names.map((stream) => ({ stream })));
    names.forEach((stream, i) => {
      claimFiles += 1;
      const last = files[i]?.at(-1)?.type ?? '';
      if (!/^ClaimFile(Completed|Refused)\./.test(last))
        find({ kind: 'file-unfinished', stream, detail: 'its lines were not all processed: ingest the file again' });
    });
  }
  return { persons, lines, trajectories, claimFiles, findings, more };
}

/** Loads persons together; when one cannot be folded, one by one, so that it is found and the others are still verified. */
async function loadSafely(
  store: EventStore,
  ids: readonly PersonId[],
  find: (finding: VerifyFinding) => void,
): Promise<ReadonlyMap<PersonId, LoadedPerson>> {
  try {
    return await loadPersons(store, ids);
  } catch (error) {
    if (ids.length > 1) {
      const loaded = new Map<PersonId, LoadedPerson>();
      for (const id of ids) for (const [key, person] of await loadSafely(store, [id], find)) loaded.set(key, person);
      return loaded;
    }
    find({
      kind: 'not-continuous',
      stream: `dossier-${ids[0] ?? ''}`,
      detail: error instanceof Error ? error.message : String(error),
    });
    return new Map();
  }
}

function findOverdue(id: PersonId, { fold }: LoadedPerson, today: IsoDate, find: (finding: VerifyFinding) => void): void {
  if (fold.erasedAt !== null) return;
  for (const { practice, reference, endsOn } of overridesDue(fold, today))
    find({
      kind: 'override-overdue',
      stream: `dossier-${id}`,
      line: lineKey(practice, reference),
      detail: `set by hand through ${endsOn} and still in effect: run \`traject overrides end-due\`, every day`,
    });
}

async function verifyPerson(
  id: PersonId,
  { fold, unseen, events }: LoadedPerson,
  policies: PolicyRegistry,
  find: (finding: VerifyFinding) => void,
): Promise<number> {
  const stream = `dossier-${id}`;
  if (unseen.length > 0)
    find({ kind: 'unbooked', stream, detail: `${unseen.length} events no decision has seen; the next command books them` });
  const last = fold.lastDecided;
  if (last === null) return 0;
  const heads = new Map<string, number>();
  for (const event of events) heads.set(event.stream, Math.max(heads.get(event.stream) ?? -1, event.revision));
  for (const [name, revision] of Object.entries(last.seen))
    if (revision > (heads.get(name) ?? -1))
      find({ kind: 'seen-ahead', stream: name, detail: `revision ${revision} was decided on and is not there` });
  const book = await policies.byDigest(last.policy.digest).catch((error: unknown) => {
    // one policy that this version cannot read must not end the check of everybody else
    if (error instanceof PolicyMissingError || error instanceof PolicyFileError) return null;
    throw error;
  });
  if (book === null) {
    find({
      kind: 'policy-missing',
      stream,
      detail: `decided by policy ${last.policy.version}, whose content is not kept here, or cannot be read by this version`,
    });
    return 0;
  }
  const decisions = decide(fold, book);
  compare(stream, fold, decisions, last.engine, find);
  return decisions.length;
}

function compare(
  stream: string,
  fold: PersonFold,
  decisions: readonly LineDecision[],
  engine: string,
  find: (finding: VerifyFinding) => void,
): void {
  const declared = new Map<string, number>();
  for (const trajectory of fold.trajectories.values())
    for (const session of trajectory.sessions.values()) declared.set(session.line, session.declaredCents);
  const standing = new Set<string>();
  for (const decision of decisions) {
    const { line } = decision;
    standing.add(line);
    const recorded = fold.decisions.get(line);
    if (recorded === undefined) find({ kind: 'decision-missing', stream, line, detail: 'no decision is recorded for this line' });
    else if (!sameDecision(recorded, decision))
      find({
        kind: 'decision-differs',
        stream,
        line,
        detail: `recorded by engine ${engine}, engine ${ENGINE_VERSION} decides otherwise`,
      });
    const { basic, supplementary, insured, refused, undecided } = decision.split;
    const total = basic + supplementary + insured + refused + undecided;
    if (total !== declared.get(line))
      find({
        kind: 'split-does-not-close',
        stream,
        line,
        detail: `the split adds up to ${total} cents, ${declared.get(line)} were declared`,
      });
  }
  for (const line of fold.decisions.keys())
    if (!standing.has(line))
      find({ kind: 'decision-too-many', stream, line, detail: 'a decision stands on a line that is not declared' });
  for (const line of new Set([...fold.decisions.keys(), ...fold.booked.keys()])) {
    const decision = fold.decisions.get(line);
    const entry = difference(line, fold.booked.get(line) ?? NOTHING, decision === undefined ? NOTHING : bookingOf(decision));
    if (entry !== null)
      find({
        kind: 'books-differ',
        stream,
        line,
        detail: `still to be booked: ${JSON.stringify({ ...entry, line: undefined })}`,
      });
  }
}
