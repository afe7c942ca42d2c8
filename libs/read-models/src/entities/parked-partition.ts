import { Column, Entity, PrimaryColumn } from 'typeorm';
import { MOMENT } from './columns';

/**
 * An event that could not be projected stopped its partition: a person, or the stream of an event of no person. Its later
 * events wait in the store until it is retried; the others go on.
 */
@Entity('parked_partition')
export class ParkedPartitionEntity {
  /** Person id, or the name of a claim file's or the policy book's stream. */
  @PrimaryColumn('text') partition: string;
  @Column('uuid', { name: 'event_id' }) eventId: string;
  @Column('text', { name: 'event_type' }) eventType: string;
  @Column('text') position: string;
  /** What was wrong, without any value of the event. */
  @Column('text') error: string;
  @Column(MOMENT) since: string;
}
