/** Which route carries which mark, by method and address as the server knows them. */
import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { markOf, type RouteMark } from './accesses.decorator';

/** `GET /v1/persons/:personId/dossier` */
export type RouteName = `${string} /${string}`;

/** Throws naming every route that has no mark: what nobody thought of must not be served unrecorded. */
export function routeMarks(controllers: readonly Type[]): ReadonlyMap<RouteName, RouteMark> {
  const marks = new Map<RouteName, RouteMark>();
  const unmarked: RouteName[] = [];
  for (const controller of controllers)
    for (const [route, handler] of routesOf(controller)) {
      const mark = markOf(handler, controller);
      if (mark === undefined) unmarked.push(route);
      else marks.set(route, mark);
    }
  if (unmarked.length > 0)
    throw new Error(`no mark for the access log: ${unmarked.join(', ')}; put @Accesses or @TouchesNoPerson on the handler`);
  return marks;
}

function* routesOf(controller: Type): Generator<[RouteName, object]> {
  const base = String(Reflect.getMetadata(PATH_METADATA, controller));
  const prototype = controller.prototype as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const handler = prototype[name];
    if (typeof handler !== 'function') continue;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) continue;
    const path = String(Reflect.getMetadata(PATH_METADATA, handler));
    const parts = `${base}/${path}`.split('/').filter((part) => part !== '');
    yield [`${String(RequestMethod[method])} /${parts.join('/')}`, handler];
  }
}
