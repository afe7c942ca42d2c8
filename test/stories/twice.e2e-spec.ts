import { createReadStream } from 'node:fs';
import { readPm305 } from '#libs/claims';
import { Story, outline, weekly } from './story';

const BSN = '111222333';

describe('Twice: whatever comes a second time has one effect', () => {
  let story: Story;
  const dates = weekly('2023-02-06', 5);
  const lines = dates.map((date, i) => ({ date, reference: `T-${i + 1}`, csi: '008' }));

  beforeAll(async () => {
    story = await Story.open();
    await story.members({ [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
    await story.claimFile('once.pm304', [{ bsn: BSN, lines }]);
    await story.ingest('once.pm304');
  });
  afterEach(async () => {
    expect(outline((await story.dossier(BSN)).trajectories[0])).toEqual(dates.map((_, i) => `${i + 1} insured`));
    await story.verifyIsClean();
  });
  afterAll(() => story.close());

  it('[wire-2] the same file again gives the same return message, byte for byte, and says that it was taken in before', async () => {
    const before = await story.text('once.pm305');
    const [report] = await story.json<{ outcome: string }[]>(['ingest', 'once.pm304']);
    expect(report?.outcome).toBe('already-processed');
    expect(await story.text('once.pm305')).toBe(before);
  });

  it('[duplicates-1] [duplicates-2] the same reference in another file is 8067, and 8021 when the content differs', async () => {
    await story.claimFile(
      'again.pm304',
      [{ bsn: BSN, lines: [...lines.slice(0, 4), { date: '2023-04-03', reference: 'T-5', csi: '008' }] }],
      {
        invoice: 'ANOTHER',
      },
    );
    await story.ingest('again.pm304');
    const returned = await story.returned('again.pm305');
    expect([...returned.values()].map((each) => each.codes)).toEqual([['8067'], ['8067'], ['8067'], ['8067'], ['8021']]);
  });

  it('[duplicates-3] the same session under another reference is 0587', async () => {
    await story.claimFile('other-reference.pm304', [
      { bsn: BSN, lines: lines.map((line) => ({ ...line, reference: `U${line.reference}` })) },
    ]);
    await story.ingest('other-reference.pm304');
    for (const line of (await story.returned('other-reference.pm305')).values())
      expect(line).toEqual({ granted: 0, codes: ['0587'] });
  });
});

describe('Twice, for two persons: a reference number is one line of a practice, whoever it is of', () => {
  let story: Story;
  const [FIRST, SECOND] = ['111222333', '123456782'];
  beforeAll(async () => {
    story = await Story.open();
    const rows = ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'];
    await story.members({ [FIRST]: rows, [SECOND]: rows });
  });
  afterAll(() => story.close());

  it('the second person’s line under it is 8021, in another file and in the same one', async () => {
    await story.claimFile('first.pm304', [{ bsn: FIRST, lines: [{ date: '2023-02-06', reference: 'K-1', csi: '008' }] }]);
    await story.claimFile('second.pm304', [
      { bsn: SECOND, lines: ['K-1', 'K-2'].map((reference, i) => ({ date: `2023-02-0${6 + i}`, reference, csi: '008' })) },
      { bsn: FIRST, lines: [{ date: '2023-02-08', reference: 'K-2', csi: '008' }] },
    ]);
    await story.ingest('first.pm304', 'second.pm304');
    const codes: Record<string, readonly string[]> = {};
    for await (const record of readPm305(createReadStream(story.path('second.pm305'))))
      if (record.kind === 'performance') codes[`${record.date} ${record.reference}`] = record.codes;
    expect(codes).toEqual({ '2023-02-06 K-1': ['8021'], '2023-02-07 K-2': [], '2023-02-08 K-2': ['8021'] });
    await story.verifyIsClean();
  });
});

describe('Twice at once: two processes ingest one file', () => {
  let story: Story;
  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  it('each line has one effect, and both write the same return message', async () => {
    const { generateBsn } = await import('#libs/claims');
    let seed = 7;
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
    const bsns = Array.from({ length: 300 }, () => generateBsn(random));
    await story.members(
      Object.fromEntries(bsns.map((bsn) => [bsn, ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,']])),
    );
    const dates = weekly('2023-02-06', 6);
    await story.claimFile(
      'shared.pm304',
      bsns.map((bsn, n) => ({ bsn, lines: dates.map((date, i) => ({ date, reference: `R-${n}-${i}`, csi: '008' })) })),
    );
    const runs = await Promise.all(
      [1, 2].map(() => story.run(['ingest', '--received-on', '2025-01-03', '--json', 'shared.pm304'])),
    );
    for (const run of runs) expect(run).toMatchObject({ code: 0 });
    const returned = [...(await story.returned('shared.pm305')).values()];
    expect(returned).toHaveLength(1800);
    for (const line of returned) expect(line).toEqual({ granted: 4000, codes: [] });
    expect(outline((await story.dossier(bsns[0] ?? '')).trajectories[0])).toEqual(dates.map((_, i) => `${i + 1} insured`));
    await story.verifyIsClean();
  });
});
