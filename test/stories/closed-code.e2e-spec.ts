import { Story, outline, weekly } from './story';

const BSN = '111222333';

describe('Closed code: 9376 with 57 sessions, closed on 1 July 2024', () => {
  let story: Story;
  const earlier = weekly('2023-01-02', 57);
  const later = ['2024-07-08', '2024-07-15', '2024-07-22'];

  beforeAll(async () => {
    story = await Story.open();
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
    await story.claimFile('one.pm304', [
      {
        bsn: BSN,
        lines: [
          ...earlier.map((date, i) => ({ date, reference: `A-${i + 1}`, diagnosis: '9376', csi: i < 20 ? '008' : '001' })),
          { date: '2024-07-01', reference: 'A-CLOSED', diagnosis: '9376', csi: '001' },
        ],
      },
    ]);
    await story.claimFile('two.pm304', [
      {
        bsn: BSN,
        lines: later.map((date, i) => ({ date, reference: `B-${i + 1}`, diagnosis: '3176', csi: i < 2 ? '008' : '001' })),
      },
    ]);
    await story.ingest('one.pm304', 'two.pm304');
  });
  afterAll(() => story.close());

  it('a line under the closed code from that date is 8009', async () => {
    expect((await story.returned('one.pm305')).get('A-CLOSED')).toEqual({ granted: 0, codes: ['8009'] });
  });

  it('the new code has begun a second trajectory at 1, charged, and the 001 line is held', async () => {
    const returned = await story.returned('two.pm305');
    expect(returned.get('B-3')).toEqual({ granted: 0, codes: ['0613', '8072'] });
    const second = (await story.dossier(BSN)).trajectories.find((each) => each.codes.includes('3176'));
    expect(outline(second)).toEqual(['1 insured', '2 insured', 'held']);
  });

  it('after the remap there is one trajectory, those lines are 58, 59 and 60, all basic, and the charged ones are booked back', async () => {
    const remap = {
      command: 'remap-diagnosis',
      bsn: BSN,
      input: { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'code closed on 1 July 2024', absorb: true },
    };
    const { reports } = await story.correct('remap.jsonl', [remap]);
    expect(reports).toMatchObject([{ outcome: 'done', released: 1 }]);
    const { trajectories } = await story.dossier(BSN);
    expect(trajectories).toHaveLength(1);
    const sessions = trajectories[0]?.sessions ?? [];
    const moved = sessions.filter((each) => each.reference.startsWith('B-'));
    expect(moved.map((each) => each.decision?.units[0]?.position)).toEqual([58, 59, 60]);
    for (const each of moved)
      expect(each.booked).toEqual({ basic: 4000, supplementary: 0, insured: 0, paidToProvider: 4000, claimFromInsured: 0 });
    const closed = sessions.find((each) => each.reference === 'A-CLOSED');
    expect(closed?.decision).toMatchObject({ status: 'invalid', codes: ['8009'] });
    await story.verifyIsClean();
  });

  it('a line that comes later under either code goes to the one trajectory', async () => {
    await story.claimFile('three.pm304', [
      {
        bsn: BSN,
        lines: [
          { date: '2024-07-29', reference: 'C-1', diagnosis: '3176', csi: '001' },
          { date: '2022-12-19', reference: 'C-2', diagnosis: '9376', csi: '008' },
        ],
      },
    ]);
    await story.ingest('three.pm304');
    const { trajectories } = await story.dossier(BSN);
    expect(trajectories).toHaveLength(1);
    const positions = new Map(trajectories[0]?.sessions.map((each) => [each.reference, each.decision?.units[0]?.position]));
    expect(positions.get('C-2')).toBe(1);
    expect(positions.get('C-1')).toBe(62);
    await story.verifyIsClean();
  });
});
