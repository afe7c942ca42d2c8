import { Module, type DynamicModule } from '@nestjs/common';
import { Campaigns, DossiersModule } from '#libs/dossiers';
import { AccessLogController } from './access/controller';
import { ApiRuntime } from './api-runtime';
import { CampaignsController } from './campaigns/controller';
import { CampaignPaymentsController } from './campaigns/payments-controller';
import { CampaignRunsController } from './campaigns/run-controller';
import { ClaimFilesController } from './claim-files/controller';
import { ClaimLinesController } from './claim-lines/controller';
import { Idempotency } from './commands/idempotency';
import { PersonCommands } from './commands/person-commands';
import { CorrectionOrders } from './corrections/correction-orders';
import { CorrectionsController } from './corrections/controller';
import { DecisionsController } from './decisions/controller';
import { DecisionRecords } from './decisions/decision-records';
import { DocumentsController } from './documents/controller';
import { DossierAsKnownController } from './dossiers/as-known-controller';
import { DossiersController } from './dossiers/controller';
import { FreshnessInterceptor } from './freshness/freshness.interceptor';
import { HealthChecks } from './health/checks';
import { HealthController } from './health/controller';
import { HistoriesController } from './histories/controller';
import { HistoryStatementsController } from './history-statements/controller';
import { HistoryStatements } from './history-statements/history-statements.service';
import { InsuranceController } from './insurance/controller';
import { NotesController } from './notes/controller';
import { PackagesController } from './packages/controller';
import { PayerSplitController } from './payer-split/controller';
import { PaymentSpecificationsController } from './payment-specifications/controller';
import { PersonsController } from './persons/controller';
import { PersonLookups } from './persons/lookup.service';
import { PersonRegistrations } from './persons/registration.service';
import { PolicyController } from './policy/controller';
import { ProposalsController } from './proposals/controller';
import { RemapsController } from './remaps/controller';
import { StatementsController } from './statements/controller';
import { SwitchesController } from './switches/controller';
import { TrajectoriesController } from './trajectories/controller';
import { WorkListController } from './work-list/controller';

export const CONTROLLERS = [
  AccessLogController,
  PersonsController,
  CorrectionsController,
  ProposalsController,
  CampaignsController,
  CampaignRunsController,
  CampaignPaymentsController,
  NotesController,
  InsuranceController,
  PackagesController,
  SwitchesController,
  HistoriesController,
  HistoryStatementsController,
  RemapsController,
  StatementsController,
  ClaimLinesController,
  DocumentsController,
  DossiersController,
  DossierAsKnownController,
  TrajectoriesController,
  DecisionsController,
  WorkListController,
  PayerSplitController,
  PaymentSpecificationsController,
  ClaimFilesController,
  PolicyController,
  HealthController,
];

/** Every resource of the API over one runtime. */
@Module({})
export class ApiModule {
  static forRuntime(runtime: ApiRuntime): DynamicModule {
    return {
      module: ApiModule,
      imports: [DossiersModule.forContext(runtime.context)],
      controllers: CONTROLLERS,
      providers: [
        { provide: ApiRuntime, useValue: runtime },
        { provide: Campaigns, useFactory: () => new Campaigns(runtime.context, runtime.campaigns) },
        CorrectionOrders,
        DecisionRecords,
        FreshnessInterceptor,
        HealthChecks,
        HistoryStatements,
        Idempotency,
        PersonCommands,
        PersonLookups,
        PersonRegistrations,
      ],
    };
  }
}
