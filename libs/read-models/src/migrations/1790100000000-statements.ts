import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './schema';

/** Statements of a trajectory: clinical facts, confirmations, authorisations. No log from before this migration holds any. */
export class Statements1790100000000 implements MigrationInterface {
  readonly name = 'Statements1790100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const table = `${schemaOf(queryRunner)}.trajectory`;
    await queryRunner.query(`alter table ${table} add column statements jsonb not null default '[]'`);
    await queryRunner.query(`alter table ${table} alter column statements drop default`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table ${schemaOf(queryRunner)}.trajectory drop column statements`);
  }
}
