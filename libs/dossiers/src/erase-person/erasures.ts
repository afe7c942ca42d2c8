/** Erasing a person: asked for by one, confirmed by another, held back while the law needs what is there. */
import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { LogPosition } from '#libs/event-store';
import { inTransaction } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import { PERSON_ERASED } from '../person/erased';
import { loadPersons } from '../person/load';
import type { Refusal } from '../refusal';
import { applyErasure, type ErasurePlaces } from './apply';
import { checkDay, checkId, checkReason, checkUser } from './checks';
import { ErasureListError, type ErasureList } from './erasure-list';
import { activeHolds, openRequest, type ErasureRequest, type LegalHold } from './holds-and-requests';
import { surveyOf, type ErasurePreview } from './survey';

export type Refused = { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };
export type RequestOutcome = { readonly outcome: 'requested'; readonly request: ErasureRequest } | Refused;
export type HoldOutcome = { readonly outcome: 'held'; readonly hold: LegalHold } | Refused;
export type ReleaseOutcome = { readonly outcome: 'released'; readonly personId: PersonId } | Refused;
export type ErasureOutcome =
  | {
      readonly outcome: 'erased';
      readonly personId: PersonId;
      readonly erasedAt: string;
      /** Read models that are at least as fresh hold nothing of the person any more; null when there was no dossier. */
      readonly position: LogPosition | null;
    }
  | Refused;

const CHECK_VIOLATION = '23514';

const refuse = (...refusals: readonly Refusal[]): Refused => ({ outcome: 'refused', refusals });

