import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { MOMENT } from './columns';

/**
 * Something for the back office to do on one trajectory, or on one person: `held` (lines wait for a history, also where their money is
 * set by hand meanwhile), `history-to-ask`, or a flag of decisions such as `date-to-confirm`. It is there as long as its cause is.
 */
@Entity('work_item')
@Index('work_item_since', ['since', 'subject', 'kind'])
export class WorkItemEntity {
  /** Trajectory id, or the person id of an item on no trajectory. */
  @PrimaryColumn('uuid') subject: string;
  @PrimaryColumn('text') kind: string;
  @Index('work_item_person') @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('uuid', { name: 'trajectory_id', nullable: true }) trajectoryId: string | null;
  /** Lines that carry the cause; 0 for `history-to-ask`. */
  @Column('integer') lines: number;
  /** When the event was recorded that raised it. */
  @Column(MOMENT) since: string;
}
