import type { Explanation } from '#libs/coverage';
import type { SessionEntity } from '#libs/read-models';
import type { LineDecision } from '#libs/trajectory';
import { splitOf } from '../decisions/decision-records';
import type { ReasonAnswer, SessionAnswer } from './session-schema';

export function reasonOf(decision: LineDecision, explanation: Explanation): ReasonAnswer {
  const { sentence, nl, source, conditionSource, interpretations, policyVersion, policyDigest } = explanation;
  return {
    rule: decision.reason.rule,
    values: { ...decision.reason.values },
    sentence: { en: sentence, nl },
    source,
    conditionSource,
    interpretations: interpretations.map(({ name, value, reason }) => ({ name, value, reason })),
    policy: { version: policyVersion, digest: policyDigest },
  };
}

/** One literal: a dossier has hundreds of sessions, and spreads of objects cost many times as much. */
export function sessionOf(session: SessionEntity, reason: ReasonAnswer | null): SessionAnswer {
  const { line, practice, reference, trajectoryId, date, startTime, list, performance, diagnosis, csi, side } = session;
  const { quantity, insurer, invoice, receivedOn, declaredCents, status, condition, codes, deductible, flags } = session;
  const { firstPosition, lastPosition, fileId, fileRecord, command, creditReference, decidedRevision } = session;
  return {
    line,
    practice,
    reference,
    trajectoryId,
    date,
    startTime,
    list,
    performance,
    diagnosis,
    csi,
    side,
    quantity,
    insurer,
    invoice,
    receivedOn,
    declaredCents,
    status,
    condition,
    codes,
    deductible,
    flags,
    source: fileId === null || fileRecord === null ? { command: command ?? '' } : { file: fileId, record: fileRecord },
    position: firstPosition === null || lastPosition === null ? null : { first: firstPosition, last: lastPosition },
    split: splitOf(session),
    paidToProviderCents: session.paidToProviderCents,
    claimFromInsuredCents: session.claimFromInsuredCents,
    units: session.units.map(({ position, purse, cents, rule }) => ({ position, purse, cents, rule })),
    creditReference,
    decidedRevision,
    reason,
  };
}
