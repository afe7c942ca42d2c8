import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BIGINT, MOMENT } from './columns';

/** The three purses, and the two money flows booked beside them. */
export const FLOWS = ['basic', 'supplementary', 'insured', 'paidToProvider', 'claimFromInsured'] as const;
export type Flow = (typeof FLOWS)[number];

/** One posting of a difference in one purse or flow of one line. Append-only. */
@Entity('booking')
@Index('booking_of_lapsed_override', ['personId'], { where: `command_type = 'EndLapsedOverrides'` })
export class BookingEntity {
  @PrimaryColumn('uuid', { name: 'person_id' }) personId: string;
  /** Revision of the PersonDecided in the dossier's stream. */
  @PrimaryColumn('integer') revision: number;
  /** Ordinal within that event, from 0. */
  @PrimaryColumn('integer') ordinal: number;
  @Column('text') line: string;
  @Column('text') flow: Flow;
  @Column(BIGINT) cents: number;
  @Column('uuid', { name: 'command_id' }) commandId: string;
  @Column('text', { name: 'command_type' }) commandType: string;
  @Column('text', { name: 'policy_digest' }) policyDigest: string;
  @Column('uuid', { name: 'event_id' }) eventId: string;
  @Column({ ...MOMENT, name: 'recorded_at' }) recordedAt: string;
}
