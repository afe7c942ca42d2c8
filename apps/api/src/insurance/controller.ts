import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { StateInsurance } from '#libs/dossiers';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { insuranceStatement, type InsuranceStatement } from './schema';

@ApiTags('Commands')
@Controller('v1/persons/:personId/insurance')
export class InsuranceController {
  constructor(private readonly commands: PersonCommands) {}

  @Post()
  @CallableBy('ingest', 'corrector')
  @ApiOperation({ operationId: 'stateInsurance', summary: 'State all basic insurance periods of a person' })
  @CommandEndpoint(commandAnswer, 404)
  state(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: insuranceStatement }) body: InsuranceStatement,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new StateInsurance(base, body));
  }
}
