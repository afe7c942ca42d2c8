/** The command side: what may be asked of a dossier, and how it is carried out. */
export { DossiersModule, COMMAND_HANDLERS } from './dossiers.module';
export { DossierContext } from './context';
export { holdToErasureList, openDossierRuntime, type DossierConfig, type DossierRuntime } from './runtime';
export { createErasureList } from './erase-person/create-list';
export { ErasureListError } from './erase-person/erasure-list';
export { Erasures } from './erase-person/erasures';
export type { ErasureRequest, LegalHold } from './erase-person/holds-and-requests';
export type { ErasurePreview } from './erase-person/survey';
export type { CommandBase, CommandResult } from './command-result';
export type { Refusal } from './refusal';
export { ContentionError } from './person/execute';
export type { PersonOutcome } from './person/command';
export { commandIdFrom, claimFileId, closingIds, historyImportId } from './person/event-ids';
export { loadPersons, type LoadedPerson } from './person/load';
export { PolicyMissingError, PolicyRefusedError, PolicyRegistry, type PolicyInEffect } from './policy/registry';
export { ActivatePolicy } from './activate-policy/command';
export { ChangeCareClass, type CareClassInput } from './change-care-class/command';
export { ConfirmCondition, type ConditionInput } from './confirm-condition/command';
export { ConfirmNewEpisode, type NewEpisodeInput } from './confirm-new-episode/command';
export type { ClaimLine, CreditLine, DebitLine } from './declare-claim-lines/claim-line';
export { DeclareClaimLines, type LineOutcome, type PersonLines, type PersonLinesResult } from './declare-claim-lines/command';
export { paymentsOfLapses } from './end-due-overrides/payments';
export { endDueOverrides, overridesDue, type DueReport } from './end-due-overrides/run';
export { EndOverride } from './end-override/command';
export { ExtendTerm, type TermExtensionInput } from './extend-term/command';
export { GrantAuthorisation, type AuthorisationInput } from './grant-authorisation/command';
export { ImportHistory, type HistoryInput } from './import-history/command';
export { MoveSession, type SessionMove } from './move-session/command';
export { MoveSessionToPerson, type SessionMoveToPerson } from './move-session-to-person/command';
export { arrive, type Arrival } from './move-session-to-person/arrive';
export { paymentsOfMove } from './move-session-to-person/payments';
export { departureIn, type Transit } from './move-session-to-person/transit';
export { unfinishedMoves } from './move-session-to-person/unfinished';
export { OverrideDecision, type OverrideInput } from './override-decision/command';
export { RecordSwitch } from './record-switch/command';
export { RegisterPersons, type Member, type ReportedSwitch } from './register-person/command';
export { RemapDiagnosis, type RemapInput } from './remap-diagnosis/command';
export { RetractHistory } from './retract-history/command';
export { VerifyHistory, type HistoryVerification } from './verify-history/command';
export { RetractStatement, type StatementRetraction } from './retract-statement/command';
export { RevertRemap, type RemapReversal } from './revert-remap/command';
export { StateClinicalFacts, type ClinicalFactsInput } from './state-clinical-facts/command';
export { StateInsurance } from './state-insurance/command';
export { StatePackages } from './state-packages/command';
export { MemberImport, type MemberImportReport } from './import-members/import';
export { MEMBER_COLUMNS, MemberFileError, type MemberProblem } from './import-members/member-rows';
export { ClaimFileIngestion, type IngestOptions } from './ingest-claim-file/ingest';
export type { IngestReport } from './ingest-claim-file/report';
export { returnFileName } from './ingest-claim-file/return-file';
export { paymentChanges } from './payment-specification/payment-changes';
export { writePaymentFiles } from './payment-specification/payment-file';
export { specificationsByPractice } from './payment-specification/by-practice';
export {
  paymentSpecificationCsv,
  paymentSpecifications,
  type PaymentSpecification,
} from './payment-specification/specification';
export { toldOf } from './payment-specification/told';
export { untoldBefore } from './person/untold';
export { lineRecords, setByHand, traceRecorded, type LineRecord } from './explain-line/line-records';
export * as FIELDS from './corrections/fields';
export { insurancePeriods, packagePeriods } from './corrections/inputs';
export { CORRECTIONS } from './corrections/kinds';
export { personsNamedIn, personsOf } from './corrections/persons';
export { CORRECTION_KINDS, REASON_CODES, type CorrectionKind, type ReasonCode } from './corrections/names';
export {
  Corrections,
  reviewForOne,
  type Correction,
  type CorrectionOutcome,
  type CorrectionOrder,
} from './corrections/corrections';
export type { Proposal, ProposalPage, ProposalStatus } from './proposals/proposal-book';
export { Proposals, type ApprovalOutcome } from './proposals/proposals';
export { digestOfBoth, effectsDigest } from './preview/digest';
export { Campaigns } from './campaigns/campaigns';
export type * from './campaigns/outcomes';
export type { CampaignBook } from './campaigns/campaign-book';
export { CampaignWorkBook, type CampaignWork, type CampaignWorkKind } from './campaigns/work-book';
export { CampaignWorker } from './campaigns/worker';
export { candidateCodes } from './campaigns/targets';
export { installCampaigns } from './campaigns/schema';
export type { Reached } from './campaigns/reached';
export { bookedAtRest, campaignsByCommand } from './campaigns/told';
export { CAMPAIGN_CENTS } from './campaigns/shape';
export { MAPPING_COLUMNS, MAX_MAPPING_BYTES, type MappingProblem } from './campaigns/mapping-file';
export type * from './campaigns/shape';
export { outcomeShown } from './preview/preview';
export type * from './preview/shape';
export { asKnown, type KnownOn, type PersonAsKnown } from './as-known/as-known';
export { trajectoryViews, type SessionView, type TrajectoryView } from './as-known/dossier-view';
export { replay, type ReplayDifference, type ReplayReport } from './replay/replay';
export { verify, type VerifyFinding, type VerifyReport } from './verify/verify';
