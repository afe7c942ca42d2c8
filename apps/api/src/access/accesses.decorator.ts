/** What a route says of itself for the access log. A route that says nothing is refused at start. */
import { SetMetadata } from '@nestjs/common';
import type { AccessAction } from '#libs/access-log';

export interface AccessMark {
  /** Name of the use case: `dossier`, `import-history`. */
  readonly event: string;
  readonly action: AccessAction;
  /** Kind of what is accessed: `dossier`, `trajectory`. */
  readonly object: string;
  /** Path parameter that holds the id of it. */
  readonly objectId?: string;
  /** Who is named in the body beside the person in the path; the body is as it was sent. */
  readonly personsNamed?: (body: unknown) => readonly string[];
  /** Whose data was answered, where no person is in the path. Before an answer, and without one, it is who was noted (notePersons), or nobody. */
  readonly personsIn?: (answer: unknown) => readonly string[];
}

/** A mark, or that the route touches no person's data. */
export type RouteMark = AccessMark | 'no-person';

const MARK = 'traject:access';

interface MarkWithAnswer<T> extends Omit<AccessMark, 'personsIn'> {
  readonly personsIn?: (answer: T) => readonly string[];
}

/** The route reads, searches, previews or changes a person's data: each request is recorded before its answer leaves. */
export const Accesses = <T>(mark: MarkWithAnswer<T>): MethodDecorator => SetMetadata(MARK, mark);

/** Nothing that the route answers or changes is of a person. */
export const TouchesNoPerson = (): MethodDecorator & ClassDecorator => SetMetadata(MARK, 'no-person');

/** The mark of a handler, or of its controller. */
export const markOf = (handler: object, controller: object): RouteMark | undefined =>
  [handler, controller]
    .map((target) => Reflect.getMetadata(MARK, target) as RouteMark | undefined)
    .find((mark) => mark !== undefined);
