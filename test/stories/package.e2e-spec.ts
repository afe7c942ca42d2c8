import { Story, weekly } from './story';

const BSN = '111222333';

describe('Package: nine a year, fifteen sessions in 2023 and ten in 2024, over two trajectories', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
    await story.members({
      [BSN]: [
        'member,1970-05-05,V. Voorbeeld,,,,,,,',
        'insurance,,,,3343,,2015-01-01,,,',
        'package,,,,3343,Startfit,2020-01-01,,,',
      ],
    });
    const dates = [...weekly('2023-01-09', 15), ...weekly('2024-01-08', 10)];
    // every other session is of another trajectory: care that is not chronic
    const lines = dates.map((date, i) => ({
      date,
      reference: `P-${String(i + 1).padStart(2, '0')}`,
      ...(i % 2 === 0 ? { csi: '008' } : { csi: '009', diagnosis: '7131' }),
    }));
    await story.claimFile('later.pm304', [{ bsn: BSN, lines: lines.filter((_, i) => i % 3 === 0) }]);
    await story.claimFile('earlier.pm304', [{ bsn: BSN, lines: lines.filter((_, i) => i % 3 !== 0) }]);
    await story.ingest('later.pm304', 'earlier.pm304');
  });
  afterAll(() => story.close());

  it("each year's nine are used once, in session order", async () => {
    const { trajectories } = await story.dossier(BSN);
    expect(trajectories).toHaveLength(2);
    const sessions = trajectories.flatMap((each) => each.sessions).sort((a, b) => (a.date < b.date ? -1 : 1));
    const paid = sessions.map((each) => `${each.date.slice(0, 4)} ${each.decision?.units[0]?.purse}`);
    expect(paid).toEqual([
      ...Array<string>(9).fill('2023 supplementary'),
      ...Array<string>(6).fill('2023 insured'),
      ...Array<string>(9).fill('2024 supplementary'),
      '2024 insured',
    ]);
    await story.verifyIsClean();
  });
});
