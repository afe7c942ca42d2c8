import { Injectable } from '@nestjs/common';
import { commandIdFrom } from '#libs/dossiers';
import type { CommandId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { ProblemError } from '../http/problem';
import { fingerprint } from './fingerprint';

export interface KeyedRequest {
  /** Whose key it is: the same key of another caller is another key. */
  readonly caller: string;
  /** Method and route, with the names of its parameters and not their values. */
  readonly scope: string;
  /** The caller's Idempotency-Key. */
  readonly key: string;
  /** All that the request says, path parameters included, as JSON. */
  readonly content: unknown;
}

/**
 * One key, one effect, one answer. The command id follows from the key, so that the store itself writes nothing twice, also when
 * the same request comes to two processes at once or again after one was killed; the table adds that the key belongs to one
 * request and that the first answer is the answer.
 */
@Injectable()
export class Idempotency {
  constructor(private readonly runtime: ApiRuntime) {}

  /**
   * Carries the request out, or answers what it was answered before. `again`: it may have been carried out already, by a process
   * that was killed or that is at it now. What is refused has had no effect: its key is free again.
   * Throws ProblemError 422 when the key was used for another request, and whatever `carryOut` throws.
   */
  async run<T>(request: KeyedRequest, carryOut: (commandId: CommandId, again: boolean) => Promise<T>): Promise<T> {
    const { caller, scope, key, content } = request;
    const keyHash = fingerprint(this.runtime.fingerprintKey, [caller, scope, key]);
    const requestHash = fingerprint(this.runtime.fingerprintKey, content);
    const reserved = await this.reserve<T>(keyHash, requestHash);
    if (reserved.answer !== null) return reserved.answer;
    try {
      return await this.keep(
        keyHash,
        requestHash,
        await carryOut(commandIdFrom(JSON.stringify([caller, scope]), key), !reserved.first),
      );
    } catch (error) {
      if (error instanceof ProblemError && error.status < 500 && error.status !== 409) await this.free(keyHash);
      throw error;
    }
  }

  private async reserve<T>(
    keyHash: Buffer,
    requestHash: Buffer,
  ): Promise<{ readonly first: boolean; readonly answer: T | null }> {
    const { pool } = this.runtime;
    for (;;) {
      const { rowCount } = await pool.query(
        'insert into api.idempotency (key_hash, request_hash) values ($1, $2) on conflict do nothing',
        [keyHash, requestHash],
      );
      if (rowCount === 1) return { first: true, answer: null };
      const { rows } = await pool.query<{ request_hash: Buffer; answer: T | null }>(
        'select request_hash, answer from api.idempotency where key_hash = $1',
        [keyHash],
      );
      const [known] = rows;
      // freed between the two statements
      if (known === undefined) continue;
      if (!known.request_hash.equals(requestHash))
        throw new ProblemError(
          422,
          'key-reused',
          'This Idempotency-Key was used for another request; give every command a key of its own.',
          {
            errors: [
              { code: 'key-reused', in: 'header', pointer: '/Idempotency-Key', problem: 'It belongs to another request.' },
            ],
          },
        );
      return { first: false, answer: known.answer };
    }
  }

  /** Keeps the answer, unless another run of the same request was first: then that one is the answer. */
  private async keep<T>(keyHash: Buffer, requestHash: Buffer, answer: T): Promise<T> {
    const { rows } = await this.runtime.pool.query<{ answer: T }>(
      `insert into api.idempotency as kept (key_hash, request_hash, answer) values ($1, $2, $3)
       on conflict (key_hash) do update set answer = coalesce(kept.answer, excluded.answer) returning answer`,
      [keyHash, requestHash, JSON.stringify(answer)],
    );
    return rows[0]?.answer ?? answer;
  }

  private async free(keyHash: Buffer): Promise<void> {
    await this.runtime.pool.query('delete from api.idempotency where key_hash = $1 and answer is null', [keyHash]);
  }
}
