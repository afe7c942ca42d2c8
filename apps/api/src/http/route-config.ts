import { RouteConfig } from '@nestjs/platform-fastify';

/** Adds to what a route declares of itself: `RouteConfig` alone replaces what another decorator has declared. */
export const AddRouteConfig =
  (part: Readonly<Record<string, unknown>>): MethodDecorator =>
  (target, name, descriptor) => {
    const { KEY } = RouteConfig({});
    const known = (Reflect.getMetadata(KEY, descriptor.value as object) ?? {}) as object;
    RouteConfig({ ...known, ...part })(target, name, descriptor);
  };
