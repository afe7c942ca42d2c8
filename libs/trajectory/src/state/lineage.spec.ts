import { absorbedBy, dossierStream, foldPerson, lineageCodes, routeOf, survivorOf, trajectoryStream } from '../index';
import type { PersonFold, PersonId, Regime, StoredEvent, TrajectoryId } from '../index';

const person = 'p-1' as PersonId;
const ids = ['t-1', 't-2', 't-3'] as TrajectoryId[];

const started = (
  id: TrajectoryId,
  regime: Regime,
  diagnosis: string,
  ...more: { type: string; data: unknown }[]
): StoredEvent[] =>
  [{ type: 'TrajectoryStarted.v1', data: { trajectoryId: id, personId: person, regime, diagnosis } }, ...more].map(
    (event, revision) => ({
      stream: trajectoryStream(id),
      revision,
      ...event,
    }),
  );
const remap = (from: string, to: string) => ({
  type: 'DiagnosisRemapped.v1',
  data: { from, to, effectiveDate: '2024-07-01', reason: 'closed' },
});
const absorbed = (into: TrajectoryId) => ({ type: 'TrajectoryAbsorbed.v1', data: { into, reason: 'closed' } });
const fold = (...events: StoredEvent[][]): PersonFold => foldPerson(person, events.flat());
const [a, b, c] = ids as [TrajectoryId, TrajectoryId, TrajectoryId];

describe('where a line is stored', () => {
  it('follows regime and code, never one of them alone', () => {
    const state = fold(started(a, 'annex', '9373'), started(b, 'none', '9373'));
    expect(routeOf(state, 'annex', '9373')).toBe(a);
    expect(routeOf(state, 'none', '9373')).toBe(b);
    expect(routeOf(state, 'annex', '9372')).toBeNull();
  });

  it('[lineage-1] all codes of a lineage route to its trajectory, chains of remaps included', () => {
    const state = fold(started(a, 'annex', '9376', remap('9376', '3176'), remap('3176', '3276')));
    expect(lineageCodes(state.trajectories.get(a)!)).toEqual(['9376', '3176', '3276']);
    for (const code of ['9376', '3176', '3276']) expect(routeOf(state, 'annex', code)).toBe(a);
  });

  it('an absorbed trajectory routes to its survivor, over several steps', () => {
    const state = fold(
      started(a, 'annex', '9376'),
      started(b, 'annex', '3176', absorbed(a)),
      started(c, 'annex', '3276', absorbed(b)),
    );
    expect(routeOf(state, 'annex', '3276')).toBe(a);
    expect(survivorOf(state, c)).toBe(a);
  });

  it('what counts together is the survivor with all that it took up, directly or over others', () => {
    const state = fold(
      started(a, 'annex', '9376'),
      started(b, 'annex', '3176', absorbed(a)),
      started(c, 'annex', '3276', absorbed(b)),
      started('t-4' as TrajectoryId, 'annex', '6210'),
    );
    const together = (id: TrajectoryId): string[] => absorbedBy(state, id).map((each) => each.id);
    expect(together(a)).toEqual([a, b, c]);
    expect(together(b)).toEqual([]);
    expect(together('t-4' as TrajectoryId)).toEqual(['t-4']);
  });

  it('a survivor of which nothing has been read yet is the survivor already', () => {
    const state = fold(started(a, 'annex', '9376', absorbed(b)));
    expect(survivorOf(state, a)).toBe(b);
  });

  it('a cycle of absorptions is a broken store', () => {
    const state = fold(started(a, 'annex', '9376', absorbed(b)), started(b, 'annex', '3176', absorbed(a)));
    expect(() => survivorOf(state, a)).toThrow(/cycle/);
  });

  it('a person without events has no trajectory', () => {
    expect(
      routeOf(
        foldPerson(person, [
          { stream: dossierStream(person), revision: 0, type: 'PersonRegistered.v1', data: { personId: person } },
        ]),
        'annex',
        '9373',
      ),
    ).toBeNull();
  });
});
