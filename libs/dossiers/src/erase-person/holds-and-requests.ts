import type { Pool, PoolClient } from 'pg';
import type { PersonId } from '#libs/trajectory';

export interface ErasureRequest {
  readonly requestId: string;
  readonly personId: PersonId;
  readonly reason: string;
  readonly requestedBy: string;
  /** ISO 8601 in UTC. */
  readonly requestedAt: string;
}

export interface LegalHold {
  readonly holdId: string;
  readonly personId: PersonId;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
  readonly placedBy: string;
  /** ISO 8601 in UTC. */
  readonly placedAt: string;
}

/** The request that waits for its confirmation, or for being carried out to the end; null when there is none. */
export async function openRequest(client: Pool | PoolClient, personId: PersonId): Promise<ErasureRequest | null> {
  const { rows } = await client.query<Omit<ErasureRequest, 'requestedAt'> & { at: Date }>(
    `select request_id "requestId", person_id "personId", reason, requested_by "requestedBy", requested_at at
       from dossiers.erasure_request where person_id = $1 and erased_at is null`,
    [personId],
  );
  return rows.map(({ at, ...request }): ErasureRequest => ({ ...request, requestedAt: at.toISOString() }))[0] ?? null;
}

/** Holds that stand on the day, those that end first before the others. */
export async function activeHolds(client: Pool | PoolClient, personId: PersonId, today: string): Promise<LegalHold[]> {
  const { rows } = await client.query<Omit<LegalHold, 'placedAt'> & { at: Date }>(
    `select hold_id "holdId", person_id "personId", reason, until::text, placed_by "placedBy", placed_at at
       from dossiers.legal_hold where person_id = $1 and released_at is null and until >= $2::date order by until, hold_id`,
    [personId, today],
  );
  return rows.map(({ at, ...hold }): LegalHold => ({ ...hold, placedAt: at.toISOString() }));
}
