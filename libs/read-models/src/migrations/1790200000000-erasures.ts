import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './schema';

/** When a person was erased. No log from before this migration holds an erasure. */
export class Erasures1790200000000 implements MigrationInterface {
  readonly name = 'Erasures1790200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table ${schemaOf(queryRunner)}.dossier add column erased_at timestamptz`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table ${schemaOf(queryRunner)}.dossier drop column erased_at`);
  }
}
