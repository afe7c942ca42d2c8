/** Decides every recorded decision again, on the facts that it had seen and by its own policy, with the engine of today. */
import { decide, ENGINE_VERSION } from '#libs/coverage';
import type { EventStore, RecordedEvent } from '#libs/event-store';
import { looksTheSame, sameDecision } from '#libs/settlement';
import { dossierStream, PersonFold, type LineDecision, type LineKey, type PersonDecided, type PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import type { PolicyRegistry } from '../policy/registry';
import { dossierPages } from '../person/dossier-pages';

/** A decision that today's engine would not have made. It books nothing by itself. */
export interface ReplayDifference {
  readonly stream: string;
  /** Of the PersonDecided. */
  readonly revision: number;
  readonly recordedAt: string;
  readonly line: LineKey;
  readonly recordedEngine: string;
  readonly engine: string;
  readonly policy: { readonly version: string; readonly digest: string };
  /** null: no decision stood, or none would. */
  readonly recorded: LineDecision | null;
  readonly now: LineDecision | null;
  /** Whether anybody outside would see it; otherwise only the reason or a flag differs. */
  readonly isVisible: boolean;
}

export interface ReplayReport {
  readonly persons: number;
  readonly decisions: number;
  readonly engine: string;
  readonly differences: readonly ReplayDifference[];
  /** Differences beyond the limit that is listed. */
  readonly more: number;
}

const MAX_DIFFERENCES = 1000;

/** Replays one person, or all; `onProgress` is told the number of persons done. Throws PolicyMissingError when a policy is not kept. */
export async function replay(
  store: EventStore,
  policies: Pick<PolicyRegistry, 'byDigest'>,
  options: { readonly person?: PersonId; readonly onProgress?: (persons: number) => void } = {},
): Promise<ReplayReport> {
  const differences: ReplayDifference[] = [];
  const total = { persons: 0, decisions: 0, more: 0 };
  const find = (each: ReplayDifference): void =>
    void (differences.length < MAX_DIFFERENCES ? differences.push(each) : (total.more += 1));
  const pages = options.person === undefined ? dossierPages(store) : [[options.person]];
  for await (const ids of pages) {
    for (const [id, { events }] of await loadPersons(store, ids)) {
      total.persons += 1;
      total.decisions += await replayPerson(id, events, policies, find);
    }
    options.onProgress?.(total.persons);
  }
  return { ...total, engine: ENGINE_VERSION, differences };
}

async function replayPerson(
  id: PersonId,
  events: readonly RecordedEvent[],
  policies: Pick<PolicyRegistry, 'byDigest'>,
  find: (difference: ReplayDifference) => void,
): Promise<number> {
  const dossier = dossierStream(id);
  const fold = new PersonFold(id);
  const waiting = new Map<string, RecordedEvent[]>();
  for (const event of events)
    if (event.stream !== dossier) waiting.set(event.stream, [...(waiting.get(event.stream) ?? []), event]);
  let decisions = 0;
  for (const event of events) {
    if (event.stream !== dossier) continue;
    if (!event.type.startsWith('PersonDecided.')) {
      fold.apply(event);
      continue;
    }
    const recorded = event.data as PersonDecided['data'];
    for (const [stream, seen] of Object.entries(recorded.seen)) {
      const facts = waiting.get(stream) ?? [];
      while (facts[0] !== undefined && facts[0].revision <= seen) fold.apply(facts.shift() as RecordedEvent);
    }
    const now = new Map(decide(fold, await policies.byDigest(recorded.policy.digest)).map((each) => [each.line, each]));
    fold.apply(event);
    decisions += 1;
    for (const line of new Set([...fold.decisions.keys(), ...now.keys()])) {
      const [stood, stands] = [fold.decisions.get(line) ?? null, now.get(line) ?? null];
      if (stood !== null && stands !== null && sameDecision(stood, stands)) continue;
      find({
        ...{ stream: dossier, revision: event.revision, recordedAt: event.recordedAt, line },
        ...{ recordedEngine: recorded.engine, engine: ENGINE_VERSION, policy: recorded.policy },
        ...{ recorded: stood, now: stands },
        isVisible: !looksTheSame(stood, stands),
      });
    }
  }
  return decisions;
}
