import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { DecisionReason, LineStatus, UnitDecision } from '#libs/trajectory';
import { MOMENT } from './columns';

/** `declared`: no decision has been recorded yet; `withdrawn`: credited, `moved`: with another person now; nothing stands on it here any more. */
export type SessionStatus = LineStatus | 'declared' | 'withdrawn' | 'moved';

/** One accepted claim line, with the last decision recorded on it. One that was credited or went to another person stays, marked withdrawn. */
@Entity('session')
@Index('session_trajectory_date', ['trajectoryId', 'date'])
export class SessionEntity {
  @PrimaryColumn('uuid', { name: 'person_id' }) personId: string;
  /** `<practice>/<reference>`. */
  @PrimaryColumn('text') line: string;
  @Column('text') practice: string;
  @Column('text') reference: string;
  /** The trajectory it counts in: that of the decision, else the one it is stored in. */
  @Column('uuid', { name: 'trajectory_id' }) trajectoryId: string;
  @Column('uuid', { name: 'stored_in' }) storedIn: string;
  @Column('date') date: string;
  @Column('text', { name: 'start_time', nullable: true }) startTime: string | null;
  @Column('text') list: string;
  @Column('text') performance: string;
  @Column('text') diagnosis: string;
  @Column('text') csi: string;
  @Column('text', { nullable: true }) side: string | null;
  @Column('integer') quantity: number;
  @Column('integer', { name: 'declared_cents' }) declaredCents: number;
  @Column('text') insurer: string;
  @Column('text') invoice: string;
  @Column('date', { name: 'received_on' }) receivedOn: string;
  @Column('uuid', { name: 'file_id', nullable: true }) fileId: string | null;
  @Column('integer', { name: 'file_record', nullable: true }) fileRecord: number | null;
  /** The command that declared it, when no file did. */
  @Column('text', { nullable: true }) command: string | null;
  @Column('text') status: SessionStatus;
  @Column('text', { nullable: true }) condition: string | null;
  /** Lowest and highest position of its sessions; provisional while held. */
  @Column('integer', { name: 'first_position', nullable: true }) firstPosition: number | null;
  @Column('integer', { name: 'last_position', nullable: true }) lastPosition: number | null;
  /** Sessions of it that have a position. */
  @Column('integer') positions: number;
  @Column('integer', { name: 'basic_cents' }) basicCents: number;
  @Column('integer', { name: 'supplementary_cents' }) supplementaryCents: number;
  @Column('integer', { name: 'insured_cents' }) insuredCents: number;
  @Column('integer', { name: 'refused_cents' }) refusedCents: number;
  @Column('integer', { name: 'undecided_cents' }) undecidedCents: number;
  @Column('text', { array: true }) codes: string[];
  @Column('boolean') deductible: boolean;
  @Column('integer', { name: 'paid_to_provider_cents' }) paidToProviderCents: number;
  @Column('integer', { name: 'claim_from_insured_cents' }) claimFromInsuredCents: number;
  @Column('text', { array: true }) flags: string[];
  @Column('jsonb', { nullable: true }) reason: DecisionReason | null;
  @Column('jsonb') units: UnitDecision[];
  /** Revision of the PersonDecided in the dossier that holds this decision. */
  @Column('integer', { name: 'decided_revision', nullable: true }) decidedRevision: number | null;
  @Column('boolean') withdrawn: boolean;
  @Column('text', { name: 'credit_reference', nullable: true }) creditReference: string | null;
  /** Commands that declared and credited it; null of a line that came from another person, and of what was taken in before this was kept. */
  @Column('uuid', { name: 'declared_by', nullable: true }) declaredBy: string | null;
  @Column('uuid', { name: 'credited_by', nullable: true }) creditedBy: string | null;
  /** File of the credit line, when one came in a file. */
  @Column('uuid', { name: 'credit_file_id', nullable: true }) creditFileId: string | null;
  @Column({ ...MOMENT, name: 'recorded_at' }) recordedAt: string;
}
