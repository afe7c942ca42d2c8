import type { SessionFact, StatementFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, packageOf, person, session, statement, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions, insurer, otherInsurer } from '../testing/policy';

const book = bookOf();
const trajectory = (sessions: readonly SessionFact[], statements: readonly StatementFact[], more: TrajectorySpec = {}) => ({
  sessions,
  statements,
  ...more,
});
const decided = (spec: TrajectorySpec, policy = book) => decide(person({ trajectories: [spec] }), policy);
const rules = (spec: TrajectorySpec, policy = book): string[] => decided(spec, policy).map((each) => each.reason.rule);

describe('authorisations', () => {
  const granted = (changes: object = {}) =>
    statement('AuthorisationGranted.v1', { number: 'M-1', from: '2024-01-01', through: '2024-12-31', maximum: null, ...changes });

  const other = (changes: object = {}) =>
    statement(
      'AuthorisationGranted.v1',
      { number: 'M-3', from: '2024-01-01', through: '2024-12-31', maximum: null, ...changes },
      { id: 'statement-2' },
    );

  it('open the conditional admission of rheumatoid arthritis before July 2024', () => {
    const line = session('r', '2024-03-01', { diagnosis: '9390' });
    expect(decided({ sessions: [line] })[0]?.codes).toEqual(['8058']);
    expect(decided(trajectory([line], [granted()]))[0]?.status).toBe('decided');
    expect(decided(trajectory([line], [granted({ from: '2024-03-02' })]))[0]?.codes).toEqual(['8058']);
    expect(decided(trajectory([line], [granted({ item: '1.a.3' })]))[0]?.codes).toEqual(['8058']);
  });

  const asking = bookOf({
    insurers: [insurer, { ...otherInsurer, authorisationFor: [{ from: '2024-01-01', value: ['1.a.2'], source: 'test' }] }],
  });
  const codes = (
    number: string | null,
    statements: readonly StatementFact[],
    date = '2024-06-03',
  ): readonly string[] | undefined =>
    decide(
      person({
        insurance: [{ insurer: '7095', from: '2000-01-01', through: null }],
        trajectories: [
          {
            sessions: [session('a', date, number === null ? {} : { authorisation: number })],
            statements,
            histories: [history(30, '2023-12-31')],
          },
        ],
      }),
      asking,
    )[0]?.codes;

  it.each<[string, string | null, readonly StatementFact[], readonly string[]]>([
    ['none was given', null, [], ['0551']],
    ['one covers the line', null, [granted()], []],
    ['its number is right', 'M-1 ', [granted()], []],
    ['its number is wrong', 'M-2', [granted()], ['0550']],
    ['it has lapsed', 'M-1', [granted({ through: '2024-06-02' })], ['0552']],
    ['it has not begun', 'M-1', [granted({ from: '2024-06-04' })], ['0553']],
    ['it is for another item', 'M-1', [granted({ item: '1.a.5' })], ['0554']],
    ['its sessions are used up', 'M-1', [granted({ maximum: 0 })], ['0584']],
    ['one of several has sessions left', null, [granted({ maximum: 0 }), other({ maximum: 1 })], []],
    ['one of several covers the line', null, [granted({ through: '2024-06-02' }), other()], []],
    ['one has lapsed and one has not begun', null, [granted({ through: '2024-06-02' }), other({ from: '2024-06-04' })], ['0552']],
    ['it began on the day and is for the item', 'M-1', [granted({ from: '2024-06-03', item: '1.a.2' })], []],
    ['only one for another item was given', null, [granted({ item: '1.a.5' })], ['0551']],
    ['it lapsed on the day on which it began', 'M-1', [granted({ from: '2024-06-02', through: '2024-06-02' })], ['0552']],
  ])('where the insurer asks for one: %s', (_what, number, statements, expected) => {
    expect(codes(number, statements)).toEqual(expected);
  });

  it('count their sessions in session order', () => {
    const facts = person({
      insurance: [{ insurer: '7095', from: '2000-01-01', through: null }],
      trajectories: [
        {
          sessions: weekly('a', '2024-01-08', 4, { csi: '001' }),
          statements: [granted({ maximum: 2 })],
          histories: [history(30, '2023-12-31')],
        },
      ],
    });
    expect(decide(facts, asking).map((each) => each.reason.rule)).toEqual([
      'above-threshold',
      'above-threshold',
      'authorisation',
      'authorisation',
    ]);
  });

  it('are not asked for by a policy that says nothing of them', () => {
    expect(rules({ sessions: [session('a', '2024-06-03')] })).toEqual(['within-threshold']);
  });
});

describe('fall prevention', () => {
  const programme = bookOf({
    conditions: [
      ...conditions,
      {
        id: '2.6-7',
        regime: 'fall-prevention',
        name: { nl: 'valpreventie', en: 'fall prevention' },
        codesCountTogether: true,
        periods: [
          {
            from: '2024-01-01',
            term: 'open',
            cap: { count: 1, per: 'twelve-months' },
            reachesPackage: false,
            newEpisode: 'refused',
            source: 'test',
          },
        ],
      },
    ],
    performanceLists: [
      { list: '012', name: '012', from: '1999-01-01', source: 'test' },
      { list: '079', name: '079', from: '2024-01-01', source: 'test' },
    ],
    performances: [
      {
        codes: ['7901'],
        lists: ['079'],
        name: 'programme',
        therapy: 'physiotherapy',
        kind: 'fall-prevention',
        counts: true,
        from: '2024-01-01',
        source: 'test',
      },
    ],
  });
  const line = (reference: string, date: string) =>
    session(reference, date, { list: '079', performance: '7901', diagnosis: '', csi: '' });

  it('is one programme in [start, start + 12 months), without threshold, diagnosis or package', () => {
    const lines = [line('a', '2024-03-01'), line('b', '2025-02-28'), line('c', '2025-03-01'), line('d', '2025-03-02')];
    const facts = person({
      packages: [packageOf('Nine')],
      trajectories: [{ regime: 'fall-prevention', diagnosis: '', sessions: lines }],
    });
    expect(decide(facts, programme).map((each) => [each.condition, each.units[0]?.purse, each.reason.rule])).toEqual([
      ['2.6-7', 'basic', 'within-cap'],
      ['2.6-7', 'insured', 'past-cap'],
      ['2.6-7', 'basic', 'within-cap'],
      ['2.6-7', 'insured', 'past-cap'],
    ]);
  });

  it('is 0582 as long as the policy knows no code for it', () => {
    const facts = person({
      trajectories: [{ regime: 'fall-prevention', diagnosis: '', sessions: [{ ...line('a', '2024-03-01'), list: '012' }] }],
    });
    expect(decide(facts, book)[0]?.codes).toEqual(['0582']);
  });
});
