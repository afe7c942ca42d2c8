import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  ChangeCareClass,
  ConfirmCondition,
  ConfirmNewEpisode,
  ExtendTerm,
  GrantAuthorisation,
  RetractStatement,
  StateClinicalFacts,
} from '#libs/dossiers';
import type { StatementId } from '#libs/trajectory';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import {
  clinicalFacts,
  type ClinicalFactsBody,
  condition,
  type ConditionBody,
  newEpisode,
  type NewEpisodeBody,
  careClass,
  type CareClassBody,
  termExtension,
  type TermExtensionBody,
  authorisation,
  type AuthorisationBody,
  statementPath,
  statementRetraction,
  type StatementPath,
  type StatementRetractionBody,
} from './schema';

/** What is stated of a trajectory beside its lines: a route per kind (see ./kinds.ts), and one that takes any of them back. */
@ApiTags('Commands')
@Controller('v1/persons/:personId/statements')
export class StatementsController {
  constructor(private readonly commands: PersonCommands) {}

  @Post('clinical-facts')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'stateClinicalFacts', summary: 'State dates and findings that no claim line carries' })
  @CommandEndpoint(commandAnswer, 404)
  stateClinicalFacts(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: clinicalFacts }) body: ClinicalFactsBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new StateClinicalFacts(base, body));
  }

  @Post('condition')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'confirmCondition', summary: 'Confirm the item of a trajectory whose code belongs to several' })
  @CommandEndpoint(commandAnswer, 404)
  confirmCondition(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: condition }) body: ConditionBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new ConfirmCondition(base, body));
  }

  @Post('new-episode')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'confirmNewEpisode', summary: 'Confirm a new episode: sessions from its day on are counted anew' })
  @CommandEndpoint(commandAnswer, 404)
  confirmNewEpisode(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: newEpisode }) body: NewEpisodeBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new ConfirmNewEpisode(base, body));
  }

  @Post('care-class')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'changeCareClass', summary: 'Set the class of severity from a day on' })
  @CommandEndpoint(commandAnswer, 404)
  changeCareClass(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: careClass }) body: CareClassBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new ChangeCareClass(base, body));
  }

  @Post('term-extension')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'extendTerm', summary: "Grant the extension of the condition's term" })
  @CommandEndpoint(commandAnswer, 404)
  extendTerm(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: termExtension }) body: TermExtensionBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new ExtendTerm(base, body));
  }

  @Post('authorisation')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'grantAuthorisation', summary: "Record an insurer's consent" })
  @CommandEndpoint(commandAnswer, 404)
  grantAuthorisation(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: authorisation }) body: AuthorisationBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new GrantAuthorisation(base, body));
  }

  @Post(':statementId/retraction')
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'retractStatement', summary: 'Take a statement back' })
  @CommandEndpoint(commandAnswer, 404)
  retractStatement(
    @Param({ schema: statementPath }) { personId, statementId }: StatementPath,
    @Body({ schema: statementRetraction }) { reason }: StatementRetractionBody,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    const input = { statementId: statementId as StatementId, reason };
    return this.commands.carryOut(request, personId, input, (base) => new RetractStatement(base, input));
  }
}
