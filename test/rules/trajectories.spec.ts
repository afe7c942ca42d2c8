/** What is one trajectory, which item it is read as, and what a closed code still invokes. */
import { history, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, book, conditions, course, decided, INSURED_AT_7095, policy, positions, rules } from './scene';

describe('a trajectory', () => {
  it('[trajectory-1] is of one person, regime, code lineage and episode: another code of the item counts by itself and is listed', () => {
    const stroke = weekly('a', '2024-01-08', 2, { diagnosis: '9372' });
    const oneSide = weekly('b', '2024-01-09', 2, { diagnosis: '9072' });
    const decisions = decided([{ sessions: stroke }, { sessions: oneSide }]);
    expect(conditions(decisions)).toEqual(['1.a.1', '1.a.1', '1.a.1', '1.a.1']);
    expect(positions(decisions)).toEqual([1, 1, 2, 2]);
    expect(decisions.map((each) => each.flags.includes('same-item-other-code'))).toEqual([false, true, false, false]);
  });

  it('[trajectory-2] hip and knee with osteoarthritis are one condition', () => {
    const hip = weekly('h', '2024-01-08', 2, { diagnosis: '6223', csi: '012' });
    const knee = weekly('k', '2024-01-09', 2, { diagnosis: '7023', csi: '012' });
    expect(positions(decided([{ sessions: hip }, { sessions: knee }]))).toEqual([1, 2, 3, 4]);
    expect(policy.conditions.find((each) => each.id === '2.6-5')?.codesCountTogether).toEqual(['6223', '7023']);
  });

  it('[trajectory-3] COPD is one condition of a person, whatever the years say of its class', () => {
    const lines = [
      ...weekly('a', '2024-01-08', 2, { diagnosis: '2554', csi: '013' }),
      ...weekly('b', '2024-02-05', 2, { diagnosis: '2554', csi: '015' }),
    ];
    expect(
      positions(
        decided([
          { id: 'one', sessions: lines.slice(0, 2) },
          { id: 'two', sessions: lines.slice(2) },
        ]),
      ),
    ).toEqual([1, 2, 3, 4]);
    expect(policy.conditions.find((each) => each.id === '2.6-6')?.codesCountTogether).toBe(true);
  });

  it('[trajectory-4] is never split by side', () => {
    const lines = weekly('a', '2024-01-08', 4, { diagnosis: '4021' }).map(
      (line, i) => ({ ...line, side: i < 2 ? 'left' : 'right' }) as const,
    );
    expect(positions(decided([{ sessions: lines }]))).toEqual([1, 2, 3, 4]);
  });
});

describe('a confirmed episode', () => {
  const lines = weekly('s', '2024-01-08', 30, { diagnosis: '4021' });
  const from = lines[24]?.date ?? '';
  const episode = statement('NewEpisodeConfirmed.v1', { from, event: 'other-side' });

  it('[trajectory-5] [episode-1] alone splits a trajectory: sessions from its day on are counted from one, with a clock of their own', () => {
    const later = session('z', '2025-02-03', { diagnosis: '4021' });
    expect(positions(decided([{ sessions: lines, statements: [episode] }])).slice(23)).toEqual([24, 1, 2, 3, 4, 5, 6]);
    expect(rules(decided([{ sessions: [...lines, later] }])).at(-1)).toBe('past-term');
    expect(rules(decided([{ sessions: [...lines, later], statements: [episode] }])).at(-1)).toBe('within-threshold');
  });

  it.each([
    ['[episode-2] open conditions of Annex 1', ['1.a.1', '1.a.2', '1.b.15', '1.d.8', 'annex-unspecified'], 'refused'],
    [
      '[episode-3] temporary items, 2.6-4 and 1.d.5',
      ['1.a.10', '1.b.7', '1.b.16', '1.b.17', '1.b.18', '1.d.5', '1.d.6', '1.d.7', '2.6-4'],
      'allowed',
    ],
    ['[episode-4] 2.6-3 and 2.6-5', ['2.6-3', '2.6-5'], 'refused'],
  ])('%s: %j: %s', (_what, ids, newEpisode) => {
    for (const id of ids)
      expect([id, book.conditions.get(id)?.terms.at('2024-03-04').newEpisodeAllowed]).toEqual([id, newEpisode === 'allowed']);
  });

  it('[episode-2] is refused for every condition of Annex 1 with a threshold and an open term, and allowed for every other one of it', () => {
    for (const { id, regime, periods } of policy.conditions)
      if (regime === 'annex')
        for (const each of periods) expect([id, each.newEpisode]).toEqual([id, each.term === 'open' ? 'refused' : 'allowed']);
  });
});

