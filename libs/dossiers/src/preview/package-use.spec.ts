import type { PackagePeriod } from '#libs/trajectory';
import { packageUseMoved } from './package-use';
import type { LineMove } from './shape';

const CLOSED_THROUGH = 2022;
const period = (name: string, from = '2020-01-01', through: string | null = null): PackagePeriod => ({
  insurer: '3343',
  package: name,
  from,
  through,
});
const outcome = (purse: 'supplementary' | 'insured', cents = 4000): NonNullable<LineMove['before']> => ({
  ...{ status: 'decided', condition: '1.b.7', codes: [], deductible: false, rule: 'within-threshold', overridden: null },
  sessions: [{ position: 3, purse, cents }],
  ...{ basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0, [purse]: cents },
  ...{ paidToProvider: cents, claimFromInsured: 0 },
});
const move = (date: string, before: LineMove['before'], after: LineMove['after']): LineMove => ({
  ...{ line: `04000001/${date}` as LineMove['line'], practice: '04000001', reference: date, date, diagnosis: '4021' },
  ...{ trajectory: 't-1' as LineMove['trajectory'], before, after },
});

describe('use of packages that moves', () => {
  it('is given back to the package that bore it, also where that is no longer stated', () => {
    const moves = [move('2024-03-01', outcome('supplementary'), outcome('insured'))];
    expect(packageUseMoved([period('Optifit')], [period('Start', '2026-01-01')], moves, CLOSED_THROUGH)).toEqual([
      { insurer: '3343', package: 'Optifit', year: '2024', sessions: -1, cents: -4000, closed: false },
    ]);
  });

  it('goes from the package of before to that of after', () => {
    const moves = [move('2022-03-01', outcome('supplementary', 4000), outcome('supplementary', 3500))];
    expect(packageUseMoved([period('Optifit')], [period('Start')], moves, CLOSED_THROUGH)).toEqual([
      { insurer: '3343', package: 'Optifit', year: '2022', sessions: -1, cents: -4000, closed: true },
      { insurer: '3343', package: 'Start', year: '2022', sessions: 1, cents: 3500, closed: true },
    ]);
  });

  it('is summed by year over both days of a period, and no package is named where none is stated', () => {
    const packages = [period('Optifit', '2024-01-01', '2024-12-31')];
    const moves = [
      move('2023-12-31', null, outcome('supplementary', 100)),
      move('2024-01-01', null, outcome('supplementary', 10)),
      move('2024-12-31', null, outcome('supplementary', 1)),
      move('2024-06-01', null, outcome('insured')),
    ];
    expect(packageUseMoved(packages, packages, moves, CLOSED_THROUGH)).toEqual([
      { insurer: '', package: '', year: '2023', sessions: 1, cents: 100, closed: false },
      { insurer: '3343', package: 'Optifit', year: '2024', sessions: 2, cents: 11, closed: false },
    ]);
  });
});
