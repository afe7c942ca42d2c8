import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ImportHistory, RetractHistory, VerifyHistory, type HistoryInput } from '#libs/dossiers';
import type { HistoryImportId } from '#libs/trajectory';
import { Accesses } from '../access/accesses.decorator';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { personPath, type PersonPath } from '../http/person-path';
import { CallableBy } from '../sign-in/callable-by.decorator';
import {
  historyImport,
  historyPath,
  historyRetraction,
  historyVerification,
  type HistoryImportInput,
  type HistoryPath,
  type HistoryRetractionInput,
  type HistoryVerificationInput,
} from './schema';

@ApiTags('Commands')
@Controller('v1/persons/:personId/histories')
export class HistoriesController {
  constructor(private readonly commands: PersonCommands) {}

  @Post()
  @Accesses({ event: 'import-history', action: 'change', object: 'dossier' })
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'importHistory', summary: 'Import a treatment history: answers a switch and moves positions' })
  @CommandEndpoint(commandAnswer, 404)
  import(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: historyImport }) body: HistoryImportInput,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    const { supersedes, ...stated } = body;
    const input: HistoryInput = {
      ...stated,
      ...(supersedes === undefined ? {} : { supersedes: supersedes }),
    };
    return this.commands.carryOut(request, personId, body, (base) => new ImportHistory(base, input));
  }

  @Post(':importId/verification')
  @Accesses({ event: 'verify-history', action: 'change', object: 'history', objectId: 'importId' })
  @CallableBy('corrector', 'approver')
  @ApiOperation({
    operationId: 'verifyHistory',
    summary: 'Verify an imported history, which its recorder cannot: no decision changes',
  })
  @CommandEndpoint(commandAnswer, 404)
  verify(
    @Param({ schema: historyPath }) { personId, importId }: HistoryPath,
    @Body({ schema: historyVerification }) { documentDigest }: HistoryVerificationInput,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    const input = { importId: importId as HistoryImportId, ...(documentDigest === undefined ? {} : { documentDigest }) };
    return this.commands.carryOut(request, personId, input, (base) => new VerifyHistory(base, input));
  }

  @Post(':importId/retraction')
  @Accesses({ event: 'retract-history', action: 'change', object: 'history', objectId: 'importId' })
  @CallableBy('corrector')
  @ApiOperation({ operationId: 'retractHistory', summary: 'Take an imported history back' })
  @CommandEndpoint(commandAnswer, 404)
  retract(
    @Param({ schema: historyPath }) { personId, importId }: HistoryPath,
    @Body({ schema: historyRetraction }) body: HistoryRetractionInput,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    const input = { importId: importId as HistoryImportId, reason: body.reason };
    return this.commands.carryOut(request, personId, input, (base) => new RetractHistory(base, input));
  }
}
