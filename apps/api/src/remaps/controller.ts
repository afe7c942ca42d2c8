import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RemapDiagnosis } from '#libs/dossiers';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { diagnosisRemap, type DiagnosisRemapInput } from './schema';

@ApiTags('Commands')
@Controller('v1/persons/:personId/remaps')
export class RemapsController {
  constructor(private readonly commands: PersonCommands) {}

  @Post()
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'remapDiagnosis', summary: 'Let a trajectory go on under another diagnosis code' })
  @CommandEndpoint(commandAnswer, 404)
  remap(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: diagnosisRemap }) body: DiagnosisRemapInput,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, (base) => new RemapDiagnosis(base, body));
  }
}
