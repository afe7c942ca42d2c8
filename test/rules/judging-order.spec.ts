/** The order in which a line is judged, and what ends it. Duplicates and credits stand with the declaration of claim lines. */
import { compilePolicy } from '#libs/coverage';
import { regimeOf } from '#libs/trajectory';
import { history, packageOf, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, book, conditions, course, decided, INSURED_AT_7095, policy, positions, rules, statuses } from './scene';

describe('the first of the early steps that fails', () => {
  const uninsured = { insurance: [{ insurer: '3343', from: '2025-01-01', through: null }] };

  it('[order-1] ends it, and no later step is told: insurance, then performance and amounts, then diagnosis and indication', () => {
    const wrong = { performance: '9999', diagnosis: '0000', csi: '999' };
    expect(alone(wrong, '2024-03-04', uninsured).codes).toEqual(['0320']);
    expect(alone(wrong).codes).toEqual(['0582']);
    expect(alone({ ...wrong, performance: '1000' }).codes).toEqual(['3102', '8009']);
  });

  it('[order-1] leaves the line out of the count, its cents refused', () => {
    const lines = weekly('a', '2024-01-08', 3, { diagnosis: '9372' }).map((line, i) =>
      i === 1 ? { ...line, csi: '999' } : line,
    );
    const decisions = decided([{ sessions: lines }]);
    expect(positions(decisions)).toEqual([1, 2]);
    expect(decisions[1]).toMatchObject({ status: 'invalid', split: { refused: 4000 }, paidToProvider: 0 });
  });

  it('[order-2] tells all of its codes, ascending', () => {
    expect(alone({ performance: '9999', quantity: 9, declaredCents: 1 }).codes).toEqual(['0582', '0638', '8059']);
    expect(alone({ diagnosis: '6475', csi: '999' }).codes).toEqual(['0562', '3102']);
  });
});

describe('the later steps', () => {
  it('[order-3] a line that is too late is neither held nor holds', () => {
    const [late, next] = decided([{ sessions: [session('a', '2024-01-08', { diagnosis: '9372', csi: '001', receivedOn: '2025-06-02' }), session('b', '2024-01-15', { diagnosis: '9372' })] }], { insurance: INSURED_AT_7095 }); // prettier-ignore
    expect(late).toMatchObject({ status: 'decided', codes: ['0586'] });
    expect(next?.status).toBe('decided');
  });

  it('[order-4] a treatment that began too late is not held, though a switch waits for its history', () => {
    const lines = weekly('a', '2024-01-08', 2, { diagnosis: '4021', csi: '001' });
    const diagnosed = statement('ClinicalFactsStated.v1', { diagnosedOn: '2023-06-01' });
    const switched = { sessions: lines, switches: ['2024-01-01'] };
    expect(statuses(decided([switched]))).toEqual(['held', 'held']);
    expect(rules(decided([{ ...switched, statements: [diagnosed] }]))).toEqual(['start-too-late', 'start-too-late']);
  });

  it('[order-5] a hold comes before the consent of the insurer, and that before threshold, cap and term', () => {
    const asking = compilePolicy(
      {
        ...policy,
        insurers: policy.insurers.map((each) => ({
          ...each,
          authorisationFor: [{ from: '2006-01-01', value: ['1.a.1', '2.6-5'], source: 'page of the insurer' }],
        })),
      },
      'asks for consent',
    );
    const stroke = weekly('a', '2024-01-08', 1, { diagnosis: '9372' });
    expect(rules(decided([{ sessions: stroke, switches: ['2024-01-01'] }], {}, asking))).toEqual(['hold-switch']);
    expect(rules(decided([{ sessions: stroke }], {}, asking))).toEqual(['authorisation']);
    const knee = weekly('k', '2024-01-08', 13, { diagnosis: '7023', csi: '012' });
    expect(rules(decided([{ sessions: knee }], {}, asking)).at(-1)).toBe('authorisation');
  });

  it('[order-6] threshold, cap and term are asked in this order: the first that closes the basic insurance is named', () => {
    const shoulder = [session('a', '2023-01-09', { diagnosis: '4021' }), session('b', '2024-01-09', { diagnosis: '4021' })];
    expect(rules(decided([{ sessions: shoulder }])).at(-1)).toBe('within-threshold');
    const knee = [
      ...weekly('k', '2023-01-09', 12, { diagnosis: '7023', csi: '012' }),
      session('z', '2024-02-05', { diagnosis: '7023', csi: '012' }),
    ];
    expect(rules(decided([{ sessions: knee }])).at(-1)).toBe('past-cap');
  });
});