export class Erasures {
  /** Settled once nobody of this process is at it. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly places: ErasurePlaces,
    /** The present moment, and today in the Netherlands (`YYYY-MM-DD`). */
    private readonly clock: { readonly now: () => Date; today(): string },
  ) {}

  /** What an erasure would destroy, what would stay, and what stands in its way. Changes nothing. */
  preview(personId: PersonId): Promise<ErasurePreview> {
    return surveyOf(this.places, personId, this.clock.today());
  }

  /** Asks for the erasure of a person. `by` names a user, and `reason` no person. */
  async request(personId: PersonId, by: string, reason: string): Promise<RequestOutcome> {
    const faults = [...checkId(personId, 'person'), ...checkUser(by), ...checkReason(reason)];
    if (faults.length > 0) return refuse(...faults);
    return this.inTurn(async (client) => {
      const against = await this.against(client, personId);
      if (against.length > 0) return refuse(...against);
      const open = await openRequest(client, personId);
      if (open !== null) {
        const problem = `${open.requestedBy} has asked for it already, request ${open.requestId}; another person confirms it`;
        return refuse({ code: 'request-open', field: 'person', problem });
      }
      const request: ErasureRequest = {
        ...{ requestId: randomUUID(), personId, reason: reason.trim(), requestedBy: by.trim() },
        requestedAt: this.clock.now().toISOString(),
      };
      await client.query(
        `insert into dossiers.erasure_request (request_id, person_id, reason, requested_by, requested_at) values ($1, $2, $3, $4, $5)`,
        [request.requestId, personId, request.reason, request.requestedBy, request.requestedAt],
      );
      return { outcome: 'requested', request };
    });
  }

  /**
   * Confirms a request, as another person than who made it, and erases. Given again after a crash it goes on where it was.
   * @throws ErasureListError when there is no list to hold a restored database to
   */
  async confirm(requestId: string, by: string): Promise<ErasureOutcome> {
    const faults = [...checkId(requestId, 'request'), ...checkUser(by)];
    if (faults.length > 0) return refuse(...faults);
    const list = this.list();
    const confirmed = await this.inTurn(async (client) => {
      const { rows } = await client.query<{ person_id: PersonId; confirmed_by: string | null }>(
        'select person_id, confirmed_by from dossiers.erasure_request where request_id = $1',
        [requestId],
      );
      const [request] = rows;
      if (request === undefined) {
        const problem = 'there is no such request; it is printed by "traject erase request" and "traject erase preview"';
        return refuse({ code: 'request-unknown', field: 'request', problem });
      }
      const personId = request.person_id;
      const listed = await list.read();
      if (request.confirmed_by === null) {
        const against = await this.against(client, personId);
        if (against.length > 0) return refuse(...against);
        if (!(await this.marked(client, requestId, by)))
          return refuse({
            code: 'same-person',
            field: 'by',
            problem: 'whoever asked for the erasure cannot confirm it; let another person do that',
          });
      }
      // On disk before anything is destroyed: from here on it is carried out, by this process or by the next that opens the database.
      const erasedAt = listed.get(personId) ?? (await list.add(personId, this.clock.now().toISOString()));
      return { outcome: 'confirmed' as const, personId, erasedAt };
    });
    if (confirmed.outcome === 'refused') return confirmed;
    const { personId, erasedAt } = confirmed;
    return { outcome: 'erased', personId, erasedAt, position: await applyErasure(this.places, personId, erasedAt, by.trim()) };
  }

  /** Holds back every erasure of the person up to and including a day. `reason` names no person. */
  async hold(personId: PersonId, by: string, reason: string, until: string): Promise<HoldOutcome> {
    const faults = [
      ...checkId(personId, 'person'),
      ...checkUser(by),
      ...checkReason(reason),
      ...checkDay(until, 'until', this.clock.today()),
    ];
    if (faults.length > 0) return refuse(...faults);
    return this.inTurn(async (client) => {
      const unknown = await this.unknown(personId);
      if (unknown.length > 0) return refuse(...unknown);
      const hold: LegalHold = {
        ...{ holdId: randomUUID(), personId, reason: reason.trim(), until, placedBy: by.trim() },
        placedAt: this.clock.now().toISOString(),
      };
      await client.query(
        `insert into dossiers.legal_hold (hold_id, person_id, reason, until, placed_by, placed_at) values ($1, $2, $3, $4, $5, $6)`,
        [hold.holdId, personId, hold.reason, until, hold.placedBy, hold.placedAt],
      );
      return { outcome: 'held', hold };
    });
  }

  /** Ends a legal hold before its day. */
  async release(holdId: string, by: string): Promise<ReleaseOutcome> {
    const faults = [...checkId(holdId, 'hold'), ...checkUser(by)];
    if (faults.length > 0) return refuse(...faults);
    return this.inTurn(async (client) => {
      const { rows } = await client.query<{ person_id: PersonId }>(
        `update dossiers.legal_hold set released_by = $2, released_at = $3 where hold_id = $1 and released_at is null returning person_id`,
        [holdId, by.trim(), this.clock.now().toISOString()],
      );
      const [released] = rows;
      if (released !== undefined) return { outcome: 'released', personId: released.person_id };
      return refuse({
        code: 'hold-unknown',
        field: 'hold',
        problem: 'there is no such legal hold, or it was released before; "traject erase preview" lists those that stand',
      });
    });
  }

  private list(): ErasureList {
    if (this.places.list !== null) return this.places.list;
    throw new ErasureListError(
      'not-configured',
      'nobody can be erased without an erasure list: set TRAJECT_ERASURE_LIST to a file outside the data folder and outside the back-ups of ' +
        'the database, the same for every process, and make it by "traject erase create-list"',
    );
  }

  /** Everything that stands against erasing this person now. */
  private async against(client: PoolClient, personId: PersonId): Promise<readonly Refusal[]> {
    const unknown = await this.unknown(personId);
    if (unknown.length > 0) return unknown;
    const unbooked = (await loadPersons(this.places.store, [personId])).get(personId)?.unseen.length ?? 0;
    const refusals = (await activeHolds(client, personId, this.clock.today())).map(({ holdId, until, reason }) => ({
      code: 'legal-hold',
      field: 'person',
      problem: `a legal hold stands until ${until}: ${reason} (hold ${holdId})`,
    }));
    if (unbooked === 0) return refusals;
    const problem = `${unbooked} facts of a command that was stopped are not booked; give that command again first`;
    return [...refusals, { code: 'unbooked', field: 'person', problem }];
  }

  private async unknown(personId: PersonId): Promise<readonly Refusal[]> {
    const { vault, list } = this.places;
    const isErased = (await vault.erasedPersons()).has(personId) || (await list?.read())?.has(personId) === true;
    if (isErased) return [{ ...PERSON_ERASED, field: 'person' }];
    if ((await vault.knownAmong([personId])).length > 0) return [];
    return [{ code: 'person-unknown', field: 'person', problem: 'nobody has this person id' }];
  }

  /** Notes the confirmation; false when the database does not take it, because it is of whoever asked. */
  private async marked(client: PoolClient, requestId: string, by: string): Promise<boolean> {
    await client.query('savepoint confirmation');
    try {
      await client.query('update dossiers.erasure_request set confirmed_by = $2, confirmed_at = $3 where request_id = $1', [
        requestId,
        by.trim(),
        this.clock.now().toISOString(),
      ]);
      return true;
    } catch (error) {
      const { code, constraint } = error as { code?: unknown; constraint?: unknown };
      if (code !== CHECK_VIOLATION || constraint !== 'confirmed_by_another') throw error;
      await client.query('rollback to savepoint confirmation');
      return false;
    }
  }

  /**
   * One at a time over all processes: a hold that is placed while somebody confirms comes before or after, never between. Within the process it waits
   * without a connection, because whose turn it is holds one and asks for more.
   */
  private inTurn<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() =>
      inTransaction(this.places.pool, async (client) => {
        await client.query(`select pg_advisory_xact_lock(hashtext('traject erasures'))`);
        return work(client);
      }),
    );
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