describe('a code of several items', () => {
  it('[ambiguous-1] is read as the one with the longest term, open before any, of equals the lowest number', () => {
    const readAs = (diagnosis: string) => alone({ diagnosis }).condition;
    // 1.b.18 or 1.d.5; 1.b.15 or 1.d.5; 1.a.2 or 1.a.10; 1.a.2 or 1.a.3
    expect(['6236', '6200', '3070', '9373'].map(readAs)).toEqual(['1.d.5', '1.b.15', '1.a.2', '1.a.2']);
  });

  it('[ambiguous-2] is one item for the whole trajectory, listed once', () => {
    const decisions = decided([{ sessions: course('f', '2023-01-09', 60, { diagnosis: '6236' }) }]);
    expect(new Set(conditions(decisions))).toEqual(new Set(['1.d.5']));
    expect(decisions.filter((each) => each.flags.includes('ambiguous-condition'))).toHaveLength(1);
  });

  it('[ambiguous-3] is decided anew when another is confirmed, and its positions stay', () => {
    const lines = course('f', '2024-01-08', 30, { diagnosis: '6236' });
    const confirmed = { sessions: lines, statements: [statement('ConditionConfirmed.v1', { item: '1.b.18' })] };
    expect(positions(decided([confirmed]))).toEqual(positions(decided([{ sessions: lines }])));
    expect([rules(decided([{ sessions: lines }])).at(-1), rules(decided([confirmed])).at(-1)]).toEqual([
      'above-threshold',
      'past-term',
    ]);
  });
});

describe('a closed code', () => {
  const closed = { diagnosis: '9376' };

  it('[closed-code-1] is accepted at 3343 for sessions up to 30 June 2024, whenever the trajectory began', () => {
    expect(alone(closed, '2024-06-30').status).toBe('decided');
    expect(alone(closed, '2024-07-01')).toMatchObject({ status: 'invalid', codes: ['8009'] });
  });

  it('[closed-code-2] is accepted elsewhere up to that day, in trajectories that began before 2020 only', () => {
    const [before, after] = [session('a', '2019-12-30', closed), session('b', '2024-06-03', closed)];
    for (const insurer of ['7095', '3311']) {
      const at = { insurance: [{ insurer, from: '2000-01-01', through: null }] };
      expect(decided([{ sessions: [before, after] }], at).map((each) => each.status)).toEqual(['decided', 'decided']);
      expect(decided([{ sessions: [after] }], at).map((each) => each.codes)).toEqual([['8009']]);
      const past = session('c', '2024-07-01', closed);
      expect(decided([{ sessions: [before, past] }], at)[1]?.codes).toEqual(['8009']);
    }
  });

  it('[closed-code-3] is 8009 for good from 1 July 2024: a remap does not revive the line', () => {
    const lines = [
      session('a', '2024-06-03', closed),
      session('b', '2024-07-08', closed),
      session('c', '2024-07-08', { diagnosis: '3176' }),
    ];
    const decisions = decided([{ sessions: lines, remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }] }]);
    expect(decisions.map((each) => each.codes)).toEqual([[], ['8009'], []]);
    expect(positions(decisions)).toEqual([1, 2]);
    // a code that is not accepted has no combination to judge
    expect(alone({ ...closed, csi: '012' }, '2024-07-01').codes).toEqual(['8009']);
  });

  it('[closed-code-5] keeps a late line of its time valid after the remap, in the count of the joined trajectory', () => {
    const lines = [
      session('n', '2024-07-08', { diagnosis: '3176' }),
      session('late', '2024-05-06', { ...closed, receivedOn: '2024-11-20' }),
    ];
    const decisions = decided([
      { diagnosis: '9376', sessions: lines, remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }] },
    ]);
    expect(conditions(decisions)).toEqual(['annex-unspecified', '1.a.2']);
    expect(positions(decisions)).toEqual([1, 2]);
  });

  it('[closed-code-6] a code that release 4.7 opens counts as open on earlier dates', () => {
    expect(alone({ diagnosis: '9474' }, '2015-03-02')).toMatchObject({ status: 'decided', condition: '1.a.5' });
  });

  it('[closed-code-7] is of a known location and a known pathology; anything else is unknown, 8009 on every date', () => {
    const on = (diagnosis: string, date: string) => alone({ diagnosis }, date).codes;
    expect(on('2054', '2019-03-04')).toEqual([]);
    for (const unknown of ['0000', '9900', '1437', '7063'])
      expect([unknown, on(unknown, '2019-03-04'), on(unknown, '2024-03-04')]).toEqual([unknown, ['8009'], ['8009']]);
  });

  it('[closed-code-8] with 001 or 008 is a condition of Annex 1 that cannot be told: its threshold, no term, no side to state', () => {
    const lines = [...course('a', '2014-01-06', 21, closed), session('z', '2024-06-03', { ...closed, csi: '001' })];
    const decisions = decided([{ sessions: lines }]);
    expect(new Set(conditions(decisions))).toEqual(new Set(['annex-unspecified']));
    expect(purses(decisions)).toBe('i'.repeat(20) + 'bb');
    expect(decisions.flatMap((each) => each.flags)).toEqual([]);
  });

  it('[closed-code-9] with 009 has no condition, with any other indication code it is 8058', () => {
    expect(alone({ ...closed, csi: '009' }).condition).toBe('none');
    for (const csi of ['003', '010', '011', '012', '014', '020']) {
      const changes = csi === '003' ? { ageYears: 9 } : csi === '010' ? { performance: '1600' } : {};
      expect([csi, alone({ ...closed, csi, ...changes }).codes]).toEqual([csi, ['8058']]);
    }
  });

  it('[closed-code-10] [lineage-2] sessions from the day of the remap have the item of the new code, earlier ones keep theirs, the count runs on', () => {
    const lines = [session('a', '2024-06-24', closed), session('b', '2024-07-01', { diagnosis: '3176' })];
    const decisions = decided([{ sessions: lines, remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }] }]);
    expect(conditions(decisions)).toEqual(['annex-unspecified', '1.a.2']);
    expect(positions(decisions)).toEqual([1, 2]);
  });
});

