import { BookingEntity } from './booking';
import { CheckpointEntity } from './checkpoint';
import { ClaimFileEntity } from './claim-file';
import { DossierEntity } from './dossier';
import { ParkedPartitionEntity } from './parked-partition';
import { PayerSplitMonthEntity } from './payer-split-month';
import { PaymentChangeEntity } from './payment-change';
import { PolicyActivationEntity } from './policy-activation';
import { SessionEntity } from './session';
import { TrajectoryEntity } from './trajectory';
import { WorkItemEntity } from './work-item';

export * from './booking';
export * from './checkpoint';
export * from './claim-file';
export * from './dossier';
export * from './parked-partition';
export * from './payer-split-month';
export * from './payment-change';
export * from './policy-activation';
export * from './session';
export * from './trajectory';
export * from './work-item';

export const READ_MODEL_ENTITIES = [
  BookingEntity,
  CheckpointEntity,
  ClaimFileEntity,
  DossierEntity,
  ParkedPartitionEntity,
  PayerSplitMonthEntity,
  PaymentChangeEntity,
  PolicyActivationEntity,
  SessionEntity,
  TrajectoryEntity,
  WorkItemEntity,
];
