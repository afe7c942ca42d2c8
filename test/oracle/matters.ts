/** Whether a fact was not only there but mattered: without it something else would be decided. */
import type { PersonFacts, StatementFact, TrajectoryFacts } from '#libs/trajectory';
import { oracle, type OracleDecision, type PackageLimits } from './oracle';

type Left = (stream: TrajectoryFacts) => TrajectoryFacts;

const unless = (there: boolean, stream: TrajectoryFacts, less: Partial<TrajectoryFacts>): TrajectoryFacts =>
  there ? { ...stream, ...less } : stream;
const without =
  (test: (each: StatementFact) => boolean): Left =>
  (stream) =>
    unless(stream.statements.some(test), stream, { statements: stream.statements.filter((each) => !test(each)) });
const ofType = (type: StatementFact['type']): Left => without((each) => each.type === type);
const withField = (field: string): Left => without((each) => each.type === 'ClinicalFactsStated.v1' && field in each.data);

/** By name, what to leave out of every stream. */
export const MATTER: Readonly<Record<string, Left>> = {
  'a stated diagnosis matters': withField('diagnosedOn'),
  'a stated discharge matters': withField('dischargedOn'),
  'a stated last radiation matters': withField('lastRadiationOn'),
  'a stated end of conservative treatment matters': withField('conservativeTreatmentEndedOn'),
  'a stated reason for long sessions matters': withField('longSession'),
  'a confirmed item matters': ofType('ConditionConfirmed.v1'),
  'a new episode matters': ofType('NewEpisodeConfirmed.v1'),
  'a changed class matters': ofType('CareClassChanged.v1'),
  'an extended term matters': ofType('TermExtended.v1'),
  'an authorisation matters': ofType('AuthorisationGranted.v1'),
  'a switch matters': (stream) => unless(stream.switches.length > 0, stream, { switches: [] }),
  'an import matters': (stream) => unless(stream.histories.length > 0, stream, { histories: [] }),
  'a remap matters': (stream) => unless(stream.remaps.length > 0, stream, { remaps: [] }),
  'the code of a move matters': (stream) => {
    const sessions = [...stream.sessions].map(([key, { moved: _, ...session }]) => [key, session] as const);
    return unless(
      [...stream.sessions.values()].some(({ moved }) => moved !== undefined),
      stream,
      { sessions: new Map(sessions) },
    );
  },
  'an override matters': (stream) => unless(stream.overrides.size > 0, stream, { overrides: new Map() }),
  'an absorption matters': (stream) => unless(stream.absorbedInto !== null, stream, { absorbedInto: null }),
};

export function matters(
  facts: PersonFacts,
  decisions: readonly OracleDecision[],
  packages: readonly PackageLimits[],
  leave: Left,
): boolean {
  const changed = [...facts.trajectories].map(([id, stream]) => [id, leave(stream)] as const);
  if (changed.every(([id, stream]) => facts.trajectories.get(id) === stream)) return false;
  return JSON.stringify(oracle({ ...facts, trajectories: new Map(changed) }, packages)) !== JSON.stringify(decisions);
}
