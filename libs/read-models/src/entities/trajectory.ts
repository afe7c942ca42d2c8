import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { HistoryImported, InsurerSwitched, DiagnosisRemapped, OverrideFact, Regime, StatementFact } from '#libs/trajectory';
import { MOMENT } from './columns';

/** A history import with what ended it; null while it is in effect. */
export type HistoryEntry = HistoryImported['data'] & { readonly endedBy: 'superseded' | 'retracted' | null };

/** A statement as it was recorded, and whether it was retracted since. */
export type StatementEntry = StatementFact & { readonly retracted: boolean };

/** A decision set by hand that is in effect, and who set it; `setAt` ISO 8601 in UTC. */
export type OverrideEntry = OverrideFact & {
  readonly setBy: string;
  readonly approvedBy: string | null;
  readonly reason: string | null;
  readonly setAt: string;
};

/** One course of treatment: its facts, and what the uncredited lines that count in it add up to. */
@Entity('trajectory')
@Index('trajectory_overridden', ['personId'], { where: `overrides <> '[]'::jsonb` })
export class TrajectoryEntity {
  @PrimaryColumn('uuid', { name: 'trajectory_id' }) trajectoryId: string;
  @Index('trajectory_person') @Column('uuid', { name: 'person_id' }) personId: string;
  @Column('text') regime: Regime;
  /** Code under which it began. */
  @Column('text') diagnosis: string;
  /** `to` of the remap recorded last, else `diagnosis`. */
  @Column('text', { name: 'current_code' }) currentCode: string;
  /** Condition of the latest line (date, then line key) that has one. */
  @Column('text', { nullable: true }) condition: string | null;
  @Column('date', { name: 'condition_on', nullable: true }) conditionOn: string | null;
  @Column('text', { name: 'condition_line', nullable: true }) conditionLine: string | null;
  /** The trajectory that absorbed it directly. */
  @Column('uuid', { name: 'absorbed_into', nullable: true }) absorbedInto: string | null;
  @Column('date', { name: 'first_session', nullable: true }) firstSession: string | null;
  @Column('date', { name: 'last_session', nullable: true }) lastSession: string | null;
  /** Uncredited lines that count in it, whatever their status. */
  @Column('integer') lines: number;
  /** Sessions with a position on decided lines; held ones have provisional positions and are not in. */
  @Column('integer', { name: 'sessions_counted' }) sessionsCounted: number;
  /** Highest position on a decided line. */
  @Column('integer', { name: 'last_position', nullable: true }) lastPosition: number | null;
  @Column('integer', { name: 'held_lines' }) heldLines: number;
  @Column('jsonb') switches: InsurerSwitched['data'][];
  @Column('jsonb') histories: HistoryEntry[];
  @Column('jsonb') remaps: DiagnosisRemapped['data'][];
  @Column('jsonb') statements: StatementEntry[];
  @Column('jsonb') overrides: OverrideEntry[];
  /** Last projected revision of its stream; -1 while only the dossier names it. */
  @Column('integer') revision: number;
  @Column({ ...MOMENT, name: 'started_at' }) startedAt: string;
}
