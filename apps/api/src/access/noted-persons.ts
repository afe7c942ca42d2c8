/** Whose data a request turned out to touch, where neither its path nor its answer says so: it may be refused by what it read of them. */
import type { FastifyRequest } from 'fastify';

const noted = new WeakMap<FastifyRequest, readonly string[]>();

/** As soon as a handler knows them, before anything may be refused. */
export const notePersons = (request: FastifyRequest, persons: readonly string[]): void => void noted.set(request, persons);

/** Nobody, where none were noted. */
export const notedPersons = (request: FastifyRequest): readonly string[] => noted.get(request) ?? [];
