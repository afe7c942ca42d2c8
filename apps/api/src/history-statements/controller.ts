import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ImportHistory } from '#libs/dossiers';
import { trajectoryStream, type HistoryImportId, type PersonId, type TrajectoryId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { refused } from '../commands/refused';
import { personPath, type PersonPath } from '../http/person-path';
import { notFound, ProblemError } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { trajectoryPath, type TrajectoryPath } from '../trajectories/schema';
import { HistoryStatements } from './history-statements.service';
import {
  issuedStatement,
  statementImport,
  statementKeys,
  statementQuery,
  type IssuedStatementAnswer,
  type StatementImportInput,
  type StatementKeysAnswer,
  type StatementQuery,
} from './schema';

@Controller()
export class HistoryStatementsController {
  constructor(
    private readonly runtime: ApiRuntime,
    private readonly commands: PersonCommands,
    private readonly statements: HistoryStatements,
  ) {}

  @Get('.well-known/traject-statement-keys.json')
  @ApiTags('History statements')
  @ApiOperation({
    operationId: 'statementKeys',
    summary: 'The public keys by which other insurers check statements of this one',
  })
  @ApiResponse({ status: 200, description: 'The keys.', standardSchema: statementKeys })
  @Problems()
  keys(): Promise<StatementKeysAnswer> {
    return this.statements.at(async (desk) => (await desk.publicKeys()) as StatementKeysAnswer);
  }

  @Get('v1/trajectories/:trajectoryId/history-statement')
  @CallableBy('corrector')
  @ApiTags('History statements')
  @ApiOperation({
    operationId: 'stateHistory',
    summary: 'State the history of a trajectory for the next insurer',
    description: 'Signed, and as PDF. Every call makes a statement with an id of its own; nothing is recorded in the dossier.',
  })
  @ApiResponse({ status: 200, description: 'The statement.', standardSchema: issuedStatement })
  @Problems(400, 404, 422)
  async issue(
    @Param({ schema: trajectoryPath }) { trajectoryId }: TrajectoryPath,
    @Query({ schema: statementQuery }) { through }: StatementQuery,
  ): Promise<IssuedStatementAnswer> {
    const trajectory = trajectoryId as TrajectoryId;
    const personId = await this.personOf(trajectory);
    const issued = await this.statements.at((desk) => desk.issue(personId, { trajectory }, through));
    if (issued.outcome === 'refused') {
      if (issued.refusals.some(({ code }) => code === 'person-unknown')) throw notFound('trajectory');
      throw new ProblemError(422, 'refused', 'There is no statement to make; every reason is listed.', {
        errors: issued.refusals.map(({ code, problem }) => ({ code, in: 'query', pointer: '/through', problem })),
      });
    }
    const { statement, signed, digest, keyId, pdf } = issued;
    const { count, startedOn, throughDate } = statement.history;
    return {
      ...{ id: statement.jti, insurer: statement.iss, count, startedOn, throughDate, digest, keyId },
      expiresAt: new Date(statement.exp * 1000).toISOString(),
      statement: signed,
      pdf: pdf.toString('base64'),
    };
  }

  @Post('v1/persons/:personId/histories/statement')
  @CallableBy('corrector')
  @ApiTags('Commands')
  @ApiOperation({
    operationId: 'importHistoryStatement',
    summary: 'Import the history that another insurer states and signs',
    description: 'The insurer and its key must be configured as trusted, and the statement must be about the person of the path.',
  })
  @CommandEndpoint(commandAnswer, 404)
  import(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: statementImport }) body: StatementImportInput,
    @Request() request: CommandRequest,
  ): Promise<CommandAnswer> {
    return this.commands.carryOut(request, personId, body, async (base) => {
      const { statement: signed, supersedes } = body;
      const accepted = await this.statements.at((desk) =>
        desk.accept({
          ...{ signed, personId: base.personId, commandId: base.commandId },
          ...(supersedes === undefined ? {} : { supersedes: supersedes as HistoryImportId }),
        }),
      );
      if (accepted.outcome === 'refused') throw refused(accepted.refusals);
      return new ImportHistory(base, accepted.input);
    });
  }

  private async personOf(trajectory: TrajectoryId): Promise<PersonId> {
    const [events = []] = await this.runtime.store.readStreams([{ stream: trajectoryStream(trajectory) }]);
    const personId = events[0]?.metadata.personId;
    if (personId === undefined) throw notFound('trajectory');
    return personId as PersonId;
  }
}
