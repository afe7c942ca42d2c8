/** Carries an erasure out in this database. The same for the first time and for the time after a restore; done twice it does nothing. */
import type { Pool } from 'pg';
import type { EventStore, LogPosition } from '#libs/event-store';
import type { IdentityVault } from '#libs/identity';
import type { PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import { closeDossier } from './close-dossier';
import { removeCopies, tracesOf } from './copies';
import { ErasureListError, type ErasureList, type ListedErasures } from './erasure-list';

export interface ErasurePlaces {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly vault: IdentityVault;
  /** Null when none is configured: then nobody can be erased. */
  readonly list: ErasureList | null;
}

/**
 * Destroys the key, closes the dossier and removes the copies, in this order: what is left after a crash in between is a person who can
 * no longer be found, and the next opening goes on. Answers the position of `PersonErased`; null without a dossier.
 */
export async function applyErasure(
  { pool, store, vault }: ErasurePlaces,
  personId: PersonId,
  erasedAt: string,
  actor: string,
): Promise<LogPosition | null> {
  await vault.destroyKey(personId);
  const position = await closeDossier(store, personId, erasedAt, actor);
  const loaded = (await loadPersons(store, [personId])).get(personId);
  await removeCopies(pool, tracesOf(personId, loaded));
  // a restored database may have the request as it was before its confirmation: there is nothing to confirm any more
  await pool.query('delete from dossiers.erasure_request where person_id = $1 and confirmed_at is null', [personId]);
  await pool.query('update dossiers.erasure_request set erased_at = $2 where person_id = $1 and erased_at is null', [
    personId,
    erasedAt,
  ]);
  await pool.query('insert into dossiers.erasure_applied (person_id) values ($1) on conflict do nothing', [personId]);
  return position;
}

/** Actor of what is done again after a restore. */
const FROM_LIST = 'erasure-list';

/**
 * Applies what is in the list and not in this database: after a restore from before, or a crash. Answers how many persons that were.
 * Nothing may be served before it.
 * @throws ErasureListError also when the list is not configured, or behind the erasures that this database knows
 */
export async function reapplyErasures(places: ErasurePlaces): Promise<number> {
  const { list, vault } = places;
  const known = await vault.erasedPersons();
  if (list === null) {
    if (known.size === 0) return 0;
    throw new ErasureListError(
      'not-configured',
      `${known.size} persons were erased in this database, and no erasure list is configured: set TRAJECT_ERASURE_LIST to its file, ` +
        'for every process, so that a restored database is held to it',
    );
  }
  const listed = await list.read();
  const missing = [...known.keys()].filter((person) => !listed.has(person as PersonId)).length;
  if (missing > 0) {
    throw new ErasureListError(
      'behind',
      `the erasure list ${list.file} lacks ${missing} of the ${known.size} erasures that this database knows: it is an older copy, or that of ` +
        'another database. Put the newest one back',
    );
  }
  const pending = await notApplied(places, listed);
  for (const [personId, erasedAt] of pending) await applyErasure(places, personId, erasedAt, FROM_LIST);
  // a fold that was kept by a command just before the dossier was closed
  if (listed.size > 0)
    await places.pool.query('delete from dossiers.folded_person where person_id = any($1::uuid[])', [[...listed.keys()]]);
  return pending.size;
}

/**
 * With the events in the same database one restore restores both, and a mark says what is done; a vault that was restored alone tells
 * that it knows the person again. Events elsewhere may be restored alone: then every dossier of the list is looked at.
 */
async function notApplied({ pool, store, vault }: ErasurePlaces, listed: ListedErasures): Promise<ListedErasures> {
  if (!store.capabilities.atomicUnits) return listed;
  const { rows } = await pool.query<{ person_id: PersonId }>('select person_id from dossiers.erasure_applied');
  const applied = new Set(rows.map(({ person_id }) => person_id));
  const known = new Set(await vault.knownAmong([...listed.keys()]));
  return new Map([...listed].filter(([person]) => !applied.has(person) || known.has(person)));
}
