import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { StatePackages } from '#libs/dossiers';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { packageStatement, type PackageStatement } from './schema';

@ApiTags('Commands')
@Controller('v1/persons/:personId/packages')
export class PackagesController {
  constructor(private readonly commands: PersonCommands) {}

  @Post()
  @CallableBy('ingest', 'corrector')
  @ApiOperation({ operationId: 'statePackages', summary: 'State all supplementary packages of a person' })
  @CommandEndpoint(commandAnswer, 404)
  state(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: packageStatement }) body: PackageStatement,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new StatePackages(base, body));
  }
}
