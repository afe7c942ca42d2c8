/** Where imported sessions stand, what a switch of insurer holds and what releases it, and the twenty before 2012. */
import { history, packageOf, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { bookReading, course, decided, positions, rules, statuses } from './scene';

const since2024 = { insurance: [{ insurer: '3343', from: '2024-01-01', through: null }] };
const lines = weekly('a', '2024-01-08', 4, { diagnosis: '9372' });

const newEpisode = (from: string) => statement('NewEpisodeConfirmed.v1', { from, event: 'recurrence' });

describe('imported sessions', () => {
  it('[imports-1] stand at their date: after own sessions up to it, before later ones', () => {
    const gap = {
      insurance: [
        { insurer: '3343', from: '2020-01-01', through: '2022-12-31' },
        { insurer: '3343', from: '2024-01-01', through: null },
      ],
    };
    const own = weekly('o', '2022-11-07', 3, { diagnosis: '9372' });
    expect(positions(decided([{ sessions: [...own, ...lines], histories: [history(10, '2023-12-31')] }], gap))).toEqual([
      1, 2, 3, 14, 15, 16, 17,
    ]);
  });

  it('[imports-2] of a date on which we insured stand on the day before that insurance began', () => {
    expect(positions(decided([{ sessions: lines, histories: [history(5, '2024-01-16')] }], since2024))).toEqual([6, 7, 8, 9]);
  });

  it('[imports-3] given elsewhere come on top, and several of them add up', () => {
    const histories = [history(3, '2023-06-30'), history(4, '2023-12-31')];
    expect(positions(decided([{ sessions: lines, histories }], since2024))).toEqual([8, 9, 10, 11]);
  });

  it('[imports-4] of everything are the whole up to their date: our own up to it, late ones too, are inside', () => {
    const whole = history(10, '2024-01-20', { scope: 'everything' });
    expect(positions(decided([{ sessions: lines, histories: [whole] }], since2024))).toEqual([9, 10, 11, 12]);
    const late = session('late', '2024-01-03', { diagnosis: '9372', receivedOn: '2024-11-20' });
    expect(positions(decided([{ sessions: [...lines, late], histories: [whole] }], since2024))).toEqual([8, 9, 10, 11, 12]);
  });

  it('[imports-5] of everything that are fewer than ours stop the positions at their number; the next has one more, and it is shown', () => {
    const whole = history(2, '2024-01-24', { scope: 'everything', startedOn: '2024-01-08' });
    const decisions = decided([{ sessions: lines, histories: [whole] }]);
    expect(positions(decisions)).toEqual([1, 2, 2, 3]);
    expect(decisions[0]?.flags).toContain('history-below-own');
  });

  it('[imports-6] bring the start with them: it is the anchor, unless a valid own session is earlier', () => {
    const shoulder = weekly('s', '2024-01-08', 2, { diagnosis: '4021', csi: '001' });
    const known = [history(30, '2023-12-31', { startedOn: '2023-01-15' })];
    expect(decided([{ sessions: shoulder, histories: known }], since2024)[1]?.reason).toMatchObject({
      rule: 'past-term',
      values: { end: '2024-01-15' },
    });
    const earlier = session('x', '2023-01-10', { diagnosis: '4021' });
    expect(decided([{ sessions: [earlier, ...shoulder], histories: known }])[1]?.reason.values).toMatchObject({
      end: '2024-01-10',
    });
    const invalid = session('x', '2023-01-10', { diagnosis: '4021', quantity: 9 });
    expect(decided([{ sessions: [invalid, ...shoulder], histories: known }])[1]?.reason.values).toMatchObject({
      end: '2024-01-15',
    });
  });
});

describe('a hold', () => {
  const switched = { sessions: lines, switches: ['2024-01-01'] };

  it('[hold-1] is of every adult line of Annex 1 on or after a switch that no history answers', () => {
    const before = weekly('b', '2023-12-04', 2, { diagnosis: '9372' });
    const decisions = decided([{ ...switched, sessions: [...before, ...lines] }]);
    expect(statuses(decisions)).toEqual(['decided', 'decided', 'held', 'held', 'held', 'held']);
    expect(decisions[2]?.reason).toMatchObject({ rule: 'hold-switch', values: { switch: '2024-01-01' } });
    const knee = weekly('k', '2024-01-08', 1, { diagnosis: '7023', csi: '012' });
    expect(statuses(decided([{ sessions: knee, switches: ['2024-01-01'] }]))).toEqual(['decided']);
  });

  it('[hold-2] is of a line that asserts 001 within the first twenty where nothing was imported', () => {
    const asserting = lines.map((line, i) => (i === 2 ? { ...line, csi: '001' } : line));
    expect(rules(decided([{ sessions: asserting }]))).toEqual([
      'within-threshold',
      'within-threshold',
      'hold-asserted',
      'hold-earlier',
    ]);
    expect(statuses(decided([{ sessions: asserting, histories: [history(2, '2023-12-31')] }], since2024))).not.toContain('held');
  });

  it('[hold-3] is not of a slip of the last two: a row that began here with 008 and turns to 001 at eighteen goes on', () => {
    const turning = (at: number) =>
      weekly('a', '2024-01-08', 21, { diagnosis: '9372' }).map((line, i) => ({ ...line, csi: i < at - 1 ? '008' : '001' }));
    expect(purses(decided([{ sessions: turning(18) }]))).toBe('i'.repeat(20) + 'b');
    expect(purses(decided([{ sessions: turning(17) }]))).toBe('i'.repeat(16) + 'hhhhh');
    const beganOtherwise = turning(18).map((line, i) => (i === 0 ? { ...line, csi: '001' } : line));
    expect(statuses(decided([{ sessions: beganOtherwise }]))[0]).toBe('held');
    expect(purses(decided([{ sessions: turning(18) }], {}, bookReading('assertedSlack', 1)))).toBe('i'.repeat(17) + 'hhhh');
  });

  it.each(['asserted', 'verified'] as const)('[hold-4] is answered by an %s history, also of none', (status) => {
    expect(statuses(decided([{ ...switched, histories: [history(0, '2023-12-31', { status })] }], since2024))).not.toContain(
      'held',
    );
  });

  it('[hold-5] is not answered across an own session or another switch', () => {
    const own = session('x', '2023-12-15', { diagnosis: '9372' });
    expect(statuses(decided([{ ...switched, sessions: [own, ...lines], histories: [history(3, '2023-11-30')] }]))[1]).toBe(
      'held',
    );
    const two = { ...switched, switches: ['2023-07-01', '2024-01-01'] };
    expect(statuses(decided([{ ...two, histories: [history(3, '2023-06-30')] }], since2024))).not.toContain('decided');
    expect(
      statuses(decided([{ ...two, histories: [history(3, '2023-06-30'), history(4, '2023-12-31')] }], since2024)),
    ).not.toContain('held');
    // on the day itself is not between
    const onTheDay = session('x', '2023-12-31', { diagnosis: '9372' });
    expect(
      statuses(decided([{ ...switched, sessions: [onTheDay, ...lines], histories: [history(3, '2023-12-31')] }])),
    ).not.toContain('held');
  });

  it('[hold-6] once answered, the derived position decides, whatever the lines assert', () => {
    const asserting = lines.map((line) => ({ ...line, csi: '001' }));
    const answered = { sessions: asserting, switches: ['2024-01-01'], histories: [history(18, '2023-12-31')] };
    expect(purses(decided([answered], since2024))).toBe('iibb');
  });

  it('[hold-7] is not made by a new insurance period alone', () => {
    expect(purses(decided([{ sessions: lines }], since2024))).toBe('iiii');
  });

  it('[hold-8] is never of a child without a threshold', () => {
    const child = course('c', '2024-01-08', 3, { csi: '001', ageYears: 12, deductibleAge: false });
    expect(purses(decided([{ sessions: child, switches: ['2024-01-01'] }]))).toBe('bbb');
  });

  it('[hold-9] leaves a line and all that follow it in the trajectory provisional positions, and no unit of the package', () => {
    const child = session('c', '2024-02-12', { diagnosis: '9372', csi: '001', ageYears: 17, deductibleAge: false });
    const other = weekly('n', '2024-02-19', 1, { diagnosis: '4026', csi: '009' });
    const packages = [packageOf('Start', '2023-01-01')];
    const decisions = decided([{ ...switched, sessions: [...lines, child] }, { sessions: other }], { packages });
    expect(purses(decisions)).toBe('hhhhhs');
    expect(positions(decisions)).toEqual([1, 2, 3, 4, 5, null]);
    expect(decisions[5]?.reason.values).toMatchObject({ package: 'Start', unit: 1 });
  });

  it('[hold-10] can be switched off by date in the policy', () => {
    expect(statuses(decided([switched], {}, bookReading('holdUnknownHistory', false)))).not.toContain('held');
  });

  describe('[hold-11] a new insurance asks for the history before it, and holds nothing', () => {
    const asked = (...given: Parameters<typeof decided>): string[] =>
      decided(...given).flatMap((each) => (each.flags.includes('new-insurance') ? [each.line.slice(-3)] : []));
    const from = (date: string, through: string | null = null) => ({ insurance: [{ insurer: '3343', from: date, through }] });

    it('by the first session that is decided, once', () => {
      expect(asked([{ sessions: lines }], since2024)).toEqual(['a01']);
      expect(statuses(decided([{ sessions: lines }], since2024))).not.toContain('held');
      const other = weekly('k', '2024-02-05', 2, { diagnosis: '9373' });
      expect(asked([{ sessions: lines }, { id: 't-2', sessions: other }], since2024)).toEqual(['a01', 'k01']);
    });

    it('within the months of the policy, the day on which they are over not among them', () => {
      expect(asked([{ sessions: lines }], from('2023-01-09'))).toEqual(['a01']);
      expect(asked([{ sessions: lines }], from('2023-01-08'))).toEqual([]);
      expect(asked([{ sessions: lines }], since2024, bookReading('newInsuranceMonths', null))).toEqual([]);
      expect(asked([{ sessions: lines }], from('2022-01-09'), bookReading('newInsuranceMonths', 24))).toEqual(['a01']);
    });

    it('once more where there was a time between, but not where labels of one insurer follow each other', () => {
      const twice = (second: string) => ({
        insurance: [
          { insurer: '3365', from: '2024-01-01', through: '2024-01-16' },
          { insurer: '3343', from: second, through: null },
        ],
      });
      expect(asked([{ sessions: lines }], twice('2024-01-18'))).toEqual(['a01', 'a03']);
      expect(asked([{ sessions: lines }], twice('2024-01-17'))).toEqual(['a01']);
    });

    it('unless a history is known: one that runs to that day or beyond, or after which nothing else is known until then', () => {
      for (const through of ['2023-06-30', '2023-12-31', '2024-01-20'])
        expect(asked([{ sessions: lines, histories: [history(3, through)] }], since2024)).toEqual([]);
      const earlier = session('x', '2023-03-01', { diagnosis: '9372' });
      const before = {
        insurance: [{ insurer: '3343', from: '2022-01-01', through: '2023-06-30' }, ...since2024.insurance],
      };
      expect(asked([{ sessions: [earlier, ...lines], histories: [history(3, '2023-02-01')] }], before)).toEqual(['a01']);
      // another switch lies between: what was given after it nobody told
      const switched = { sessions: lines, switches: ['2023-10-01'], histories: [history(3, '2023-09-30')] };
      expect(asked([switched], since2024)).toEqual(['a01']);
    });

    it('only where it could matter: of an adult, under Annex 1, with a threshold, of an episode that had begun before', () => {
      const only = (changes: object, code = '9372') =>
        asked([{ sessions: weekly('a', '2024-01-08', 1, { diagnosis: code, ...changes }) }], since2024);
      expect(only({})).toEqual(['a01']);
      expect(only({ ageYears: 17, csi: '001' })).toEqual([]);
      expect(only({ csi: '012' }, '7023')).toEqual([]);
      expect(only({ csi: '009' })).toEqual([]);
      const severe = weekly('r', '2025-01-06', 1, { diagnosis: '9390', performance: '10039' });
      expect(asked([{ sessions: severe }], from('2025-01-01'))).toEqual([]);
      const episode = (day: string) =>
        asked([{ sessions: weekly('f', '2024-01-08', 1, { diagnosis: '4021' }), statements: [newEpisode(day)] }], since2024);
      expect([episode('2024-01-08'), episode('2023-12-31')]).toEqual([[], ['f01']]);
    });
  });

  it('[switch-3] labels of one insurer are one insurer: their adjoining periods are one for a history, and one package goes on', () => {
    const labels = {
      insurance: [
        { insurer: '3365', from: '2024-01-01', through: '2024-01-14' },
        { insurer: '3343', from: '2024-01-15', through: null },
      ],
    };
    expect(positions(decided([{ sessions: lines, histories: [history(5, '2024-01-20')] }], labels))).toEqual([6, 7, 8, 9]);
    const packages = [packageOf('Start', '2023-01-01', '2024-01-14', '3365'), packageOf('Start', '2024-01-15')];
    expect(purses(decided([{ sessions: lines }], { ...labels, packages }))).toBe('sssi');
  });
});

describe('thresholds before 2012', () => {
  it.each([
    ['2010-03-01', 9],
    ['2010-11-29', 12],
    ['2011-03-07', 12],
    ['2011-11-28', 20],
  ])('[thresholds-1] a start on %s ends at %i, one before 2011 never at twenty', (from, threshold) => {
    expect(purses(decided([{ sessions: weekly('a', from, 24, { diagnosis: '9372' }) }])).indexOf('b')).toBe(threshold);
  });

  it('[thresholds-1] a start before 2011 that goes on for years ends at twelve', () => {
    const slow = [
      ...weekly('a', '2010-12-06', 2, { diagnosis: '9372' }),
      ...weekly('b', '2024-01-08', 11, { diagnosis: '9372' }),
    ];
    expect(purses(decided([{ sessions: slow }]))).toBe('i'.repeat(12) + 'b');
  });

  it('[thresholds-2] imported sessions of that time have no dates: with them the higher number holds', () => {
    const own = weekly('a', '2010-01-04', 14, { diagnosis: '9372' });
    expect(purses(decided([{ sessions: own }]))).toBe('i'.repeat(9) + 'b'.repeat(5));
    const undated = [history(1, '2009-12-31', { startedOn: '2009-12-01' })];
    // eleven of our own after the one that came from elsewhere
    expect(purses(decided([{ sessions: own, histories: undated }]))).toBe('i'.repeat(11) + 'bbb');
    const later = weekly('c', '2011-01-03', 21, { diagnosis: '9372' });
    expect(purses(decided([{ sessions: later }]))).toBe('i'.repeat(12) + 'b'.repeat(9));
    expect(purses(decided([{ sessions: later, histories: [history(1, '2011-01-02', { startedOn: '2011-01-02' })] }]))).toBe(
      'i'.repeat(19) + 'bb',
    );
  });
});
