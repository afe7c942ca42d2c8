#!/usr/bin/env node
import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { CampaignClaimLostError, ContentionError, ErasureListError, MemberFileError, PolicyMissingError } from '#libs/dossiers';
import { IdentityVaultError } from '#libs/identity';
import { AccessLogUnavailableError, HeadsFileError } from '#libs/access-log';
import { TrustedInsurersError } from '#libs/history-statements';
import { OutboxBusyError, PracticeAddressesError } from '#libs/outbox';
import { ConfigurationError, EmbeddedPostgresError, PrivateFileError } from '#libs/platform';
import { addAccessLog } from './commands/access-log';
import { addCampaign } from './commands/campaign';
import { addCorrections } from './commands/correct';
import { addDocument } from './commands/document';
import { addErase } from './commands/erase';
import { addProposals } from './commands/proposals';
import { addExplain } from './commands/explain';
import { addImportMembers } from './commands/import-members';
import { addFinishMoves } from './commands/finish-moves';
import { addIngest } from './commands/ingest';
import { addOutbox } from './commands/outbox';
import { addOverrides } from './commands/overrides';
import { addParked } from './commands/parked';
import { addPayments } from './commands/payments';
import { addPolicy } from './commands/policy';
import { addReplay } from './commands/replay';
import { addRebuild } from './commands/rebuild';
import { addSample } from './commands/sample';
import { addShow } from './commands/show';
import { addStatement } from './commands/statement';
import { addToken } from './commands/token';
import { addVerify } from './commands/verify';
import { UsageError } from './errors';
import { EXIT } from './exit-codes';
import { SampleError } from './sample';
import { addStart } from './start/command';

function program(): Command {
  const traject = new Command('traject')
    .description('Counts physiotherapy sessions per treatment trajectory, and so decides who pays the next one.')
    .option('--purpose <code>', "why persons' data is looked at, for the access log: a code, e.g. complaint-handling")
    .showHelpAfterError('(traject --help lists the commands)')
    .exitOverride();
  for (const add of [
    addStart,
    addImportMembers,
    addIngest,
    addShow,
    addExplain,
    addCorrections,
    addDocument,
    addErase,
    addProposals,
    addAccessLog,
    addCampaign,
    addVerify,
    addFinishMoves,
    addRebuild,
    addReplay,
    addOverrides,
    addParked,
    addPayments,
    addOutbox,
    addStatement,
    addPolicy,
    addSample,
    addToken,
  ])
    add(traject);
  // before or after the command's name; configuration like any other, so that it is checked where the rest is
  traject.hook('preAction', () => {
    const { purpose } = traject.opts<{ purpose?: string }>();
    if (purpose !== undefined) process.env['TRAJECT_PURPOSE'] = purpose;
  });
  return traject;
}

/** By name: their library is loaded by the commands that need it alone. */
const OF_READ_MODELS: ReadonlySet<string> = new Set(['ErasedRowsError', 'PaymentChangesLackingError', 'ReadModelsBehindError']);

/** What a person at a terminal can act on gets its message alone; anything else its stack as well. */
function report(error: unknown): number {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const lacksList = error instanceof ErasureListError && error.code === 'not-configured';
  const isSetUp =
    error instanceof ConfigurationError ||
    error instanceof PrivateFileError ||
    error instanceof TrustedInsurersError ||
    error instanceof PracticeAddressesError ||
    lacksList;
  if (isSetUp || error instanceof UsageError || error instanceof SampleError) {
    say(`traject: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof MemberFileError) {
    say(`traject: ${error.message}`);
    return EXIT.refused;
  }
  const isPlain =
    (error instanceof Error && OF_READ_MODELS.has(error.name)) ||
    error instanceof AccessLogUnavailableError ||
    error instanceof HeadsFileError ||
    error instanceof EmbeddedPostgresError ||
    error instanceof IdentityVaultError ||
    error instanceof ErasureListError ||
    error instanceof PolicyMissingError ||
    error instanceof ContentionError ||
    error instanceof CampaignClaimLostError ||
    error instanceof OutboxBusyError ||
    ['ENOENT', 'EACCES', 'EISDIR', 'ENOSPC', 'EADDRINUSE', 'ECONNREFUSED', 'EEXIST'].includes(
      (error as NodeJS.ErrnoException).code ?? '',
    );
  if (error instanceof Error) say(`traject: ${isPlain ? error.message : (error.stack ?? error.message)}`);
  else say(`traject: ${String(error)}`);
  return EXIT.failed;
}

/** A reader that has seen enough (`traject show | head`) is no failure. */
function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
}

async function main(): Promise<void> {
  endWithReader();
  try {
    await program().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = report(error);
  }
}

void main();
