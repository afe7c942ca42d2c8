/** A claim line's row, from its fact and from its decision. */
import { lineKey, type LineDecision, type SessionDeclared, type SessionWithdrawn } from '#libs/trajectory';
import type { SessionRow } from '../rows';

/**
 * The row of a line that was just declared: all of its cents are undecided.
 * @param declaredBy command; null of one that came from another person
 */
export function declaredRow(
  personId: string,
  storedIn: string,
  fact: SessionDeclared['data'],
  recordedAt: string,
  declaredBy: string | null,
): SessionRow {
  const fromFile = 'file' in fact.source ? fact.source : null;
  return {
    personId,
    line: lineKey(fact.practice, fact.reference),
    practice: fact.practice,
    reference: fact.reference,
    trajectoryId: storedIn,
    storedIn,
    date: fact.date,
    startTime: fact.startTime ?? null,
    list: fact.list,
    performance: fact.performance,
    diagnosis: fact.diagnosis,
    csi: fact.csi,
    side: fact.side ?? null,
    quantity: fact.quantity,
    declaredCents: fact.declaredCents,
    insurer: fact.insurer,
    invoice: fact.invoice,
    receivedOn: fact.receivedOn,
    fileId: fromFile === null ? null : fromFile.file,
    fileRecord: fromFile === null ? null : fromFile.record,
    command: 'command' in fact.source ? fact.source.command : null,
    ...undecided('declared', fact.declaredCents),
    decidedRevision: null,
    withdrawn: false,
    creditReference: null,
    declaredBy,
    creditedBy: null,
    creditFileId: null,
    recordedAt,
  };
}

/** Puts the recorded decision on the row. */
export function applyDecision(row: SessionRow, decision: LineDecision, revision: number): void {
  const positions: number[] = [];
  for (const { position } of decision.units) if (position !== null) positions.push(position);
  Object.assign(row, {
    trajectoryId: decision.trajectory,
    status: decision.status,
    condition: decision.condition,
    firstPosition: positions.length === 0 ? null : Math.min(...positions),
    lastPosition: positions.length === 0 ? null : Math.max(...positions),
    positions: positions.length,
    basicCents: decision.split.basic,
    supplementaryCents: decision.split.supplementary,
    insuredCents: decision.split.insured,
    refusedCents: decision.split.refused,
    undecidedCents: decision.split.undecided,
    codes: decision.codes,
    deductible: decision.deductible,
    paidToProviderCents: decision.paidToProvider,
    claimFromInsuredCents: decision.claimFromInsured,
    flags: decision.flags,
    reason: JSON.stringify(decision.reason),
    units: JSON.stringify(decision.units),
    decidedRevision: revision,
  } satisfies Partial<SessionRow>);
}

/** Marks the row as credited: it stays for the record, and nothing stands on it any more. */
export function applyCredit(row: SessionRow, { creditReference, source }: SessionWithdrawn['data'], creditedBy: string): void {
  Object.assign(row, {
    ...undecided('withdrawn', 0),
    ...{ withdrawn: true, creditReference, creditedBy, creditFileId: 'file' in source ? source.file : null },
  } satisfies Partial<SessionRow>);
}

/** Marks the row as gone to another person, as a credited one. */
export function applyDeparture(row: SessionRow): void {
  Object.assign(row, { ...undecided('moved', 0), withdrawn: true } satisfies Partial<SessionRow>);
}

const undecided = (status: 'declared' | 'withdrawn' | 'moved', undecidedCents: number) =>
  ({
    status,
    condition: null,
    firstPosition: null,
    lastPosition: null,
    positions: 0,
    basicCents: 0,
    supplementaryCents: 0,
    insuredCents: 0,
    refusedCents: 0,
    undecidedCents,
    codes: [],
    deductible: false,
    paidToProviderCents: 0,
    claimFromInsuredCents: 0,
    flags: [],
    reason: null,
    units: '[]',
  }) satisfies Partial<SessionRow>;
