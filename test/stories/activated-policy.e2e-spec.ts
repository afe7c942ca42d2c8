import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Story } from './story';

const BUNDLED = join(__dirname, '../../libs/policy-files/data');
const [BY_FILE, BY_CORRECTION] = ['111222333', '123456782'];

describe('Activated policy: a new version pays the provider only what is covered', () => {
  let story: Story;
  let digest: string;
  const line = (prefix: string, n: number) => ({ date: `2024-01-0${n}`, reference: `${prefix}-${n}`, csi: '008' });

  beforeAll(async () => {
    story = await Story.open();
    const rows = ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'];
    await story.members({ [BY_FILE]: rows, [BY_CORRECTION]: rows });
    await story.claimFile('first.pm304', [
      { bsn: BY_FILE, lines: [line('F', 1), line('F', 2)] },
      { bsn: BY_CORRECTION, lines: [line('C', 1)] },
    ]);
    await story.ingest('first.pm304');
    await cp(BUNDLED, story.path('policy'), { recursive: true });
    await replace('policy/policy.yaml', /^version: .*$/m, "version: 'covered only'");
    await replace('policy/insurers/3343.yaml', /(paysProviderInFull:\n.*value: )true/, '$1false');
    await story.json(['policy', 'activate', 'policy']);
    ({ digest } = await story.json<{ digest: string }>(['policy', 'show']));
  });
  afterAll(() => story.close());

  async function replace(file: string, was: RegExp, is: string): Promise<void> {
    const text = await readFile(story.path(file), 'utf8');
    expect(text).toMatch(was);
    await writeFile(story.path(file), text.replace(was, is));
  }

  it("the person's next claim file tells what moved, under the activation, and its return message only its own lines", async () => {
    await story.claimFile('second.pm304', [{ bsn: BY_FILE, lines: [line('F', 3)] }]);
    await story.ingest('second.pm304');
    expect(await story.returned('second.pm305')).toEqual(new Map([['F-3', { granted: 0, codes: ['0613'] }]]));
    const told = await story.text('second.payments.csv');
    expect(told.trimEnd().split('\n').slice(1)).toEqual([
      `04012345,firstpm304,F-1,2024-01-01,4000,0,-4000,ActivatePolicy,${digest},2025-01-03`,
      `04012345,firstpm304,F-2,2024-01-02,4000,0,-4000,ActivatePolicy,${digest},2025-01-03`,
    ]);
    const json = await story.text('second.payments.json');
    expect(JSON.parse(json)).toMatchObject([{ practice: '04012345', totalDifferenceCents: -8000 }]);
    for (const extension of ['csv', 'json']) await rm(story.path(`second.payments.${extension}`));
    await story.ingest('second.pm304');
    expect([await story.text('second.payments.csv'), await story.text('second.payments.json')]).toEqual([told, json]);
  });

  it('it is told once: the file after that tells nothing', async () => {
    await story.claimFile('third.pm304', [{ bsn: BY_FILE, lines: [line('F', 4)] }]);
    await story.ingest('third.pm304');
    await expect(story.text('third.payments.csv')).rejects.toThrow('ENOENT');
  });

  it('a correction tells it beside its own', async () => {
    const input = {
      diagnosis: '9373',
      startedOn: '2023-03-06',
      count: 20,
      throughDate: '2023-12-18',
      scope: 'elsewhere',
      source: 'treatment history form',
      statedBy: 'practice 04099999',
      document: { reference: 'BH-31' },
    };
    const correction = { command: 'import-history', bsn: BY_CORRECTION, input };
    const { reports, payments } = await story.correct('history.jsonl', [correction]);
    const path = payments.find((each) => each.endsWith('.csv')) ?? '';
    const told = await story.text(path);
    const rows = told.trimEnd().split('\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(2, 9))).toEqual([
      ['C-1', '2024-01-01', '4000', '0', '-4000', 'ActivatePolicy', digest],
      ['C-1', '2024-01-01', '0', '4000', '4000', 'ImportHistory', reports[0]?.commandId],
    ]);
    await rm(story.path(path));
    expect((await story.correct('history.jsonl', [correction])).reports).toMatchObject([{ outcome: 'done-before' }]);
    expect(await story.text(path)).toBe(told);
    await story.verifyIsClean();
  });
});
