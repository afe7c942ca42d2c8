export * from './read-model-queries';
export { CursorError } from './cursor';
export { ReadModelsBehindError, untilWhole } from './until-whole';
export {
  overriddenTrajectories,
  personsWithLapsesBooked,
  personsWithOverridesBefore,
  type OverriddenTrajectory,
} from './overrides';
export { campaignCandidates } from './campaign-candidates';
export {
  MAX_PAYMENT_LINES,
  PaymentChangesLackingError,
  paymentChangesOn,
  type LinePayment,
  type PaymentDay,
} from './payment-changes';
