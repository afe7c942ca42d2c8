import { Injectable } from '@nestjs/common';
import { ApiRuntime } from '../api-runtime';
import { personUnknown } from '../commands/refused';
import type { FoundPerson, PersonLookup } from './schema';

/** Nobody: asked for when nobody was found, so that both answers take the same work. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The one place where a BSN or relation number leads to a person id. */
@Injectable()
export class PersonLookups {
  constructor(private readonly runtime: ApiRuntime) {}

  /** Throws the same ProblemError 404 of someone who is unknown and of someone who was erased. */
  async find(asked: PersonLookup): Promise<FoundPerson> {
    const { vault } = this.runtime.context;
    const [number, answer] =
      'bsn' in asked
        ? [asked.bsn, await vault.resolveByBsn([asked.bsn])]
        : [asked.relationNumber, await vault.resolveByRelationNumber(asked.insurer, [asked.relationNumber])];
    const personId = answer.get(number)?.personId ?? NOBODY;
    const identity = (await vault.identityOf([personId])).get(personId);
    if (identity === undefined) throw personUnknown();
    return { personId, identity: { birthDate: identity.birthDate, name: identity.name } };
  }
}
