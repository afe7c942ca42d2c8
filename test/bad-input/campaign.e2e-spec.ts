import { writeFile } from 'node:fs/promises';
import { Story } from '../stories/story';

const HEADER = 'old_code,new_code,effective_date,item,practice';

describe('Bad input: mapping files of campaigns', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  it.each<[string, string | Uint8Array, RegExp]>([
    ['empty', '', /bad\.csv:1: the file is empty; the first line names the columns/],
    [
      'a cycle',
      `${HEADER}\n3176,3276,2024-07-01,,\n3276,3176,2024-07-01,,\n`,
      /bad\.csv:2: new_code: .* a cycle; take out the row/,
    ],
    ['a row twice', `${HEADER}\n9376,3176,2024-07-01,,\n9376,3176,2024-07-01,,\n`, /bad\.csv:3: old_code: says what line 2 says/],
    ['an unknown code', `${HEADER}\n9376,0000,2024-07-01,,\n`, /bad\.csv:2: new_code: 0000 is in no code list of policy/],
    [
      'another character set',
      new Uint8Array([...Buffer.from(`${HEADER}\n`), 0xe9]),
      /bad\.csv:2: .*not UTF-8; save it in that encoding/,
    ],
  ])('%s: refused whole, told where and what to do, and no campaign is kept', async (_name, content, told) => {
    await writeFile(story.path('bad.csv'), content);
    const run = await story.run(['campaign', 'map', 'bad.csv', '--reason', 'code list']);
    expect([run.code, run.stdout]).toEqual([3, '']);
    expect(run.stderr).toMatch(told);
    expect(await story.json(['campaign', 'list'])).toEqual({ campaigns: [] });
  });

  it('while read models lack what was recorded: nobody is left out unseen, and it is told how to go on', async () => {
    const behind = await Story.open();
    try {
      await behind.members({ '111222333': ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'] });
      const run = await behind.run(['campaign', 'policy', '--reason', 'another threshold']);
      expect([run.code, run.stdout]).toEqual([1, '']);
      expect(run.stderr).toMatch(/kept and not previewed yet; `traject campaign preview [0-9a-f-]{36}` does it/);
      expect(run.stderr).toMatch(/the read models have not taken in all that was recorded.*Start the projector/s);
      const { campaigns } = await behind.json<{ campaigns: { campaignId: string; status: string }[] }>(['campaign', 'list']);
      expect(campaigns).toEqual([expect.objectContaining({ status: 'draft' })]);
      await behind.json(['rebuild']);
      const again = await behind.run(['campaign', 'preview', campaigns[0]?.campaignId ?? '']);
      expect([again.code, again.stderr]).toEqual([5, '']);
    } finally {
      await behind.close();
    }
  });

  it.each<[string, string[], RegExp]>([
    ['a file that is not there', ['map', 'none.csv', '--reason', 'x'], /none\.csv: there is no such file/],
    ['a tolerance over all', ['policy', '--reason', 'x', '--tolerance', '101'], /give per cent from 0 to 100/],
    ['a reason that names somebody', ['policy', '--reason', 'of 111222333'], /--reason: it holds what looks like a BSN/],
    ['an id that is none', ['show', 'last'], /a campaign has a UUID; see `traject campaign list`/],
    ['a campaign that is not there', ['run', '5f0c4f4e-5b7c-4b87-9d0c-0a1b2c3d4e5f'], /there is no such campaign/],
  ])('%s: the command line is wrong, and says what to give', async (_name, args, told) => {
    const run = await story.run(['campaign', ...args]);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(told);
  });
});
