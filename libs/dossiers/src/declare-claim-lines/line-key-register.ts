/**
 * Whose line a key is, over all persons. The key of a claim line is (practice, reference) and nothing else, while a person's
 * streams only tell that person's lines; so keys are registered in PostgreSQL, in one round trip per batch. The register is no truth: it
 * says where to look, and that person's streams say whether the line is there.
 */
import type { Pool } from 'pg';
import { installSchema } from '#libs/platform';
import type { EventStore } from '#libs/event-store';
import { lineKey, type LineKey, type PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import type { PersonLines } from './command';

/** Creates the register's table, once, whichever process comes first. */
export async function installLineKeyRegister(pool: Pool): Promise<void> {
  await installSchema(
    pool,
    'line key register',
    `
    create schema if not exists dossiers;
    create table if not exists dossiers.line_key (line text collate "C" primary key, person_id uuid not null)`,
  );
}

const REGISTER = {
  name: 'dossiers.register_line_keys',
  text: 'insert into dossiers.line_key (line, person_id) select * from unnest($1::text[], $2::uuid[]) on conflict (line) do nothing',
};
const OWNERS = {
  name: 'dossiers.line_key_owners',
  text: 'select line, person_id from dossiers.line_key where line = any($1::text[])',
};
const TAKE_OVER = {
  name: 'dossiers.take_over_line_key',
  text: 'update dossiers.line_key set person_id = $3 where line = $1 and person_id = $2',
};

export class LineKeyRegister {
  constructor(
    private readonly pool: Pool,
    private readonly store: EventStore,
  ) {}

  /** Registers the debit lines; answers per person the keys that a line of another person has. Safe in parallel. */
  async takenByOthers(persons: readonly PersonLines[]): Promise<ReadonlyMap<PersonId, ReadonlySet<LineKey>>> {
    const wanted = personsByKey(persons);
    if (wanted.size === 0) return new Map();
    // In key order, so that two batches with the same keys do not wait for each other in a circle.
    const keys = [...wanted.keys()].sort();
    const first = keys.map((key) => wanted.get(key)?.[0]);
    const { rowCount } = await this.pool.query({ ...REGISTER, values: [keys, first] });
    if (rowCount === keys.length && [...wanted.values()].every((each) => each.length === 1)) return new Map();
    const { rows } = await this.pool.query<{ line: LineKey; person_id: PersonId }>({ ...OWNERS, values: [keys] });
    const taken = new Map<PersonId, Set<LineKey>>();
    for (const { line, person_id: registered } of rows) {
      const claimants = wanted.get(line) ?? [];
      const owner = claimants.includes(registered) ? registered : await this.ownerOf(line, registered, claimants[0] as PersonId);
      for (const person of claimants)
        if (person !== owner) taken.set(person, (taken.get(person) ?? new Set<LineKey>()).add(line));
    }
    return taken;
  }

  /** The registered person when that one's line is there. Else it never became a fact, refused or stopped: the claimant has the key. */
  private async ownerOf(line: LineKey, registered: PersonId, claimant: PersonId): Promise<PersonId> {
    if (await this.hasLine(registered, line)) return registered;
    await this.pool.query({ ...TAKE_OVER, values: [line, registered, claimant] });
    return claimant;
  }

  private async hasLine(person: PersonId, line: LineKey): Promise<boolean> {
    const loaded = (await loadPersons(this.store, [person])).get(person);
    if (loaded === undefined) return false;
    for (const event of loaded.unseen) loaded.fold.apply(event);
    return [...loaded.fold.trajectories.values()].some((each) => each.sessions.has(line) || each.withdrawn.has(line));
  }
}

/** Who declares a debit line under each key, in the order of the batch. */
function personsByKey(persons: readonly PersonLines[]): ReadonlyMap<LineKey, readonly PersonId[]> {
  const wanted = new Map<LineKey, PersonId[]>();
  for (const { personId, lines } of persons)
    for (const line of lines) {
      if (line.kind !== 'debit') continue;
      const key = lineKey(line.practice, line.reference);
      const claimants = wanted.get(key);
      if (claimants === undefined) wanted.set(key, [personId]);
      else if (!claimants.includes(personId)) claimants.push(personId);
    }
  return wanted;
}
