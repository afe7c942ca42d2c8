import { Injectable } from '@nestjs/common';
import { commandIdFrom, Corrections, Proposals, type CorrectionKind, type Preview, type Proposal } from '#libs/dossiers';
import { IdentityVaultError } from '#libs/identity';
import type { CommandId, PersonId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import type { CommandAnswer } from '../commands/command-answer';
import { fingerprint } from '../commands/fingerprint';
import type { CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personUnknown, refused } from '../commands/refused';
import { ProblemError } from '../http/problem';
import type { ProposalAnswer } from '../proposals/schema';
import type { CorrectionRequest, PreviewAnswer } from './schema';

export type CorrectionAnswer =
  { readonly kind: 'booked'; readonly body: CommandAnswer } | { readonly kind: 'proposed'; readonly body: ProposalAnswer };

/** Corrections as they are asked for over HTTP. */
@Injectable()
export class CorrectionOrders {
  constructor(
    private readonly corrections: Corrections,
    private readonly proposals: Proposals,
    private readonly commands: PersonCommands,
    private readonly runtime: ApiRuntime,
  ) {}

  async preview(personId: string, kind: CorrectionKind, input: unknown, actor: string): Promise<PreviewAnswer> {
    const outcome = await this.corrections.preview({ personId: personId as PersonId, kind, input }, actor);
    if (outcome.outcome === 'refused') throw refused(outcome.refusals, '/input');
    return shown(outcome.preview);
  }

  /** The same command with the same words keeps them once; the id is keyed, so that it tells nothing of them. */
  private async sealed(person: PersonId, commandId: CommandId, text: string): Promise<string> {
    try {
      const noteId = commandIdFrom('note', fingerprint(this.runtime.fingerprintKey, [commandId, text]).toString('hex'));
      return await this.runtime.context.vault.sealNote(person, text, noteId);
    } catch (error) {
      if (error instanceof IdentityVaultError && error.code === 'person-unknown') throw personUnknown();
      throw error;
    }
  }

  /** Once per key. Throws ProblemError 412, with what it would do now, when that is not what was agreed to. */
  carryOut(request: CommandRequest, personId: string, body: CorrectionRequest): Promise<CorrectionAnswer> {
    const { kind, input, effects, reason, note: text } = body;
    const person = personId as PersonId;
    return this.commands.once(request, { personId, body }, async (commandId): Promise<CorrectionAnswer> => {
      await this.commands.checkRevision(request, person, commandId);
      const note = text === undefined ? null : await this.sealed(person, commandId, text);
      const warrant = note === null ? { reason } : { reason, note };
      const order = { personId: person, kind, input, commandId, actor: request.actor, warrant };
      const outcome = await this.corrections.carryOut(effects === undefined ? order : { ...order, effects });
      switch (outcome.outcome) {
        case 'refused':
          throw refused(outcome.refusals, '/input', outcome.undone);
        case 'moved':
          throw effectsMoved(outcome.preview, '/effects');
        case 'needs-approval': {
          const proposed = { personId: person, kind, input, reason, note, proposalId: commandId, actor: request.actor };
          return { kind: 'proposed', body: proposalOf(await this.proposals.propose(proposed, outcome.preview)) };
        }
        case 'done':
          return { kind: 'booked', body: await this.commands.effectOf(person, commandId) };
      }
    });
  }
}

/** What was agreed to is not what it would do: refused, with what it would do now. */
export const effectsMoved = (preview: Preview, pointer: string): ProblemError =>
  new ProblemError(
    412,
    'effects-moved',
    'It would do something else than was agreed to; nothing was changed. Look at what it would do now, then decide.',
    {
      errors: [{ code: 'effects-moved', in: 'body', pointer, problem: 'These are not the effects any more.' }],
      members: { preview: shown(preview) },
    },
  );

/** As it is answered: nothing in it is read-only to the one who gets it. */
export const shown = (preview: Preview): PreviewAnswer => preview as unknown as PreviewAnswer;

export const proposalOf = (proposal: Proposal): ProposalAnswer => proposal as unknown as ProposalAnswer;
