import { ReadModels1790000000000 } from './1790000000000-read-models';
import { Erasures1790200000000 } from './1790200000000-erasures';
import { Overrides1790300000000 } from './1790300000000-overrides';
import { HeldOverrides1790310000000 } from './1790310000000-held-overrides';
import { PaymentChanges1790400000000 } from './1790400000000-payment-changes';
import { Statements1790100000000 } from './1790100000000-statements';

/** Every migration, oldest first. */
export const READ_MODEL_MIGRATIONS = [
  ReadModels1790000000000,
  Statements1790100000000,
  Erasures1790200000000,
  Overrides1790300000000,
  HeldOverrides1790310000000,
  PaymentChanges1790400000000,
];
