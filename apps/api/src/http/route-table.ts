import type { FastifyInstance } from 'fastify';

interface Route {
  readonly methods: Set<string>;
  readonly matches: RegExp;
}

declare module 'fastify' {
  interface FastifyInstance {
    routeTable: RouteTable;
  }
}

/** What may be asked at which address: an address that is there under another method is 405 and not 404. */
export class RouteTable {
  readonly #routes = new Map<string, Route>();

  /** Notes every route that is registered from now on; it is found again as `fastify.routeTable`. */
  constructor(fastify: FastifyInstance) {
    fastify.decorate('routeTable', this as RouteTable);
    fastify.addHook('onRoute', ({ url, method }) => {
      const route = this.#routes.get(url) ?? { methods: new Set<string>(), matches: patternOf(url) };
      for (const each of [method].flat()) route.methods.add(each);
      this.#routes.set(url, route);
    });
  }

  /** Every method of every address, e.g. `GET /v1/persons/:personId/dossier`. */
  endpoints(): readonly string[] {
    return [...this.#routes].flatMap(([url, { methods }]) => [...methods].map((method) => `${method} ${url}`));
  }

  /** Methods that the address has, ascending; none when there is nothing. `path` without query. */
  methodsAt(path: string): readonly string[] {
    const methods = new Set<string>();
    for (const route of this.#routes.values())
      if (route.matches.test(path)) for (const method of route.methods) methods.add(method);
    return [...methods].sort();
  }
}

const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')))
      .join('/')}$`,
  );
