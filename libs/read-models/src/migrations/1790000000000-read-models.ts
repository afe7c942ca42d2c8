import type { MigrationInterface, QueryRunner } from 'typeorm';
import { schemaOf } from './schema';

/**
 * All tables of the read models. They hold nothing that the log does not: a rebuild makes them anew in a second schema, with
 * these same migrations, so a migration names its schema by `schemaOf` and never literally.
 */
export class ReadModels1790000000000 implements MigrationInterface {
  readonly name = 'ReadModels1790000000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    for (const statement of TABLES) await queryRunner.query(statement.replaceAll('$schema', schema));
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    const schema = schemaOf(queryRunner);
    for (const table of DOWN) await queryRunner.query(`drop table ${schema}.${table}`);
  }
}

const DOWN = [
  'trajectory',
  'session',
  'dossier',
  'booking',
  'work_item',
  'payer_split_month',
  'claim_file',
  'policy_activation',
  'parked_partition',
  'checkpoint',
];

const TABLES = [
  `create table $schema.trajectory (
    trajectory_id uuid not null,
    person_id uuid not null,
    regime text not null,
    diagnosis text not null,
    current_code text not null,
    condition text,
    condition_on date,
    condition_line text,
    absorbed_into uuid,
    first_session date,
    last_session date,
    lines integer not null,
    sessions_counted integer not null,
    last_position integer,
    held_lines integer not null,
    switches jsonb not null,
    histories jsonb not null,
    remaps jsonb not null,
    revision integer not null,
    started_at timestamptz not null,
    constraint trajectory_pkey primary key (trajectory_id)
  )`,
  'create index trajectory_person on $schema.trajectory (person_id)',
  `create table $schema.session (
    person_id uuid not null,
    line text not null,
    practice text not null,
    reference text not null,
    trajectory_id uuid not null,
    stored_in uuid not null,
    date date not null,
    start_time text,
    list text not null,
    performance text not null,
    diagnosis text not null,
    csi text not null,
    side text,
    quantity integer not null,
    declared_cents integer not null,
    insurer text not null,
    invoice text not null,
    received_on date not null,
    file_id uuid,
    file_record integer,
    command text,
    status text not null,
    condition text,
    first_position integer,
    last_position integer,
    positions integer not null,
    basic_cents integer not null,
    supplementary_cents integer not null,
    insured_cents integer not null,
    refused_cents integer not null,
    undecided_cents integer not null,
    codes text[] not null,
    deductible boolean not null,
    paid_to_provider_cents integer not null,
    claim_from_insured_cents integer not null,
    flags text[] not null,
    reason jsonb,
    units jsonb not null,
    decided_revision integer,
    withdrawn boolean not null,
    credit_reference text,
    recorded_at timestamptz not null,
    constraint session_pkey primary key (person_id, line)
  )`,
  'create index session_trajectory_date on $schema.session (trajectory_id, date)',
  `create table $schema.dossier (
    person_id uuid not null,
    insurance_periods jsonb not null,
    packages jsonb not null,
    died_on date,
    reported_switches jsonb not null,
    decided_revision integer,
    decided_at timestamptz,
    policy_digest text,
    policy_version text,
    engine text,
    waiting jsonb not null,
    revision integer not null,
    constraint dossier_pkey primary key (person_id)
  )`,
  `create table $schema.booking (
    person_id uuid not null,
    revision integer not null,
    ordinal integer not null,
    line text not null,
    flow text not null,
    cents bigint not null,
    command_id uuid not null,
    command_type text not null,
    policy_digest text not null,
    event_id uuid not null,
    recorded_at timestamptz not null,
    constraint booking_pkey primary key (person_id, revision, ordinal)
  )`,
  `create table $schema.work_item (
    subject uuid not null,
    kind text not null,
    person_id uuid not null,
    trajectory_id uuid,
    lines integer not null,
    since timestamptz not null,
    constraint work_item_pkey primary key (subject, kind)
  )`,
  'create index work_item_person on $schema.work_item (person_id)',
  'create index work_item_since on $schema.work_item (since, subject, kind)',
  `create table $schema.payer_split_month (
    month text not null,
    insurer text not null,
    purse text not null,
    cents bigint not null,
    sessions bigint not null,
    constraint payer_split_month_pkey primary key (month, insurer, purse)
  )`,
  `create table $schema.claim_file (
    file_id uuid not null,
    status text not null,
    digest text not null,
    bytes bigint not null,
    standard text,
    version text,
    insurer text,
    practice text,
    invoice text,
    invoice_date date,
    received_on date not null,
    lines integer not null,
    lines_processed integer not null,
    lines_decided integer not null,
    lines_held integer not null,
    lines_invalid integer not null,
    lines_refused integer not null,
    lines_credited integer not null,
    declared_cents bigint,
    granted_cents bigint not null,
    return_digest text,
    problems jsonb not null,
    recorded_at timestamptz not null,
    revision integer not null,
    constraint claim_file_pkey primary key (file_id)
  )`,
  `create table $schema.policy_activation (
    revision integer not null,
    digest text not null,
    version text not null,
    event_id uuid not null,
    recorded_at timestamptz not null,
    constraint policy_activation_pkey primary key (revision)
  )`,
  `create table $schema.parked_partition (
    partition text not null,
    event_id uuid not null,
    event_type text not null,
    position text not null,
    error text not null,
    since timestamptz not null,
    constraint parked_partition_pkey primary key (partition)
  )`,
  `create table $schema.checkpoint (
    id integer not null,
    position text,
    events bigint not null,
    updated_at timestamptz not null,
    constraint checkpoint_pkey primary key (id)
  )`,
  'insert into $schema.checkpoint (id, position, events, updated_at) values (1, null, 0, now())',
];
