export * from './read-model-queries';
export { CursorError } from './cursor';
export {
  overriddenTrajectories,
  personsWithLapsesBooked,
  personsWithOverridesBefore,
  type OverriddenTrajectory,
} from './overrides';
export { campaignCandidates } from './campaign-candidates';
