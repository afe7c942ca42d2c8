import { Module, type DynamicModule } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { ActivatePolicyHandler } from './activate-policy/handler';
import { ChangeCareClassHandler } from './change-care-class/handler';
import { ConfirmConditionHandler } from './confirm-condition/handler';
import { ConfirmNewEpisodeHandler } from './confirm-new-episode/handler';
import { DossierContext } from './context';
import { Corrections } from './corrections/corrections';
import { DeclareClaimLinesHandler } from './declare-claim-lines/handler';
import { EndLapsedOverridesHandler } from './end-due-overrides/handler';
import { EndOverrideHandler } from './end-override/handler';
import { ExtendTermHandler } from './extend-term/handler';
import { GrantAuthorisationHandler } from './grant-authorisation/handler';
import { ImportHistoryHandler } from './import-history/handler';
import { MemberImport } from './import-members/import';
import { ClaimFileIngestion } from './ingest-claim-file/ingest';
import { MoveSessionHandler } from './move-session/handler';
import { MoveSessionToPersonHandler } from './move-session-to-person/handler';
import { OverrideDecisionHandler } from './override-decision/handler';
import { Proposals } from './proposals/proposals';
import { RecordSwitchHandler } from './record-switch/handler';
import { RegisterPersonsHandler } from './register-person/handler';
import { RemapDiagnosisHandler } from './remap-diagnosis/handler';
import { RetractHistoryHandler } from './retract-history/handler';
import { VerifyHistoryHandler } from './verify-history/handler';
import { RetractStatementHandler } from './retract-statement/handler';
import { RevertAbsorptionHandler } from './revert-absorption/handler';
import { RevertRemapHandler } from './revert-remap/handler';
import { StateClinicalFactsHandler } from './state-clinical-facts/handler';
import { StateInsuranceHandler } from './state-insurance/handler';
import { StatePackagesHandler } from './state-packages/handler';

/** Every command has exactly one handler; a test holds that. */
export const COMMAND_HANDLERS = [
  ActivatePolicyHandler,
  ChangeCareClassHandler,
  ConfirmConditionHandler,
  ConfirmNewEpisodeHandler,
  DeclareClaimLinesHandler,
  EndLapsedOverridesHandler,
  EndOverrideHandler,
  ExtendTermHandler,
  GrantAuthorisationHandler,
  ImportHistoryHandler,
  MoveSessionHandler,
  MoveSessionToPersonHandler,
  OverrideDecisionHandler,
  RecordSwitchHandler,
  RegisterPersonsHandler,
  RemapDiagnosisHandler,
  RetractHistoryHandler,
  VerifyHistoryHandler,
  RetractStatementHandler,
  RevertRemapHandler,
  RevertAbsorptionHandler,
  StateClinicalFactsHandler,
  StateInsuranceHandler,
  StatePackagesHandler,
];

/** The command side: give commands to the CommandBus, files to ClaimFileIngestion and MemberImport. */
@Module({})
export class DossiersModule {
  static forContext(context: DossierContext): DynamicModule {
    return {
      module: DossiersModule,
      imports: [CqrsModule.forRoot()],
      providers: [
        ...COMMAND_HANDLERS,
        { provide: DossierContext, useValue: context },
        Corrections,
        {
          provide: Proposals,
          useFactory: (corrections: Corrections) => new Proposals(corrections, context.proposals),
          inject: [Corrections],
        },
        {
          provide: ClaimFileIngestion,
          useFactory: (bus: CommandBus) => new ClaimFileIngestion(context, bus),
          inject: [CommandBus],
        },
        { provide: MemberImport, useFactory: (bus: CommandBus) => new MemberImport(context, bus), inject: [CommandBus] },
      ],
      exports: [CqrsModule, DossierContext, Corrections, Proposals, ClaimFileIngestion, MemberImport],
    };
  }
}