describe('too late', () => {
  it('[too-late-1] is decided and counted, its cents refused, and no package is used', () => {
    const lines = course('a', '2024-01-08', 2, { receivedOn: '2025-06-02' });
    const packages = [packageOf('AV Budget', '2018-01-01', null, '3311')];
    const at3311 = { insurance: [{ insurer: '3311', from: '2000-01-01', through: null }], packages };
    const limited = compilePolicy(
      {
        ...policy,
        insurers: policy.insurers.map((each) => ({
          ...each,
          claimTimeLimitMonths: [{ from: '2006-01-01', value: 12, source: 'contract' }],
        })),
      },
      'twelve months everywhere',
    );
    const inTime = session('b', '2024-06-03', { diagnosis: '9372' });
    const decisions = decided([{ sessions: [...lines, inTime] }], at3311, limited);
    expect(decisions[0]).toMatchObject({ status: 'decided', codes: ['0586'], split: { refused: 4000 }, paidToProvider: 0 });
    expect(positions(decisions)).toEqual([1, 2, 3]);
    expect(decisions[2]?.reason.values).toMatchObject({ package: 'AV Budget', unit: 1 });
  });

  it('[too-late-2] compares the date of the session with the day on which its file came in; the same-numbered day is in time', () => {
    const on = (receivedOn: string) => alone({ receivedOn }, '2024-03-04', { insurance: INSURED_AT_7095 }).codes;
    expect([on('2025-03-04'), on('2025-03-05')]).toEqual([['0613'], ['0586']]);
  });

  it('[too-late-3] is a limit of each insurer: twelve months at 7095, none known at 3343 and 3311', () => {
    const months = (insurer: string) => book.insurers.get(insurer)?.terms.at('2024-03-04').claimTimeLimitMonths;
    expect([months('7095'), months('3343'), months('3311')]).toEqual([12, null, null]);
    expect(alone({ receivedOn: '2030-01-01' }).codes).toEqual([]);
  });
});

describe('the indication code', () => {
  it.each([
    [['001', '008'], 'annex'],
    [['003', '004', '005', '006', '007'], 'child'],
    [['009'], 'none'],
    [['010'], 'pelvic'],
    [['011'], 'peripheral-arterial'],
    [['012'], 'osteoarthritis'],
    [['013', '014', '015', '016', '017', '018', '019'], 'copd'],
    [['020'], 'covid'],
    [['021'], 'covid-extended'],
  ])('[regime-1] %j invoke the rules of %s', (codes, regime) => {
    expect(codes.map((csi) => regimeOf(csi))).toEqual(codes.map(() => regime));
  });

  it('[regime-1] alone says which paragraph a session is judged by', () => {
    const of = (diagnosis: string, csi: string, changes = {}) => alone({ diagnosis, csi, ...changes }, '2024-03-04').condition;
    expect(of('7023', '012')).toBe('2.6-5');
    expect(of('7023', '009')).toBe('none');
    expect(of('9363', '020')).toBe('covid-1');
    expect(of('9363', '021')).toBe('covid-2');
    expect(of('6486', '010', { performance: '1600' })).toBe('2.6-3');
    expect(of('7231', '003', { ageYears: 9 })).toBe('2.6-8');
  });

  it('[regime-2] tells the class of COPD', () => {
    const classOf = (csi: string) => alone({ diagnosis: '2554', csi }).reason.values.class;
    expect(['013', '014', '018', '015', '016'].map(classOf)).toEqual(['A', 'B1', 'B2', 'C-D', 'B1']);
  });

  it('[regime-3] is what decides the rules, not position, calendar year or who pays', () => {
    const packages = [packageOf('Benfit', '2017-01-01')];
    const decisions = decided([{ sessions: course('a', '2023-10-02', 25) }], { packages });
    expect(new Set(conditions(decisions))).toEqual(new Set(['1.a.1']));
    expect(purses(decisions)).toBe('s'.repeat(12) + 'i' + 's'.repeat(7) + 'b'.repeat(5));
  });

  it('[regime-4] asserts with 001 and 008 what the position decides; a contradiction is shown', () => {
    const known = [history(25, '2023-12-31', { startedOn: '2023-01-09' })];
    const insured = { insurance: [{ insurer: '3343', from: '2024-01-01', through: null }] };
    const line = (csi: string) =>
      decided([{ sessions: [session('a', '2024-01-08', { diagnosis: '9372', csi })], histories: known }], insured);
    expect(line('001')[0]).toMatchObject({ split: { basic: 4000 }, flags: [] });
    expect(line('008')[0]).toMatchObject({ split: { basic: 4000 }, flags: ['csi-differs'] });
  });

  it('[csi-1] 001 before the 21st, where a history is known, is decided by position and shown', () => {
    const known = [history(3, '2023-12-31')];
    const insured = { insurance: [{ insurer: '3343', from: '2024-01-01', through: null }] };
    const [line] = decided(
      [{ sessions: [session('a', '2024-01-08', { diagnosis: '9372', csi: '001' })], histories: known }],
      insured,
    );
    expect(line).toMatchObject({ units: [{ position: 4, purse: 'insured' }], flags: ['csi-differs'] });
  });

  it('[csi-2] 008 after the twentieth is paid by the basic insurance and shown', () => {
    const last = decided([{ sessions: weekly('a', '2024-01-08', 21, { diagnosis: '9372' }) }]).at(-1);
    expect(last).toMatchObject({ units: [{ position: 21, purse: 'basic' }], flags: ['csi-differs'] });
  });

  it('[csi-3] 009 on a code that allows only 001 and 008 is 8058', () => {
    expect(alone({ csi: '009' })).toMatchObject({ status: 'invalid', codes: ['8058'] });
  });
});
