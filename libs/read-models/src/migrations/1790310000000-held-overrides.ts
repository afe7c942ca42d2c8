import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './schema';

/**
 * Lines that are held but for an override count in the item `held` from now on, and were left out before. Where the item had gone its day
 * is no longer known: that on which the first of the lines was taken in stands for it, until a rebuild.
 */
export class HeldOverrides1790310000000 implements MigrationInterface {
  readonly name = 'HeldOverrides1790310000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    await queryRunner.query(
      `insert into ${schema}.work_item (subject, kind, person_id, trajectory_id, lines, since)
       select trajectory_id, 'held', person_id, trajectory_id, count(*), min(recorded_at)
       from ${schema}.session ${HELD_BUT_FOR_AN_OVERRIDE} group by person_id, trajectory_id
       on conflict (subject, kind) do update set lines = work_item.lines + excluded.lines`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    await queryRunner.query(
      `update ${schema}.work_item as item set lines = item.lines - byhand.lines
       from (select trajectory_id, count(*) as lines from ${schema}.session ${HELD_BUT_FOR_AN_OVERRIDE} group by 1) as byhand
       where item.kind = 'held' and item.subject = byhand.trajectory_id`,
    );
    await queryRunner.query(`delete from ${schema}.work_item where kind = 'held' and lines = 0`);
  }
}

const HELD_BUT_FOR_AN_OVERRIDE = `where not withdrawn and 'overridden' = any(flags) and reason->'values'->>'derivedStatus' = 'held'`;
