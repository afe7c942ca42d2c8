import { Story, outline, weekly } from './story';

const [LATE, IN_ORDER] = ['111222333', '123456782'];

describe('Late line and credit', () => {
  let story: Story;
  const dates = weekly('2023-02-06', 26);

  beforeAll(async () => {
    story = await Story.open();
    const rows = [
      'member,1970-05-05,V. Voorbeeld,,,,,,,',
      'insurance,,,,3343,,2015-01-01,,,',
      'package,,,,3343,Benfit,2015-01-01,,,',
    ];
    await story.members({ [LATE]: rows, [IN_ORDER]: rows });
  });
  afterAll(() => story.close());

  const line = (prefix: string, i: number) => ({
    date: dates[i] ?? '',
    reference: `${prefix}-${i + 1}`,
    csi: i < 20 ? '008' : '001',
  });
  const all = Array.from({ length: 25 }, (_, i) => i);

  it('a session dated before the others that arrives last counts as if it had come in order', async () => {
    await story.claimFile('without-first.pm304', [{ bsn: LATE, lines: all.slice(1).map((i) => line('L', i)) }]);
    await story.claimFile('first.pm304', [{ bsn: LATE, lines: [line('L', 0)] }]);
    await story.claimFile('in-order.pm304', [{ bsn: IN_ORDER, lines: all.map((i) => line('O', i)) }]);
    await story.ingest('without-first.pm304', 'first.pm304', 'in-order.pm304');
    const late = (await story.dossier(LATE)).trajectories[0];
    expect(outline(late)).toEqual(outline((await story.dossier(IN_ORDER)).trajectories[0]));
    expect(outline(late).slice(19, 21)).toEqual(['20 insured', '21 basic']);
    // debtor risk: the practice had been paid in full, so there is nothing to tell it
    await expect(story.text('first.payments.csv')).rejects.toThrow('ENOENT');
  });

  it('a credit takes out session 12 after 25 were decided: the 21st becomes the 20th', async () => {
    await story.claimFile('credit.pm304', [
      {
        bsn: LATE,
        lines: [{ ...line('L', 11), debitCredit: 'C', reference: 'CREDIT-12', relatedReference: 'L-12' }],
      },
    ]);
    await story.ingest('credit.pm304');
    expect((await story.returned('credit.pm305')).get('CREDIT-12')).toEqual({ granted: -4000, codes: [] });
    const { trajectories } = await story.dossier(LATE);
    expect(trajectories[0]?.sessions).toHaveLength(24);
    expect(outline(trajectories[0]).slice(19, 21)).toEqual(['20 insured', '21 basic']);
    const twentieth = trajectories[0]?.sessions[19];
    expect(twentieth?.reference).toBe('L-21');
  });

  it('the booked differences add up to it', async () => {
    for (const bsn of [LATE, IN_ORDER])
      for (const session of (await story.dossier(bsn)).trajectories[0]?.sessions ?? []) {
        const { basic, supplementary, insured } = session.decision?.split ?? { basic: 0, supplementary: 0, insured: 0 };
        expect(session.booked).toMatchObject({ basic, supplementary, insured });
      }
    await story.verifyIsClean();
  });

  it('a credit again is 8084, of an unknown debit 8017, of a debit in the same file 8062', async () => {
    const credit = (reference: string, related: string, change: object = {}) => ({
      ...line('L', 11),
      debitCredit: 'C' as const,
      reference,
      relatedReference: related,
      ...change,
    });
    await story.claimFile('credits.pm304', [
      {
        bsn: LATE,
        lines: [
          credit('X-1', 'L-12'),
          credit('X-2', 'NOWHERE'),
          credit('X-3', 'L-13', { date: dates[12], tariffCents: 3999 }),
          { ...line('L', 25) },
          credit('X-4', 'L-26', { date: dates[25] }),
        ],
      },
    ]);
    await story.ingest('credits.pm304');
    const returned = await story.returned('credits.pm305');
    expect(Object.fromEntries([...returned].map(([reference, each]) => [reference, each.codes]))).toEqual({
      'X-1': ['8084'],
      'X-2': ['8017'],
      'X-3': ['8017'],
      'L-26': [],
      'X-4': ['8062'],
    });
    await story.verifyIsClean();
  });
});
