import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { asKnown, outcomeShown, trajectoryViews, type SessionView } from '#libs/dossiers';
import type { PersonId } from '#libs/trajectory';
import { Accesses } from '../access/accesses.decorator';
import { ApiRuntime } from '../api-runtime';
import { personPath, type PersonPath } from '../http/person-path';
import { notFound } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { asKnownQuery, dossierAsKnown, type AsKnownQuery, type DossierAsKnown } from './as-known-schema';

/** Read from the events, not from the read models: those know the present alone. */
@ApiTags('Dossiers')
@Controller('v1/persons/:personId/dossier-as-known')
export class DossierAsKnownController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @Accesses({ event: 'dossier-as-known', action: 'read', object: 'dossier' })
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({ operationId: 'dossierAsKnown', summary: 'The dossier valid on one day, as it was known on another' })
  @ApiResponse({ status: 200, description: 'The dossier as it was known.', standardSchema: dossierAsKnown })
  @Problems(400, 404)
  async one(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Query({ schema: asKnownQuery }) query: AsKnownQuery,
  ): Promise<DossierAsKnown> {
    const [knownOn, validOn] = [query.knownOn ?? null, query.validOn ?? null];
    const known = await asKnown(this.runtime.store, personId as PersonId, knownOn);
    if (known === null) throw notFound('dossier');
    const { fold, decided } = known;
    return {
      ...{ personId, knownOn, validOn },
      decided:
        decided === null
          ? null
          : {
              ...{ revision: decided.revision, recordedAt: decided.recordedAt, engine: decided.data.engine },
              policy: { version: decided.data.policy.version, digest: decided.data.policy.digest },
              cause: { command: decided.data.cause.command, type: decided.data.cause.type },
            },
      insurance: fold.insurance.map((each) => ({ ...each })),
      packages: fold.packages.map((each) => ({ ...each })),
      diedOn: fold.diedOn,
      trajectories: trajectoryViews(fold, validOn).map(({ id, regime, codes, absorbed, histories, overrides, sessions }) => ({
        ...{ trajectoryId: id, regime, codes: [...codes], absorbed: [...absorbed] },
        histories: histories.map(({ importId, startedOn, count, throughDate, scope, status, signedOn = null }) => ({
          ...{ importId, startedOn, count, throughDate, scope, status, signedOn },
        })),
        overrides: overrides.map(({ practice, reference, endsOn }) => ({ practice, reference, endsOn })),
        sessions: sessions.map(sessionOf),
      })),
    };
  }
}

function sessionOf({ session, decision, booked }: SessionView): DossierAsKnown['trajectories'][number]['sessions'][number] {
  const { line, practice, reference, date, diagnosis, csi, performance, quantity, declaredCents } = session;
  return {
    ...{ line, practice, reference, date, diagnosis, csi, performance, quantity, declaredCents },
    decision: outcomeShown(decision) as DossierAsKnown['trajectories'][number]['sessions'][number]['decision'],
    flags: [...(decision?.flags ?? [])],
    booked: booked === null ? null : { ...booked },
  };
}
