import { outline, Story, weekly, type ShownTrajectory } from './story';

const BSN = '111222333';

interface Shown extends ShownTrajectory {
  readonly statements: readonly { readonly type: string; readonly data: { readonly statementId: string } }[];
}
const numbered = (from: number, count: number, purse: string): string[] =>
  Array.from({ length: count }, (_, i) => `${from + i} ${purse}`);

describe('Whiplash: an extension of its three months, then a new episode', () => {
  let story: Story;
  // 25 sessions within three months of 8 January, six until the end of June, four after a second accident in September
  const dates = [...weekly('2024-01-08', 25, 3), ...weekly('2024-05-06', 6), ...weekly('2024-09-02', 4)];
  const trajectory = async (): Promise<Shown> => {
    const { trajectories } = await story.dossier(BSN);
    expect(trajectories).toHaveLength(1);
    return trajectories[0] as Shown;
  };
  const evidence = {
    diagnosis: '3038',
    source: 'letter of the specialist',
    statedBy: 'practice 04099999',
  };
  const extension = {
    command: 'extend-term',
    bsn: BSN,
    input: { ...evidence, statedOn: '2024-04-15', months: 6, document: { reference: 'LETTER-1' } },
  };
  const episode = {
    command: 'confirm-new-episode',
    bsn: BSN,
    input: { ...evidence, statedOn: '2024-09-05', from: '2024-09-02', event: 'accident', document: { reference: 'LETTER-2' } },
  };
  const bookingsAddUp = async (): Promise<void> => {
    for (const { decision, booked } of (await trajectory()).sessions) {
      const { basic, supplementary, insured } = decision?.split ?? { basic: 0, supplementary: 0, insured: 0 };
      expect(booked).toMatchObject({ basic, supplementary, insured });
    }
    await story.verifyIsClean();
  };

  beforeAll(async () => {
    story = await Story.open();
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
    await story.claimFile('whiplash.pm304', [
      {
        bsn: BSN,
        lines: dates.map((date, i) => ({
          date,
          reference: `W-${i + 1}`,
          diagnosis: '3038',
          csi: i < 20 || i > 30 ? '008' : '001',
        })),
      },
    ]);
    await story.ingest('whiplash.pm304');
  });
  afterAll(() => story.close());

  const firstMonths = [...numbered(1, 20, 'insured'), ...numbered(21, 5, 'basic')];

  it('from the third month on the basic insurance pays nothing', async () => {
    expect(outline(await trajectory())).toEqual([...firstMonths, ...numbered(26, 10, 'insured')]);
  });

  it('the extension decides what lies beyond the third month anew, up to nine months after the start', async () => {
    const { reports } = await story.correct('extension.jsonl', [extension]);
    expect(reports).toMatchObject([{ outcome: 'done', entries: 10 }]);
    expect(outline(await trajectory())).toEqual([...firstMonths, ...numbered(26, 10, 'basic')]);
    await bookingsAddUp();
  });

  it('the new episode counts from 1, and what the basic insurance had paid of it is booked back', async () => {
    const { reports } = await story.correct('episode.jsonl', [episode]);
    expect(reports).toMatchObject([{ outcome: 'done', entries: 4 }]);
    expect(outline(await trajectory())).toEqual([...firstMonths, ...numbered(26, 6, 'basic'), ...numbered(1, 4, 'insured')]);
    await bookingsAddUp();
  });

  it('is refused on a day that has an episode, and done nothing of when it is sent in again', async () => {
    const otherLetter = { ...episode, input: { ...episode.input, document: { reference: 'LETTER-3' } } };
    await story.correct('again.jsonl', [episode, extension]).then(({ reports }) => {
      expect(reports).toMatchObject([{ outcome: 'done-before' }, { outcome: 'done-before' }]);
    });
    const refused = await story.run(
      [...['confirm-new-episode', '--bsn-from-stdin', '--json'], ...['--input', JSON.stringify(otherLetter.input)]],
      BSN,
    );
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('from: an episode of this trajectory begins on that day already');
  });

  it('is listed under its trajectory, with the id by which it is retracted', async () => {
    const { statements } = await trajectory();
    expect(statements.map(({ type }) => type)).toEqual(['TermExtended.v1', 'NewEpisodeConfirmed.v1']);
    const { stdout } = await story.run(['show', '--bsn-from-stdin'], BSN);
    const [extended, begun] = statements.map(({ data }) => data.statementId);
    expect(stdout).toContain(`  term extended by 6 months (LETTER-1 of 2024-04-15, statement ${extended})\n`);
    expect(stdout).toContain(`  new episode from 2024-09-02: accident (LETTER-2 of 2024-09-05, statement ${begun})\n`);
  });

  it('a retraction takes it back: everything is as before it', async () => {
    const { statements } = await trajectory();
    const statementId = statements.find(({ type }) => type === 'NewEpisodeConfirmed.v1')?.data.statementId;
    const input = { statementId, reason: 'the accident was of somebody else' };
    const { reports } = await story.correct('retraction.jsonl', [{ command: 'retract-statement', bsn: BSN, input }]);
    expect(reports).toMatchObject([{ outcome: 'done', entries: 4 }]);
    expect(outline(await trajectory())).toEqual([...firstMonths, ...numbered(26, 10, 'basic')]);
    expect((await trajectory()).statements.map(({ type }) => type)).toEqual(['TermExtended.v1']);
    await bookingsAddUp();
  });
});
