/** What an erasure destroys and what it leaves, before anything of it is done. */
import type { Booking, PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import { declaredLines } from '../preview/declared-lines';
import type { ErasurePlaces } from './apply';
import { countCopies, tracesOf } from './copies';
import { activeHolds, openRequest, type ErasureRequest, type LegalHold } from './holds-and-requests';

export interface ErasurePreview {
  readonly personId: PersonId;
  readonly state: 'known' | 'erased' | 'unknown';
  readonly destroyed: {
    /** The person's key, and what is sealed under it. Says what there is, never what it is. */
    readonly identity: { readonly name: boolean; readonly relationNumbers: number } | null;
    readonly notes: number;
    readonly documents: number;
    readonly documentBytes: number;
    readonly copies: readonly { readonly what: string; readonly rows: number }[];
  };
  readonly stays: {
    readonly events: number;
    readonly trajectories: number;
    /** Declared of this person, also those that were credited or are with another person now. */
    readonly lines: number;
    /** Sums of all bookings, in cents. */
    readonly booked: Booking;
  };
  /** Facts that no decision has seen: of a command that was stopped. */
  readonly unbooked: number;
  readonly holds: readonly LegalHold[];
  readonly request: ErasureRequest | null;
  /** Without one nobody can be erased. */
  readonly listIsConfigured: boolean;
}

const NOTHING: Booking = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };

/** `today` is `YYYY-MM-DD`. */
export async function surveyOf(places: ErasurePlaces, personId: PersonId, today: string): Promise<ErasurePreview> {
  const { pool, store, vault, list } = places;
  const identities = await vault.identityOf([personId]);
  const identity = identities.get(personId);
  const loaded = (await loadPersons(store, [personId])).get(personId);
  const events = loaded?.events ?? [];
  const trajectories = [...(loaded?.fold.trajectories.values() ?? [])];
  return {
    personId,
    state: identity !== undefined ? 'known' : identities.erased.has(personId) ? 'erased' : 'unknown',
    destroyed: {
      identity:
        identity === undefined ? null : { name: identity.name !== null, relationNumbers: identity.relationNumbers.length },
      ...(await vault.sealedOf(personId)),
      copies: await countCopies(pool, tracesOf(personId, loaded)),
    },
    stays: {
      events: events.length,
      trajectories: trajectories.length,
      lines: loaded === undefined ? 0 : declaredLines({ facts: loaded.fold }).size,
      booked: [...(loaded?.fold.booked.values() ?? [])].reduce(added, NOTHING),
    },
    unbooked: loaded?.unseen.length ?? 0,
    holds: await activeHolds(pool, personId, today),
    request: await openRequest(pool, personId),
    listIsConfigured: list !== null,
  };
}

const added = (a: Booking, b: Booking): Booking => ({
  basic: a.basic + b.basic,
  supplementary: a.supplementary + b.supplementary,
  insured: a.insured + b.insured,
  paidToProvider: a.paidToProvider + b.paidToProvider,
  claimFromInsured: a.claimFromInsured + b.claimFromInsured,
});
