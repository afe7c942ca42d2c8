export { bookingOf, difference, settle } from './settle';
export type { Settlement } from './settle';
export { sameDecision } from './same-decision';
