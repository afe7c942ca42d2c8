import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RecordSwitch } from '#libs/dossiers';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { insurerSwitch, type InsurerSwitchInput } from './schema';

@ApiTags('Commands')
@Controller('v1/persons/:personId/switches')
export class SwitchesController {
  constructor(private readonly commands: PersonCommands) {}

  @Post()
  @CallableBy('ingest', 'corrector')
  @ApiOperation({ operationId: 'recordSwitch', summary: 'Record an insurer switch on the trajectory of a code' })
  @CommandEndpoint(commandAnswer, 404)
  record(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: insurerSwitch }) body: InsurerSwitchInput,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new RecordSwitch(base, body));
  }
}
