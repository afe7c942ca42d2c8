import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ClaimFileRefused } from '#libs/trajectory';
import { BIGINT, MOMENT } from './columns';

export type ClaimFileStatus = 'received' | 'processing' | 'completed' | 'refused';

/** One claim file: what came in, how far it is, what was granted. */
@Entity('claim_file')
export class ClaimFileEntity {
  @PrimaryColumn('uuid', { name: 'file_id' }) fileId: string;
  @Column('text') status: ClaimFileStatus;
  /** SHA-256 of the bytes, hex. */
  @Column('text') digest: string;
  @Column(BIGINT) bytes: number;
  /** The next six are null when the file was refused as a whole. */
  @Column('text', { nullable: true }) standard: string | null;
  @Column('text', { nullable: true }) version: string | null;
  @Column('text', { nullable: true }) insurer: string | null;
  @Column('text', { nullable: true }) practice: string | null;
  @Column('text', { nullable: true }) invoice: string | null;
  @Column('date', { name: 'invoice_date', nullable: true }) invoiceDate: string | null;
  @Column('date', { name: 'received_on' }) receivedOn: string;
  /** Performance records that the file announces. */
  @Column('integer') lines: number;
  /** Lines processed so far, in all and by outcome. */
  @Column('integer', { name: 'lines_processed' }) linesProcessed: number;
  @Column('integer', { name: 'lines_decided' }) linesDecided: number;
  @Column('integer', { name: 'lines_held' }) linesHeld: number;
  @Column('integer', { name: 'lines_invalid' }) linesInvalid: number;
  @Column('integer', { name: 'lines_refused' }) linesRefused: number;
  @Column('integer', { name: 'lines_credited' }) linesCredited: number;
  @Column({ ...BIGINT, name: 'declared_cents', nullable: true }) declaredCents: number | null;
  /** Sum over the lines processed so far; the completed file's total in the end. */
  @Column({ ...BIGINT, name: 'granted_cents' }) grantedCents: number;
  @Column('text', { name: 'return_digest', nullable: true }) returnDigest: string | null;
  @Column('jsonb') problems: ClaimFileRefused['data']['problems'];
  @Column({ ...MOMENT, name: 'recorded_at' }) recordedAt: string;
  /** Last projected revision of its stream. */
  @Column('integer') revision: number;
}
