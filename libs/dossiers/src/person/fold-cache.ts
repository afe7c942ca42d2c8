/**
 * Folded persons with a long history, kept in PostgreSQL. Never truth: a snapshot is one of the past, what came after is read from the
 * streams on top, `verify` reads the streams alone, and the table may be emptied at any time. Only for stores with atomic units: there
 * a person's streams never hold half a command.
 */
import type { Pool } from 'pg';
import { installSchema } from '#libs/platform';
import {
  FOLD_VERSION,
  restorePerson,
  snapshotOf,
  type CommandId,
  type PersonFold,
  type PersonId,
  type RestoredPerson,
} from '#libs/trajectory';

/** Creates the cache's table, once, whichever process comes first. */
export async function installFoldCache(pool: Pool): Promise<void> {
  await installSchema(
    pool,
    'fold cache',
    `
    create schema if not exists dossiers;
    create unlogged table if not exists dossiers.folded_person (
      person_id uuid primary key, fold_version integer not null, revision bigint not null, snapshot text not null);
    alter table dossiers.folded_person alter column snapshot set storage external`,
  );
}

const READ = {
  name: 'dossiers.read_folded_persons',
  text: 'select snapshot from dossiers.folded_person where person_id = any($1::uuid[]) and fold_version = $2',
};
const KEEP = {
  name: 'dossiers.keep_folded_persons',
  text: `insert into dossiers.folded_person as kept (person_id, fold_version, revision, snapshot)
    select person, $2, revision, snapshot from unnest($1::uuid[], $3::bigint[], $4::text[]) new (person, revision, snapshot)
    on conflict (person_id) do update
      set fold_version = excluded.fold_version, revision = excluded.revision, snapshot = excluded.snapshot
      where kept.fold_version <> excluded.fold_version or kept.revision < excluded.revision`,
};

const DROP = {
  name: 'dossiers.drop_folded_persons',
  text: 'delete from dossiers.folded_person where person_id = any($1::uuid[])',
};

/** Events that a person must have gained since the last snapshot to be kept anew: short histories are quicker read than kept. */
export const EVENTS_TO_KEEP = 96;

/** A fold to be kept, at the dossier's revision, and the commands whose decisions lie in an earlier snapshot. */
export interface FoldToKeep {
  readonly fold: PersonFold;
  readonly revision: number;
  readonly earlier: Iterable<CommandId>;
}

export interface FoldCache {
  read(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, () => RestoredPerson>>;
  keep(folds: readonly FoldToKeep[]): Promise<void>;
  /** Forgets persons whose snapshot did not fit their streams. */
  drop(persons: readonly PersonId[]): Promise<void>;
}

export class PostgresFoldCache implements FoldCache {
  constructor(private readonly pool: Pool) {}

  /** Snapshots of this fold version; each call of an answer gives a fold of its own. */
  async read(persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, () => RestoredPerson>> {
    const { rows } = await this.pool.query<{ snapshot: string }>({ ...READ, values: [persons, FOLD_VERSION] });
    const kept = new Map<PersonId, () => RestoredPerson>();
    for (const { snapshot } of rows) {
      const first = readable(snapshot);
      if (first === null) continue;
      let isFirst = true;
      kept.set(first.fold.personId, () => {
        // most folds are needed once; a second one is made from the text again
        if (isFirst) {
          isFirst = false;
          return first;
        }
        return restorePerson(snapshot) as RestoredPerson;
      });
    }
    return kept;
  }

  async drop(persons: readonly PersonId[]): Promise<void> {
    if (persons.length > 0) await this.pool.query({ ...DROP, values: [persons] });
  }

  /** Keeps the folds; one of a later revision that another process kept stays. */
  async keep(given: readonly FoldToKeep[]): Promise<void> {
    if (given.length === 0) return;
    // In one order, so that two processes with the same persons do not wait for each other in a circle.
    const folds = [...given].sort((a, b) => (a.fold.personId < b.fold.personId ? -1 : 1));
    const persons = folds.map(({ fold }) => fold.personId);
    const revisions = folds.map(({ revision }) => revision);
    const snapshots = folds.map(({ fold, earlier }) => snapshotOf(fold, earlier));
    try {
      await this.pool.query({ ...KEEP, values: [persons, FOLD_VERSION, revisions, snapshots] });
    } catch (error) {
      // The commands are written and stand; what was not kept is read from the streams next time.
      process.emitWarning(
        `folds of long histories were not kept: ${error instanceof Error ? error.message : String(error)}`,
        'FoldCacheWarning',
      );
    }
  }
}

/** A text that is no snapshot counts as none: the streams are read. */
function readable(snapshot: string): RestoredPerson | null {
  try {
    return restorePerson(snapshot);
  } catch {
    return null;
  }
}
