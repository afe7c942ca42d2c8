import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT, MOMENT } from './columns';

/** How far these read models are in the log. One row, written in the transaction of the rows it stands for. */
@Entity('checkpoint')
export class CheckpointEntity {
  /** Always 1. */
  @PrimaryColumn('integer') id: number;
  /** Position of the last event taken in; null before the first. */
  @Column('text', { nullable: true }) position: string | null;
  /** Events taken in since the tables were made. */
  @Column(BIGINT) events: number;
  @Column({ ...MOMENT, name: 'updated_at' }) updatedAt: string;
  /** Payment changes of decisions that were taken in until then may be lacking, until a rebuild; null = there are all. */
  @Column({ ...MOMENT, name: 'payment_changes_after', nullable: true }) paymentChangesAfter: string | null;
}
