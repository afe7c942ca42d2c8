import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InsurancePeriod, PackagePeriod, SwitchReported } from '#libs/trajectory';
import { MOMENT } from './columns';

/** What is known of one person's insurance, and the last decision. */
@Entity('dossier')
export class DossierEntity {
  @PrimaryColumn('uuid', { name: 'person_id' }) personId: string;
  @Column('jsonb', { name: 'insurance_periods' }) insurancePeriods: InsurancePeriod[];
  @Column('jsonb') packages: PackagePeriod[];
  @Column('date', { name: 'died_on', nullable: true }) diedOn: string | null;
  /** Switches reported by the member administration without a trajectory. */
  @Column('jsonb', { name: 'reported_switches' }) reportedSwitches: SwitchReported['data'][];
  /** Revision of the last PersonDecided. */
  @Column('integer', { name: 'decided_revision', nullable: true }) decidedRevision: number | null;
  @Column({ ...MOMENT, name: 'decided_at', nullable: true }) decidedAt: string | null;
  @Column('text', { name: 'policy_digest', nullable: true }) policyDigest: string | null;
  @Column('text', { name: 'policy_version', nullable: true }) policyVersion: string | null;
  @Column('text', { nullable: true }) engine: string | null;
  /** Decisions that stand in the log before facts that they have seen; they are applied once those are in. */
  @Column('jsonb') waiting: unknown[];
  /** The person was erased: nothing else of them is kept here. */
  @Column({ ...MOMENT, name: 'erased_at', nullable: true }) erasedAt: string | null;
  /** Last projected revision of the dossier's stream; -1 while only a trajectory's stream is known. */
  @Column('integer') revision: number;
}
