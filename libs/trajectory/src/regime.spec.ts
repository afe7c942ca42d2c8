import { lineKey, REGIMES, regimeOf, trajectoryStream, dossierStream } from './index';
import type { PersonId, Regime, TrajectoryId } from './index';

describe('the regime of a line', () => {
  it.each<[Regime, readonly string[]]>([
    ['annex', ['001', '008']],
    ['child', ['003', '004', '005', '006', '007']],
    ['none', ['009']],
    ['pelvic', ['010']],
    ['peripheral-arterial', ['011']],
    ['osteoarthritis', ['012']],
    ['copd', ['013', '014', '015', '016', '017', '018', '019']],
    ['covid', ['020']],
    ['covid-extended', ['021']],
    ['unrecognised', ['', '000', '002', '022', '10', '999']],
  ])('is %s under the indication codes %j', (regime, codes) => {
    expect(codes.map((csi) => regimeOf(csi))).toEqual(codes.map(() => regime));
    expect(codes.map((csi) => regimeOf(csi, '012'))).toEqual(codes.map(() => regime));
    expect(REGIMES).toContain(regime);
  });

  it('is fall prevention on its performance list, whatever the indication code', () => {
    expect(['', '001', '009', '999'].map((csi) => regimeOf(csi, '079'))).toEqual(Array(4).fill('fall-prevention'));
  });
});

describe('names that are stored', () => {
  it('a line is known by the practice and its reference, whatever blanks its record was filled with', () => {
    expect(lineKey('04012345', '  2024-17 a  ')).toBe('04012345/2024-17 a');
  });

  it('a stream is named after what it holds', () => {
    expect([trajectoryStream('t-1' as TrajectoryId), dossierStream('p-1' as PersonId)]).toEqual([
      'trajectory-t-1',
      'dossier-p-1',
    ]);
  });
});
