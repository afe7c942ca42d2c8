export { bookingOf, difference, settle } from './settle';
export type { Settlement } from './settle';
export { effectsOf, looksTheSame, outcomeOf, type LineEffect } from './effects';
export { sameDecision } from './same-decision';
