import { Injectable } from '@nestjs/common';
import { ApiRuntime } from '../api-runtime';
import type { FoundPerson, PersonLookup } from './schema';

/** Nobody: asked for when nobody was found, so that both answers take the same work. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The one place where a BSN or relation number leads to a person id. */
@Injectable()
export class PersonLookups {
  constructor(private readonly runtime: ApiRuntime) {}

  /**
   * The known, the unknown and the erased are answered alike, by the same queries: neither the status nor the log of requests tells
   * anybody beside the caller whether a number is somebody's.
   */
  async find(asked: PersonLookup): Promise<FoundPerson> {
    const { vault } = this.runtime.context;
    const [number, answer] =
      'bsn' in asked
        ? [asked.bsn, await vault.resolveByBsn([asked.bsn])]
        : [asked.relationNumber, await vault.resolveByRelationNumber(asked.insurer, [asked.relationNumber])];
    const personId = answer.get(number)?.personId ?? NOBODY;
    const identity = (await vault.identityOf([personId])).get(personId);
    if (identity === undefined) return { personId: null, identity: null };
    return { personId, identity: { birthDate: identity.birthDate, name: identity.name } };
  }
}
