/** The access log's lines of one request: the attempt before a change, the outcome before the answer leaves. */
import type { FastifyRequest } from 'fastify';
import type { AccessOutcome, AccessWriter } from '#libs/access-log';
import type { AccessMark } from './accesses.decorator';
import { accessorOf } from './caller';
import { notedPersons, notePersons } from './noted-persons';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export class RequestAccesses {
  /** Requests that were refused because they could not be recorded: their outcome cannot be either. */
  readonly #unrecorded = new WeakSet<FastifyRequest>();

  constructor(private readonly access: AccessWriter) {}

  /** Before a change is carried out. Rejects with AccessLogUnavailableError: then it must not be. */
  async attempt(request: FastifyRequest, mark: AccessMark): Promise<void> {
    try {
      await this.record(request, mark, 'attempted');
    } catch (error) {
      this.#unrecorded.add(request);
      throw error;
    }
  }

  /** The answer that is about to be sent. */
  answered(request: FastifyRequest, mark: AccessMark, answer: unknown): void {
    if (mark.personsIn !== undefined) notePersons(request, mark.personsIn(answer));
  }

  /** Before the answer leaves. Rejects with AccessLogUnavailableError: then it must not. */
  async outcome(request: FastifyRequest, mark: AccessMark, status: number): Promise<void> {
    if (!this.#unrecorded.has(request)) await this.record(request, mark, outcomeOf(status));
  }

  private record(request: FastifyRequest, mark: AccessMark, outcome: AccessOutcome): Promise<void> {
    const { event, action, objectId } = mark;
    const id = objectId === undefined ? null : idIn(request, objectId);
    const ofPath = idIn(request, 'personId');
    return this.access.as(accessorOf(request)).record(
      {
        event,
        action,
        object: id === null ? mark.object : `${mark.object}/${id}`,
        persons: ofPath === null ? notedPersons(request) : [ofPath, ...(mark.personsNamed?.(request.body) ?? [])],
      },
      outcome,
      request.id,
    );
  }
}

/** A path parameter, where it is an id: nothing else that a caller writes is recorded. */
function idIn(request: FastifyRequest, parameter: string): string | null {
  const value = ((request.params ?? {}) as Readonly<Record<string, string | undefined>>)[parameter]?.toLowerCase();
  return value !== undefined && UUID.test(value) ? value : null;
}

/** By the status of the answer: the business or the caller's form says no = refused, we could not = failed. */
export function outcomeOf(status: number): AccessOutcome {
  if (status < 400) return 'success';
  if (status === 401 || status === 403) return 'denied';
  return status < 500 ? 'refused' : 'failed';
}
