import type { TrajectoryId } from '#libs/trajectory';
import { issueStatement, type Issued } from './issue';
import { bundledPolicy, dossierOf, imported, TRAJECTORY, type Told } from './testing/dossier';

const issue = (told: Told, through = '2024-12-31', trajectory: TrajectoryId = TRAJECTORY): Issued =>
  issueStatement({
    state: dossierOf(told),
    book: bundledPolicy(),
    identity: { bsn: '111222333', birthDate: '1970-05-05' },
    ...{ trajectory, through, today: '2025-01-15' },
    statementId: '0f0c8a52-3c4d-4e57-9a39-6b2f7a1d0c11',
    now: new Date('2025-01-15T10:00:00Z'),
  });
const historyOf = (told: Told, through?: string) => {
  const issued = issue(told, through);
  if (issued.outcome === 'refused') throw new Error(JSON.stringify(issued.refusals));
  return issued.statement.history;
};
const codesOf = (issued: Issued): string[] =>
  issued.outcome === 'refused' ? issued.refusals.map(({ code }) => code) : ['issued'];

describe('a statement of what was given here', () => {
  const sessions = [
    { date: '2023-11-06', therapist: '04054321' },
    { date: '2024-02-05', therapist: '04054399', referralDate: '2023-10-30' },
    { date: '2024-03-04', practice: '04099999', side: 'left' as const },
  ];

  it('says when it began, how many were given up to the day, in which years, by whom, and that it is ours alone', () => {
    expect(historyOf({ sessions })).toEqual({
      ...{ diagnosis: '9373', codes: ['9373'], item: '1.a.2', side: 'left' },
      ...{ startedOn: '2023-11-06', count: 3, throughDate: '2024-12-31', lastSessionOn: '2024-03-04' },
      perCalendarYear: { '2023': 1, '2024': 2 },
      scope: 'elsewhere',
      practices: ['04012345', '04099999'],
      severalTherapists: true,
      referredOn: '2023-10-30',
      insuredThrough: '2024-12-31',
      rests: [],
    });
  });

  it('counts no session after the day', () => {
    expect(historyOf({ sessions }, '2024-02-29')).toMatchObject({ count: 2, lastSessionOn: '2024-02-05' });
  });

  it('names the insurer that insured on the day, who it is about, and until when it holds', () => {
    const issued = issue({ sessions });
    expect(issued.outcome === 'issued' && issued.statement).toMatchObject({
      iss: '3343',
      iat: 1736935200,
      exp: 1736935200 + 180 * 86_400,
      subject: { bsn: '111222333', birthDate: '1970-05-05' },
    });
  });

  it('with an imported history is of the whole, and says on what it rests', () => {
    const facts = [imported(14, '2023-10-31', { previousInsurer: '7095' })];
    expect(historyOf({ facts, sessions })).toMatchObject({
      ...{ startedOn: '2022-03-07', count: 17, scope: 'everything' },
      rests: [{ count: 14, throughDate: '2023-10-31', scope: 'elsewhere', insurer: '7095', status: 'verified' }],
    });
    expect(historyOf({ facts, sessions }).perCalendarYear).toBeUndefined();
  });

  it('goes over a remap, under the code that is in force on the day', () => {
    const data = { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'closed' };
    const told: Told = {
      diagnosis: '9376',
      facts: [{ type: 'DiagnosisRemapped.v1', data }],
      sessions: [{ date: '2024-06-03' }, { date: '2024-07-08', diagnosis: '3176' }],
    };
    expect(historyOf(told)).toMatchObject({ diagnosis: '3176', codes: ['3176', '9376'], count: 2 });
    expect(historyOf(told, '2024-06-30')).toMatchObject({ diagnosis: '9376', count: 1 });
  });

  it('repeats the dates that were stated', () => {
    const data = {
      ...{
        statementId: 's' as never,
        statedOn: '2024-02-01',
        source: 'letter',
        statedBy: 'hospital',
        document: { reference: 'L-1' },
      },
      ...{ diagnosedOn: '2023-10-16', operatedOn: '2023-10-20', dischargedOn: '2023-10-24' },
    };
    expect(historyOf({ sessions, facts: [{ type: 'ClinicalFactsStated.v1', data }] })).toMatchObject({
      ...{ diagnosedOn: '2023-10-16', operatedOn: '2023-10-20', dischargedOn: '2023-10-24' },
    });
  });
});

describe('there is no statement', () => {
  const sessions = [{ date: '2024-02-05' }];

  it.each<[string, string, Told, string]>([
    ['of a day that does not exist', 'date-invalid', { sessions }, '2024-02-30'],
    ['of a day that is yet to come', 'date-in-future', { sessions }, '2025-01-16'],
    ['up to a day before anything was given', 'nothing-counted', { sessions }, '2024-02-04'],
    [
      'up to a day inside of an imported history',
      'through-before-history',
      { sessions, facts: [imported(3, '2024-03-01')] },
      '2024-02-29',
    ],
    [
      'while lines are held, for sessions are missing from the count',
      'lines-held',
      { sessions: [{ date: '2024-02-05', csi: '001' }] },
      '2024-12-31',
    ],
    [
      'while a line is held whose money was set by hand',
      'lines-held',
      { sessions: [{ date: '2024-02-05', csi: '001' }], isFirstSetByHand: true },
      '2024-12-31',
    ],
    ['of care that has no lasting count', 'no-lasting-count', { csi: '012', diagnosis: '2311', sessions }, '2024-12-31'],
    [
      'by an insurer that never insured the person',
      'never-insured',
      { sessions, insurance: [{ insurer: '3343', from: '2025-01-01', through: null }], facts: [imported(3, '2024-03-01')] },
      '2024-12-31',
    ],
  ])('%s', (_, code, told, through) => {
    expect(codesOf(issue(told, through))).toEqual([code]);
  });

  it('of a trajectory of somebody else', () => {
    expect(codesOf(issue({ sessions }, '2024-12-31', 'elsewhere' as TrajectoryId))).toEqual(['trajectory-unknown']);
  });
});
