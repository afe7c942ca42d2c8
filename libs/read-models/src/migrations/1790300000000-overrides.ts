import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './schema';

/** Decisions set by hand, of a trajectory. No log from before this migration holds any. */
export class Overrides1790300000000 implements MigrationInterface {
  readonly name = 'Overrides1790300000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    await queryRunner.query(`alter table ${schema}.trajectory add column overrides jsonb not null default '[]'`);
    await queryRunner.query(`alter table ${schema}.trajectory alter column overrides drop default`);
    await queryRunner.query(
      `create index trajectory_overridden on ${schema}.trajectory (person_id) where overrides <> '[]'::jsonb`,
    );
    // of the few bookings among the many that the end of an override made
    await queryRunner.query(
      `create index booking_of_lapsed_override on ${schema}.booking (person_id) where command_type = 'EndLapsedOverrides'`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`drop index ${schemaOf(queryRunner)}.booking_of_lapsed_override`);
    await queryRunner.query(`alter table ${schemaOf(queryRunner)}.trajectory drop column overrides`);
  }
}
