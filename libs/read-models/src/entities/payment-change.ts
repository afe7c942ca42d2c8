import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One decision moved what a practice is granted for a line that was declared before. Lines that its command declared or credited itself are not here. */
@Entity('payment_change')
@Index('payment_change_day', { synchronize: false })
export class PaymentChangeEntity {
  @PrimaryColumn('uuid', { name: 'person_id' }) personId: string;
  /** Revision of the PersonDecided in the dossier's stream. */
  @PrimaryColumn('integer') revision: number;
  /** `<practice>/<reference>`. */
  @PrimaryColumn('text') line: string;
  @Column('text') practice: string;
  @Column('text') reference: string;
  /** Of the original declaration. */
  @Column('text') invoice: string;
  @Column('date', { name: 'session_date' }) sessionDate: string;
  @Column('integer', { name: 'granted_before_cents' }) grantedBeforeCents: number;
  @Column('integer', { name: 'granted_now_cents' }) grantedNowCents: number;
  @Column('text', { name: 'cause_type' }) causeType: string;
  /** Command, claim file, campaign, or digest of the activated policy. */
  @Column('text', { name: 'cause_id' }) causeId: string;
  /** Day in the Netherlands on which the decision was recorded. */
  @Column('date', { name: 'recorded_on' }) recordedOn: string;
}
