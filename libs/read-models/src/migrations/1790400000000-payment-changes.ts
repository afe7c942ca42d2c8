import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './schema';

/**
 * What practices are paid otherwise, by day. Rows are made as decisions are taken in; those of decisions that were taken in before this migration come with a
 * rebuild, and `payment_changes_after` tells until when they are lacking.
 */
export class PaymentChanges1790400000000 implements MigrationInterface {
  readonly name = 'PaymentChanges1790400000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    await queryRunner.query(`create table ${schema}.payment_change (
      person_id uuid not null,
      revision integer not null,
      line text not null,
      practice text not null,
      reference text not null,
      invoice text not null,
      session_date date not null,
      granted_before_cents integer not null,
      granted_now_cents integer not null,
      cause_type text not null,
      cause_id text not null,
      recorded_on date not null,
      constraint payment_change_pkey primary key (person_id, revision, line)
    )`);
    // in the order in which a day is told: a page of it is read off the index, whatever else the day holds
    await queryRunner.query(
      `create index payment_change_day on ${schema}.payment_change (recorded_on, practice collate "C", cause_type collate "C",
         cause_id collate "C", invoice collate "C", reference collate "C", person_id, revision)`,
    );
    await queryRunner.query(
      `alter table ${schema}.session add column declared_by uuid, add column credited_by uuid, add column credit_file_id uuid`,
    );
    await queryRunner.query(`alter table ${schema}.checkpoint add column payment_changes_after timestamptz`);
    await queryRunner.query(`update ${schema}.checkpoint set payment_changes_after = now() where position is not null`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    await queryRunner.query(`alter table ${schema}.checkpoint drop column payment_changes_after`);
    await queryRunner.query(
      `alter table ${schema}.session drop column declared_by, drop column credited_by, drop column credit_file_id`,
    );
    await queryRunner.query(`drop table ${schema}.payment_change`);
  }
}
