import { Body, Controller, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DeclareClaimLines, type ClaimLine } from '#libs/dossiers';
import type { CommandId, PersonId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { toldChanges } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personUnknown, refused } from '../commands/refused';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { checkClaimLines } from './checks';
import { claimLines, claimLinesAnswer, type ClaimLineInput, type ClaimLinesAnswer, type ClaimLinesInput } from './schema';

@ApiTags('Commands')
@Controller('v1/persons/:personId/claim-lines')
export class ClaimLinesController {
  constructor(
    private readonly bus: CommandBus,
    private readonly commands: PersonCommands,
    private readonly runtime: ApiRuntime,
  ) {}

  @Post()
  @CallableBy('ingest')
  @ApiOperation({
    operationId: 'declareClaimLines',
    summary: 'Declare claim lines of a person',
    description: 'A line that is refused, invalid or held is an outcome in the answer; the others of the command go on.',
  })
  @CommandEndpoint(claimLinesAnswer, 404)
  declare(
    @Param({ schema: personPath }) path: PersonPath,
    @Body({ schema: claimLines }) body: ClaimLinesInput,
    @Request() request: CommandRequest,
  ): Promise<ClaimLinesAnswer> {
    const personId = path.personId as PersonId;
    return this.commands.once(request, { personId, content: body }, async (commandId) => {
      await this.commands.checkRevision(request, personId, commandId);
      const birthDate = await this.birthDateOf(personId);
      const receivedOn = this.runtime.context.today();
      const refusals = checkClaimLines(body.lines, receivedOn, birthDate);
      if (refusals.length > 0) throw refused(refusals);
      const lines = body.lines.map((line) => claimLine(line, commandId));
      const [result] = await this.bus.execute(
        new DeclareClaimLines([{ personId, birthDate, commandId, lines }], receivedOn, request.actor),
      );
      if (result === undefined) throw new Error('no result for the only person');
      const told = body.lines.map(({ practice, reference }, i) => {
        const outcome = result.outcomes[i];
        if (outcome === undefined) throw new Error('a line has no outcome');
        return { practice, reference, ...outcome, codes: [...outcome.codes] };
      });
      const answer = await this.commands.effectOf(personId, commandId);
      const moved = { cause: { type: 'DeclareClaimLines', id: commandId }, changes: result.changes };
      return { ...answer, paymentChanges: toldChanges([...result.standing, moved]), lines: told };
    });
  }

  /** From the vault: a session stores ages, and never this. Throws ProblemError 404 of someone unknown or erased. */
  private async birthDateOf(personId: PersonId): Promise<string> {
    const identity = (await this.runtime.context.vault.identityOf([personId])).get(personId);
    if (identity === undefined) throw personUnknown();
    return identity.birthDate;
  }
}

/** The line as the command side takes it: the fields that are absent stay absent. */
function claimLine(line: ClaimLineInput, command: CommandId): ClaimLine {
  return { ...line, source: { command } };
}
