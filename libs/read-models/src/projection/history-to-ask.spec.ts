import type { HistoryEntry } from '../entities';
import { historyToAsk, type TrajectoryHistory } from './history-to-ask';

const given = (throughDate: string, endedBy: HistoryEntry['endedBy'] = null): HistoryEntry =>
  ({ throughDate, endedBy }) as unknown as HistoryEntry;
const trajectory = (id: string, switchDates: string[], histories: HistoryEntry[] = [], absorbedInto: string | null = null) =>
  ({ id, switchDates, histories, absorbedInto }) satisfies TrajectoryHistory;
const asked = (trajectories: TrajectoryHistory[], reported: string[] = []) => {
  const { trajectories: open, person } = historyToAsk(trajectories, reported);
  return { open: [...open], person };
};

describe('a history is to be asked', () => {
  it('for a switch that no import answers', () => {
    expect(asked([trajectory('a', ['2024-01-01'])]).open).toEqual(['a']);
    expect(asked([trajectory('a', [])]).open).toEqual([]);
    expect(asked([trajectory('a', ['2024-01-01'], [given('2023-12-20')])]).open).toEqual([]);
  });

  it('when another switch lies strictly between the switch and the import', () => {
    const switches = ['2023-01-01', '2024-01-01'];
    expect(asked([trajectory('a', switches, [given('2022-12-01')])]).open).toEqual(['a']);
    expect(asked([trajectory('a', switches, [given('2022-12-01'), given('2023-12-01')])]).open).toEqual([]);
    expect(asked([trajectory('a', switches, [given('2023-01-01')])]).open).toEqual([]);
  });

  it('again once the import was retracted or superseded', () => {
    expect(asked([trajectory('a', ['2024-01-01'], [given('2023-12-20', 'retracted')])]).open).toEqual(['a']);
    expect(asked([trajectory('a', ['2024-01-01'], [given('2023-12-20', 'superseded')])]).open).toEqual(['a']);
  });

  it('on the trajectory that survived, over all that it absorbed', () => {
    const absorbed = trajectory('b', ['2024-01-01'], [], 'a');
    expect(asked([trajectory('a', []), absorbed]).open).toEqual(['a']);
    expect(asked([trajectory('a', [], [given('2023-12-20')]), absorbed]).open).toEqual([]);
    expect(asked([trajectory('a', [], [], 'b'), trajectory('b', ['2024-01-01'], [], 'a')]).open).toHaveLength(1);
  });

  it('of the person, for a switch reported without a trajectory, until a trajectory has it or an import answers it', () => {
    expect(asked([], ['2024-01-01'])).toEqual({ open: [], person: true });
    expect(asked([trajectory('a', [])], ['2024-01-01']).person).toBe(true);
    expect(asked([trajectory('a', ['2024-01-01'])], ['2024-01-01'])).toEqual({ open: ['a'], person: false });
    expect(asked([trajectory('a', [], [given('2023-11-30')])], ['2024-01-01']).person).toBe(false);
  });
});
