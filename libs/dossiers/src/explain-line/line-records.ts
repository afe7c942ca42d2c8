/** What has been known of one line, and since when: every decision that was recorded on it, each with its cause. Reads only. */
import { trace, type SetByHand, type Trace, type TracedSession } from '#libs/coverage';
import type { RecordedEvent } from '#libs/event-store';
import {
  lineKey,
  OVERRIDDEN,
  type CommandId,
  type DecisionOverridden,
  type LineDecision,
  type LineKey,
  type PersonDecided,
  type SettlementEntry,
} from '#libs/trajectory';
import type { PolicyRegistry } from '../policy/registry';

export interface LineRecord {
  /** Of the PersonDecided, in the dossier. */
  readonly revision: number;
  /** Since when it has been known. */
  readonly recordedAt: string;
  /** The command that led to it, and who gave it. Of a correction also why, as a code, and the second person who agreed to it. */
  readonly cause: {
    readonly command: CommandId;
    readonly type: string;
    readonly actor: string;
    readonly reason: string | null;
    readonly approvedBy: string | null;
  };
  readonly policy: { readonly version: string; readonly digest: string };
  readonly engine: string;
  /** null: the line was credited, or went to another person; `status` says which. */
  readonly decision: LineDecision | null;
  readonly status: LineDecision['status'] | 'withdrawn' | 'moved';
  /** What was booked on the line with it; null = nothing moved. */
  readonly entry: SettlementEntry | null;
}

/**
 * The recorded decisions of a line, oldest first, its departures and its withdrawal among them.
 * @param dossier events of the person's dossier, in order; others are passed over
 * @param isCredited whether the line was credited with this person: nothing comes after that, so that only its last record can be of it
 */
export function lineRecords(line: LineKey, dossier: readonly RecordedEvent[], isCredited: boolean): LineRecord[] {
  const records: LineRecord[] = [];
  for (const event of dossier) {
    if (!event.type.startsWith('PersonDecided.')) continue;
    const { cause, policy, engine, decisions, withdrawn, entries } = event.data as PersonDecided['data'];
    const decision = decisions.find((each) => each.line === line) ?? null;
    const entry = entries.find((each) => each.line === line) ?? null;
    if (decision === null && !withdrawn.includes(line)) continue;
    records.push({
      revision: event.revision,
      recordedAt: event.recordedAt,
      cause: {
        ...{ command: cause.command, type: cause.type, actor: event.metadata.actor },
        ...{ reason: event.metadata.reason ?? null, approvedBy: event.metadata.approvedBy ?? null },
      },
      policy: { version: policy.version, digest: policy.digest },
      engine,
      decision,
      status: decision?.status ?? 'moved',
      entry,
    });
  }
  const last = records.at(-1);
  if (isCredited && last?.decision === null) records.splice(-1, 1, { ...last, status: 'withdrawn' });
  return records;
}

/** The trace of a recorded decision by the policy version it was made under. Throws PolicyMissingError when that is not kept. */
export async function traceRecorded(
  policies: Pick<PolicyRegistry, 'byDigest'>,
  decision: LineDecision,
  policyDigest: string,
  session: TracedSession,
  setByHand: SetByHand | null = null,
): Promise<Trace> {
  return trace(decision, session, await policies.byDigest(policyDigest), setByHand);
}

/**
 * Who set the decision by hand; null when nobody did. At most one override of a line is in effect at a time, so it is the last one that was set.
 * @param decision the last that was recorded on the line
 * @param trajectory events of the stream that holds the line, in order; others are passed over
 */
export function setByHand({ line, reason }: LineDecision, trajectory: readonly RecordedEvent[]): SetByHand | null {
  if (reason.rule !== OVERRIDDEN) return null;
  const set = trajectory.findLast(({ type, data }) => {
    if (!type.startsWith('DecisionOverridden.')) return false;
    const { practice, reference } = data as DecisionOverridden['data'];
    return lineKey(practice, reference) === line;
  });
  if (set === undefined) return null;
  const { actor, approvedBy, reason: why } = set.metadata;
  return { setBy: actor, approvedBy: approvedBy ?? null, reason: why ?? null, setAt: set.recordedAt };
}
