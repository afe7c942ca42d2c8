/** Which decision of the dossier a line stands on, the sentence of its reason, and its trace. */
import { Injectable } from '@nestjs/common';
import { explain, type Explanation, type Trace } from '#libs/coverage';
import { setByHand, traceRecorded } from '#libs/dossiers';
import type { RecordedEvent } from '#libs/event-store';
import type { SessionEntity } from '#libs/read-models';
import {
  currentEvent,
  dossierStream,
  lineKey,
  trajectoryStream,
  type LineDecision,
  type LineKey,
  type PersonDecided,
  type PersonId,
  type TrajectoryId,
} from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';

export type DecisionEvent = RecordedEvent<PersonDecided['data']>;

@Injectable()
export class DecisionRecords {
  constructor(private readonly runtime: ApiRuntime) {}

  /** The decisions of a person from a revision of the dossier on, in order. */
  async since(personId: string, fromRevision = 0): Promise<readonly DecisionEvent[]> {
    const [events = []] = await this.runtime.store.readStreams([{ stream: dossierStream(personId as PersonId), fromRevision }]);
    return events.filter((event): event is DecisionEvent => event.type.startsWith('PersonDecided.'));
  }

  /** The events that hold the current decisions of these lines of one person, by revision. */
  async of(personId: string, sessions: readonly SessionEntity[]): Promise<ReadonlyMap<number, DecisionEvent>> {
    const revisions = sessions.flatMap(({ decidedRevision }) => (decidedRevision === null ? [] : [decidedRevision]));
    if (revisions.length === 0) return new Map();
    const first = revisions.reduce((least, each) => Math.min(least, each), Number.MAX_SAFE_INTEGER);
    const events = await this.since(personId, first);
    return new Map(events.map((event) => [event.revision, event]));
  }

  /** The reason in words, by the policy version that the decision was made under. `date`: of the session, YYYY-MM-DD. */
  async explain(decision: LineDecision, policyDigest: string, date: string): Promise<Explanation> {
    return explain(decision, await this.runtime.context.policies.byDigest(policyDigest), date);
  }

  /** The steps of the decision, by the policy version that it was made under; the line as it was declared is read from its stream. */
  async trace(decision: LineDecision, policyDigest: string, { storedIn, line }: SessionEntity): Promise<Trace | null> {
    const [events = []] = await this.runtime.store.readStreams([{ stream: trajectoryStream(storedIn as TrajectoryId) }]);
    const declared = events.flatMap(({ type, data }) => {
      if (!/^Session(Declared|MovedIn)\./.test(type)) return [];
      const event = currentEvent(type, data);
      if (event.type === 'SessionDeclared.v1') return [event.data];
      return event.type === 'SessionMovedIn.v1' ? [event.data.session] : [];
    });
    const session = declared.findLast(({ practice, reference }) => lineKey(practice, reference) === line);
    return session === undefined
      ? null
      : traceRecorded(this.runtime.context.policies, decision, policyDigest, session, setByHand(decision, events));
  }
}

/** The decision of a line as the read model holds it; null while there is none. */
export function decisionOf(session: SessionEntity): LineDecision | null {
  const { reason, status } = session;
  if (reason === null || status === 'declared' || status === 'withdrawn' || status === 'moved') return null;
  return {
    line: session.line as LineKey,
    trajectory: session.trajectoryId as TrajectoryId,
    status,
    condition: session.condition,
    units: session.units,
    split: splitOf(session),
    codes: session.codes,
    deductible: session.deductible,
    paidToProvider: session.paidToProviderCents,
    claimFromInsured: session.claimFromInsuredCents,
    flags: session.flags,
    reason,
  };
}

export const splitOf = (session: SessionEntity): LineDecision['split'] => ({
  basic: session.basicCents,
  supplementary: session.supplementaryCents,
  insured: session.insuredCents,
  refused: session.refusedCents,
  undecided: session.undecidedCents,
});
