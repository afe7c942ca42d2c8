import { Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { FastifyRequest } from 'fastify';
import { faultsOf } from './faults';
import { ProblemError, type Fault, type FaultPlace } from './problem';

const HEADERS = 'traject:headers';

/** Schema over the request's headers, by their names in lower case. */
export const HeaderSchema = (schema: StandardSchemaV1): MethodDecorator & ClassDecorator => SetMetadata(HEADERS, schema);

const PLACES: ReadonlyMap<number, readonly [FaultPlace, (request: FastifyRequest) => unknown]> = new Map([
  [RouteParamtypes.BODY, ['body', (request) => request.body]],
  [RouteParamtypes.QUERY, ['query', (request) => request.query]],
  [RouteParamtypes.PARAM, ['path', (request) => request.params]],
]);

export const invalidRequest = (errors: readonly Fault[]): ProblemError =>
  new ProblemError(400, 'invalid-request', 'The request is not as described; every fault is listed.', { errors });

/**
 * Checks headers, path, query and body before any of them is used, and tells all their faults at once: the pipes, which then
 * transform each part by the same schema, would stop at the first part that fails.
 */
@Injectable()
export class RequestSchemasGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const faults: Fault[] = [];
    const headers = schemaOfHeaders(context);
    if (headers !== undefined) faults.push(...(await check('header', headers, request.headers)));
    for (const [key, { schema }] of Object.entries(argumentsOf(context))) {
      const place = PLACES.get(Number(key.split(':')[0]));
      if (schema === undefined || place === undefined) continue;
      faults.push(...(await check(place[0], schema, place[1](request))));
    }
    if (faults.length > 0) throw invalidRequest(faults);
    return true;
  }
}

const schemaOfHeaders = (context: ExecutionContext): StandardSchemaV1 | undefined =>
  [context.getHandler(), context.getClass()]
    .map((target) => Reflect.getMetadata(HEADERS, target) as StandardSchemaV1 | undefined)
    .find((schema) => schema !== undefined);

const argumentsOf = (context: ExecutionContext): Readonly<Record<string, { readonly schema?: StandardSchemaV1 }>> =>
  (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ?? {}) as Record<
    string,
    { schema?: StandardSchemaV1 }
  >;

async function check(place: FaultPlace, schema: StandardSchemaV1, value: unknown): Promise<Fault[]> {
  const result = await schema['~standard'].validate(value);
  return result.issues === undefined ? [] : faultsOf(place, result.issues, value);
}