describe('absorption', () => {
  const older = weekly('o', '2024-05-06', 3, { diagnosis: '9376' });
  const newer = weekly('n', '2024-07-08', 2, { diagnosis: '3176' });
  const remaps = [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }];

  it('[absorption-2] decides the same whichever of the two survives', () => {
    const kept = decided([
      { id: 'a', sessions: older, remaps },
      { id: 'b', sessions: newer, absorbedInto: 'a' },
    ]);
    const other = decided([
      { id: 'a', sessions: older, absorbedInto: 'b' },
      { id: 'b', sessions: newer, remaps },
    ]);
    const told = (decisions: typeof kept) =>
      decisions.map(({ line, units, condition, split }) => ({ line, units, condition, split }));
    expect(told(kept)).toEqual(told(other));
    expect(positions(kept)).toEqual([1, 2, 3, 4, 5]);
  });

  it('[absorption-3] unites sessions, imports, classes and authorisations', () => {
    const known = [history(5, '2024-04-30', { startedOn: '2024-02-05' })];
    const insured = { insurance: [{ insurer: '3343', from: '2024-05-01', through: null }] };
    const joined = decided(
      [
        { id: 'a', sessions: older, remaps },
        { id: 'b', sessions: newer, histories: known, absorbedInto: 'a' },
      ],
      insured,
    );
    expect(positions(joined)).toEqual([6, 7, 8, 9, 10]);
    const copd = weekly('c', '2024-01-08', 6, { diagnosis: '2554', csi: '013' });
    const raised = statement('CareClassChanged.v1', { from: '2024-01-01', class: 'C-D' });
    expect(
      rules(
        decided([
          { id: 'a', sessions: copd },
          { id: 'b', regime: 'copd', diagnosis: '2554', statements: [raised], absorbedInto: 'a' },
        ]),
      ),
    ).not.toContain('past-cap');
    const consent = statement('AuthorisationGranted.v1', { number: 'M-1', from: '2024-01-01', through: null, maximum: null });
    const arthritis = weekly('r', '2024-01-08', 1, { diagnosis: '9390' });
    const absorbed = { id: 'b', diagnosis: '9376', statements: [consent], absorbedInto: 'a' };
    expect(decided([{ id: 'a', sessions: arthritis }, absorbed]).map((each) => each.status)).toEqual(['decided']);
  });

  it('[absorption-4] counts two imports that rest on one document once', () => {
    const document = { reference: 'form', digest: 'abc' };
    const insured = { insurance: INSURED_AT_7095.map((each) => ({ ...each, from: '2024-05-01' })) };
    const both = decided(
      [
        {
          id: 'a',
          sessions: weekly('a', '2024-07-08', 2, { diagnosis: '3176' }),
          histories: [history(5, '2024-04-30', { document, importId: 'one' as never })],
        },
        {
          id: 'b',
          diagnosis: '9376',
          histories: [history(5, '2024-04-30', { document, importId: 'two' as never })],
          absorbedInto: 'a',
        },
      ],
      insured,
    );
    expect(positions(both)).toEqual([6, 7]);
  });
});
