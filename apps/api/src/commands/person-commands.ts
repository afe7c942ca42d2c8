import { Injectable } from '@nestjs/common';
import { CommandBus, type Command } from '@nestjs/cqrs';
import { reviewForOne, type CommandBase, type CommandResult, type Refusal } from '#libs/dossiers';
import type { CommandId, PersonId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { ProblemError } from '../http/problem';
import { answerOf, type CommandAnswer } from './command-answer';
import { decidedRevision, readEffect } from './command-effect';
import type { CommandRequest } from './command-request';
import { Idempotency } from './idempotency';
import { refused } from './refused';

/** What a command that is not a plain `CommandResult` answers with. */
export type Outcome = { readonly outcome: 'done' } | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] };

/** Gives commands of one person to the command side: once per key, at the expected revision, with what they did as the answer. */
@Injectable()
export class PersonCommands {
  constructor(
    private readonly bus: CommandBus,
    private readonly runtime: ApiRuntime,
    private readonly idempotency: Idempotency,
  ) {}

  /** A command with no answer of its own; 422 when a second person must agree: then it is proposed as a correction. `content` is all that the request says, beside the person. */
  carryOut(
    request: CommandRequest,
    personId: string,
    content: unknown,
    make: (base: CommandBase) => Command<CommandResult> | Promise<Command<CommandResult>>,
  ): Promise<CommandAnswer> {
    return this.once(request, { personId, content }, async (commandId) => {
      const review = reviewForOne(this.runtime.context.today());
      const base: CommandBase = { personId: personId as PersonId, commandId, actor: request.actor, review };
      await this.checkRevision(request, base.personId, commandId);
      const result = await this.bus.execute(await make(base));
      if (result.outcome === 'refused') throw refused(result.refusals);
      return this.effectOf(base.personId, commandId);
    });
  }

  /** Once per key: see Idempotency.run. */
  once<T>(request: CommandRequest, content: unknown, carryOut: (commandId: CommandId, again: boolean) => Promise<T>): Promise<T> {
    return this.idempotency.run({ caller: request.actor, scope: request.route, key: request.idempotencyKey, content }, carryOut);
  }

  async effectOf(personId: PersonId, commandId: CommandId): Promise<CommandAnswer> {
    return answerOf(commandId, await readEffect(this.runtime.store, personId, commandId));
  }

  /**
   * Throws ProblemError 412 when If-Match names another revision than that of the dossier's last decision. It looks before the
   * command is given: a decision that another process records in between is not seen, as the command reads the person anew.
   */
  async checkRevision({ expectedRevision }: CommandRequest, personId: PersonId, commandId: CommandId): Promise<void> {
    if (expectedRevision === null) return;
    const actual = await decidedRevision(this.runtime.store, personId);
    if (actual === expectedRevision) return;
    // the command itself may have moved it, in a run whose answer was lost
    const { decision } = await readEffect(this.runtime.store, personId, commandId);
    if (decision !== null) return;
    throw new ProblemError(
      412,
      'revision-moved',
      `The dossier's last decision is revision ${actual} and no longer ${expectedRevision}; look at it again, then decide.`,
      {
        headers: { etag: `"${actual}"` },
        errors: [{ code: 'revision-moved', in: 'header', pointer: '/If-Match', problem: 'A decision has been recorded since.' }],
      },
    );
  }
}
