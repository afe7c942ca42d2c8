/** A decision that was set by hand: the money of one line, and nothing else of it. */
import { decide } from '../index';
import { history, override, packageOf, person, session, weekly, type PersonSpec } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const shoulder = { diagnosis: '4021' };
const at7095 = { insurance: [{ insurer: '7095', from: '2000-01-01', through: null }] };

/** Decisions by reference, without and with the overrides. */
function both(trajectory: PersonSpec['trajectories'][number], more: Partial<PersonSpec> = {}) {
  const byReference = (spec: PersonSpec['trajectories'][number]) =>
    new Map(decide(person({ trajectories: [spec], ...more }), book).map((each) => [each.line.split('/')[1] ?? '', each]));
  const { overrides: _, ...without } = trajectory;
  return [byReference(without), byReference(trajectory)] as const;
}

describe('an override', () => {
  const lines = [session('a', '2025-01-06'), session('b', '2025-01-13'), session('c', '2025-01-20')];

  it('[override-1] gives the line the money that it says, and beside it what would be decided without', () => {
    const [, after] = both({ sessions: lines, overrides: [override(session('b', '2025-01-13'), [1500, 0, 2500])] });
    expect(after.get('b')).toMatchObject({
      ...{ status: 'decided', condition: '1.a.2', deductible: true, paidToProvider: 4000, claimFromInsured: 2500, codes: [] },
      ...{ flags: ['overridden'], split: { basic: 1500, supplementary: 0, insured: 2500, refused: 0, undecided: 0 } },
      units: [{ position: 2, purse: null, cents: 4000, rule: 'overridden' }],
      reason: {
        rule: 'overridden',
        values: {
          ...{ position: 2, threshold: 20, overriddenThrough: '2026-12-31', derivedStatus: 'decided' },
          ...{ derivedRule: 'within-threshold', derivedBasic: 0, derivedSupplementary: 0, derivedInsured: 4000 },
          ...{ derivedRefused: 0, derivedUndecided: 0 },
        },
      },
    });
  });

  it('[override-2] moves no position and no other line', () => {
    const [before, after] = both({ sessions: lines, overrides: [override(session('b', '2025-01-13'), [4000, 0, 0])] });
    expect([after.get('a'), after.get('c')]).toEqual([before.get('a'), before.get('c')]);
    expect(after.get('b')?.units).toEqual([{ position: 2, purse: 'basic', cents: 4000, rule: 'overridden' }]);
  });

  it('[override-2] counts against a maximum as it would without', () => {
    const sessions = weekly('s', '2025-01-06', 13, { diagnosis: '7023', csi: '012' });
    const [before, after] = both({ sessions, overrides: [override(sessions[0] ?? session('', ''), [0, 0, 4000])] });
    expect(after.get('s13')).toEqual(before.get('s13'));
    expect(after.get('s13')?.reason.rule).toBe('past-cap');
  });

  it('[override-3] uses a unit of the package exactly where a session has a cent of it, so that later lines move up', () => {
    const sessions = weekly('s', '2025-01-06', 11, shoulder);
    const first = sessions[0] ?? session('', '');
    const paid = (each: ReturnType<typeof both>[number]): number =>
      [...each.values()].filter(({ split }) => split.supplementary > 0).length;
    const packages = [packageOf('Nine')];
    const [before, freed] = both({ sessions, overrides: [override(first, [0, 0, 4000])] }, { packages });
    expect([paid(before), paid(freed)]).toEqual([9, 9]);
    expect([before.get('s10')?.split.supplementary, freed.get('s10')?.split.supplementary]).toEqual([0, 4000]);
    const [, partly] = both({ sessions, overrides: [override(first, [0, 1, 3999])] }, { packages });
    expect(partly.get('s10')?.split.supplementary).toBe(0);
    const [, eleventh] = both({ sessions, overrides: [override(sessions[10] ?? first, [0, 4000, 0])] }, { packages });
    expect(paid(eleventh)).toBe(10);
  });

  it('[override-4] decides a held line for its own money alone: it holds what comes after it still', () => {
    const held = { sessions: lines, switches: ['2025-01-01'] };
    const [before, after] = both({ ...held, overrides: [override(session('a', '2025-01-06'), [0, 0, 4000])] });
    expect([...before.values()].map(({ status }) => status)).toEqual(['held', 'held', 'held']);
    expect([...after.values()].map(({ status }) => status)).toEqual(['decided', 'held', 'held']);
    expect(after.get('a')?.reason.values).toMatchObject({ derivedStatus: 'held', derivedUndecided: 4000 });
    expect(after.get('c')).toEqual(before.get('c'));
  });

  it('[override-5] pays a line that came too late', () => {
    const late = session('a', '2025-03-03', { receivedOn: '2026-03-04' });
    const [before, after] = both({ sessions: [late], overrides: [override(late, [0, 0, 4000])] }, at7095);
    expect(before.get('a')?.split.refused).toBe(4000);
    expect(after.get('a')).toMatchObject({ split: { insured: 4000, refused: 0 }, codes: ['0613'], paidToProvider: 0 });
  });

  it('[override-5] does nothing to a line that is invalid, also one that became so later', () => {
    const wrong = session('a', '2025-01-06', { diagnosis: '0000' });
    const [before, after] = both({ sessions: [wrong], overrides: [override(wrong, [4000, 0, 0])] });
    expect(after.get('a')).toEqual(before.get('a'));
    expect(after.get('a')?.status).toBe('invalid');
  });

  it('[override-6] is divided over the sessions of a line in their order: basic, package, insured', () => {
    const line = session('a', '2025-01-06', { quantity: 3 });
    const [, after] = both({ sessions: [line], overrides: [override(line, [6000, 0, 6000])] });
    expect(after.get('a')?.units.map(({ position, purse, cents }) => [position, purse, cents])).toEqual([
      [1, 'basic', 4000],
      [2, null, 4000],
      [3, 'insured', 4000],
    ]);
  });

  it('[override-7] tells what is not paid by the code that was given, else that of what it stands in for, else 0613', () => {
    const sessions = weekly('s', '2025-01-06', 13, { diagnosis: '7023', csi: '012' });
    const codeOf = (at: number, code?: string) =>
      both(
        { sessions, overrides: [override(sessions[at] ?? session('', ''), [0, 0, 4000], code === undefined ? {} : { code })] },
        at7095,
      )[1].get(`s${String(at + 1).padStart(2, '0')}`)?.codes;
    expect([codeOf(0, '0584'), codeOf(0), codeOf(12), codeOf(12, '0613')]).toEqual([['0584'], ['0613'], ['0584'], ['0613']]);
  });

  it('[override-1] the deductible asks its basic part, where it would be asked', () => {
    const lines21 = { sessions: [session('a', '2025-01-06')], histories: [history(20, '2024-12-30')] };
    const byHand = (split: readonly [number, number, number]) =>
      both({ ...lines21, overrides: [override(session('a', '2025-01-06'), split)] })[1].get('a')?.deductible;
    expect([byHand([1, 0, 3999]), byHand([0, 0, 4000])]).toEqual([true, false]);
  });
});
