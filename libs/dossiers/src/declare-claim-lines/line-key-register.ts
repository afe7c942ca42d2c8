/**
 * Whose line a key is, over all persons. The key of a claim line is (practice, reference) and nothing else, while a person's
 * streams only tell that person's lines; so keys are registered in PostgreSQL, in one round trip per batch. The register is no truth: it
 * says where to look, and that person's streams say whether the line is there.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { installSchema } from '#libs/platform';
import type { EventStore } from '#libs/event-store';
import { departureOf, hasArrived, lineKey, type LineKey, type PersonFacts, type PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import type { PersonLines } from './command';

/** Creates the register's table, once, whichever process comes first. */
export async function installLineKeyRegister(pool: Pool): Promise<void> {
  await installSchema(
    pool,
    'line key register',
    `
    create schema if not exists dossiers;
    create table if not exists dossiers.line_key (line text collate "C" primary key, person_id uuid not null, registered_at timestamptz not null default clock_timestamp())`,
  );
}

const REGISTER = {
  name: 'dossiers.register_line_keys',
  text: 'insert into dossiers.line_key (line, person_id) select * from unnest($1::text[], $2::uuid[]) on conflict (line) do nothing',
};
const OWNERS = {
  name: 'dossiers.line_key_owners',
  text: `select line, person_id, extract(epoch from clock_timestamp() - registered_at) * 1000 as age_ms
    from dossiers.line_key where line = any($1::text[])`,
};
const TAKE_OVER = {
  name: 'dossiers.take_over_line_key',
  text: 'update dossiers.line_key set person_id = $3, registered_at = clock_timestamp() where line = $1 and person_id = $2',
};

interface Owner {
  readonly person: PersonId;
  /** Since the registration. */
  readonly ageMs: number;
}

/** Between the registration of a key and its line's append lie the reading and deciding of one group of persons. */
const SETTLING_MS = 5_000;
const POLL_MS = 100;

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
    const taken = new Map<PersonId, Set<LineKey>>();
    for (const { line, owner } of await this.ownersOf(keys)) {
      const claimants = wanted.get(line) ?? [];
      const holder = claimants.includes(owner.person)
        ? owner.person
        : await this.settledOwner(line, owner, claimants[0] as PersonId);
      for (const person of claimants)
        if (person !== holder) taken.set(person, (taken.get(person) ?? new Set<LineKey>()).add(line));
    }
    return taken;
  }

  /** The line counts with another person from now on. Left undone by a process that is killed: then the first one's streams tell it. */
  async follow(line: LineKey, from: PersonId, to: PersonId): Promise<void> {
    await this.pool.query({ ...TAKE_OVER, values: [line, from, to] });
  }

  private async ownersOf(keys: readonly LineKey[]): Promise<{ line: LineKey; owner: Owner }[]> {
    const { rows } = await this.pool.query<{ line: LineKey; person_id: PersonId; age_ms: string }>({ ...OWNERS, values: [keys] });
    return rows.map(({ line, person_id: person, age_ms: ageMs }) => ({ line, owner: { person, ageMs: Number(ageMs) } }));
  }

  /**
   * Who has a key that another person registered: that one, when the line is there, or comes while its registration is young; else
   * the line never became a fact (refused, or its process stopped) and the claimant takes the key, unless a third one is quicker.
   */
  private async settledOwner(line: LineKey, registered: Owner, claimant: PersonId): Promise<PersonId> {
    let owner = registered;
    for (;;) {
      if (owner.person === claimant) return claimant;
      const holder = await this.holderOf(owner.person, line);
      if (holder !== null) {
        if (holder !== owner.person) await this.follow(line, owner.person, holder);
        return holder;
      }
      if (owner.ageMs >= SETTLING_MS) {
        const { rowCount } = await this.pool.query({ ...TAKE_OVER, values: [line, owner.person, claimant] });
        if (rowCount === 1) return claimant;
      } else await delay(POLL_MS);
      const [now] = await this.ownersOf([line]);
      if (now === undefined) throw new Error('a registered line key is gone; rows of the register are never removed');
      owner = now.owner;
    }
  }

  /**
   * Who has the line, by what the person's streams say: they themselves, or the one to whom it went; while it is on its way whoever let it
   * go. null = nobody.
   */
  private async holderOf(first: PersonId, line: LineKey): Promise<PersonId | null> {
    for (let facts = await this.factsOf(first); ;) {
      const departure = departureOf(facts, line);
      if (departure === null) {
        const trajectories = [...facts.trajectories.values()];
        return trajectories.some((each) => each.sessions.has(line) || each.withdrawn.has(line)) ? facts.personId : null;
      }
      const receiver = await this.factsOf(departure.person);
      if (!hasArrived(receiver, line, departure.move)) return facts.personId;
      facts = receiver;
    }
  }

  /** With what no decision has seen. */
  private async factsOf(person: PersonId): Promise<PersonFacts> {
    const loaded = (await loadPersons(this.store, [person])).get(person);
    if (loaded === undefined) throw new Error('a person was asked for and not loaded');
    for (const event of loaded.unseen) loaded.fold.apply(event);
    return loaded.fold;
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
