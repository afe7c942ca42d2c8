/** What a line that was moved to another trajectory counts as. */
import type { SessionFact } from '#libs/trajectory';
import { history, session, weekly } from '../../libs/coverage/src/testing/facts';
import { conditions, decided, positions, statuses } from './scene';

const moved = (line: SessionFact, under: string): SessionFact => ({ ...line, moved: { move: 1, under } });

describe('a line that was moved', () => {
  const stroke = weekly('s', '2024-01-08', 3, { diagnosis: '9372' });
  const astray = session('m', '2024-01-10', { diagnosis: '4021' });

  it('[move-1] counts in the trajectory it was moved to, in the order of its date, for the amount that was declared', () => {
    const decisions = decided([{ sessions: [...stroke, moved(astray, '9372')] }, { sessions: [], diagnosis: '4021' }]);
    expect(decisions.map(({ line }) => line.split('/')[1])).toEqual(['s01', 'm', 's02', 's03']);
    expect(positions(decisions)).toEqual([1, 2, 3, 4]);
    expect(new Set(decisions.map(({ trajectory }) => trajectory)).size).toBe(1);
    expect(decisions[1]?.split.insured).toBe(4000);
  });

  it('[move-2] has the item of the code that it counts under, and after a remap that of the code which followed it', () => {
    const into = (remaps: readonly { from: string; to: string; effectiveDate: string }[] = []) =>
      decided([{ diagnosis: '9372', sessions: [moved(astray, '9372')], remaps }]);
    expect(conditions(decided([{ sessions: [astray] }]))).not.toEqual(conditions(into()));
    expect(conditions(into())).toEqual(['1.a.1']);
    const remap = { from: '9372', to: '9374', effectiveDate: '2024-01-10' };
    expect(conditions(into([remap]))).toEqual(conditions(decided([{ sessions: [{ ...astray, diagnosis: '9374' }] }])));
    expect(conditions(into([{ ...remap, effectiveDate: '2024-01-11' }]))).toEqual(['1.a.1']);
  });

  it('[move-2] under a code without an item of Annex 1 keeps that of its own code', () => {
    expect(conditions(decided([{ diagnosis: '9376', sessions: [moved(astray, '9376')] }]))).toEqual(
      conditions(decided([{ sessions: [astray] }])),
    );
  });

  it('[move-3] is valid or not by the code that was declared: no move revives a line, and none spoils it', () => {
    const unknown = session('u', '2024-01-10', { diagnosis: '9999' });
    expect(statuses(decided([{ diagnosis: '9372', sessions: [moved(unknown, '9372')] }]))).toEqual(['invalid']);
    expect(statuses(decided([{ diagnosis: '9999', sessions: [moved(astray, '9999')] }]))).toEqual(['decided']);
  });

  it('[move-3] is a long session by the code that was declared', () => {
    const after20 = (diagnosis: string, code: string) =>
      decided([
        {
          diagnosis: code,
          histories: [history(20, '2024-01-09')],
          sessions: [moved(session('l', '2024-01-10', { diagnosis, csi: '001', performance: '1700' }), code)],
        },
      ])[0]?.reason.rule;
    expect([after20('9378', '9373'), after20('4021', '9378')]).toEqual(['above-threshold', 'long-session']);
  });
});
