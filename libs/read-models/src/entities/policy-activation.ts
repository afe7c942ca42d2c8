import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from './columns';

/** One activation of a policy version, in order; the last is in effect. */
@Entity('policy_activation')
export class PolicyActivationEntity {
  /** Revision in the stream `policy-book`. */
  @PrimaryColumn('integer') revision: number;
  @Column('text') digest: string;
  @Column('text') version: string;
  @Column('uuid', { name: 'event_id' }) eventId: string;
  @Column({ ...MOMENT, name: 'recorded_at' }) recordedAt: string;
}
