import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personId } from '../testing/commands';
import { ErasureList } from './erasure-list';

const at = (minute: number): string => `2026-11-25T09:${String(minute).padStart(2, '0')}:00.000Z`;
const [anna, bert, cees] = [personId('anna'), personId('bert'), personId('cees')];

describe('the erasure list', () => {
  let folder: string;
  let list: ErasureList;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traject-erasure-list-'));
    list = new ErasureList(join(folder, 'erasures'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const lines = async (): Promise<string[]> => (await readFile(list.file, 'utf8')).split('\n');
  const write = (text: readonly string[]): Promise<void> => writeFile(list.file, text.join('\n'));

  test('has who was added, in order, and says when; adding somebody again changes nothing', async () => {
    await list.create();
    expect(await list.read()).toEqual(new Map());
    expect(await list.add(anna, at(1))).toBe(at(1));
    expect(await list.add(bert, at(2))).toBe(at(2));
    expect(await list.add(anna, at(3))).toBe(at(1));
    expect([...(await new ErasureList(list.file).read())]).toEqual([
      [anna, at(1)],
      [bert, at(2)],
    ]);
    expect(await lines()).toHaveLength(4);
  });

  test('is readable by its owner alone, and is never made anew', async () => {
    await list.create(new Map([[anna, at(1)]]));
    expect((await stat(list.file)).mode & 0o077).toBe(0);
    await expect(list.create()).rejects.toMatchObject({ code: 'exists' });
    expect([...(await list.read()).keys()]).toEqual([anna]);
    await list.add(bert, at(2));
    expect([...(await list.read()).keys()]).toEqual([anna, bert]);
  });

  test('that is missing is never taken for an empty one', async () => {
    await expect(list.read()).rejects.toMatchObject({ code: 'missing' });
    await expect(list.add(anna, at(1))).rejects.toMatchObject({ code: 'missing' });
    await expect(list.read()).rejects.toThrow(/put the list back from its own back-up/);
  });

  test.each<[string, number, (text: string[]) => string[]]>([
    ['a changed person', 3, (text) => text.map((line, i) => (i === 2 ? line.replace(bert, anna) : line))],
    ['a changed moment', 3, (text) => text.map((line, i) => (i === 2 ? line.replace('09:02', '09:04') : line))],
    ['a line that is gone', 3, (text) => text.filter((_, i) => i !== 2)],
    ['the first line that is gone', 2, (text) => text.filter((_, i) => i !== 1)],
    ['a line that is there twice', 4, (text) => [...text.slice(0, 3), text[2] as string, ...text.slice(3)]],
    ['two lines in the other order', 2, ([head = '', one = '', two = '', ...rest]) => [head, two, one, ...rest]],
    ['an empty line', 2, ([head = '', ...rest]) => [head, '', ...rest]],
    ['a head of another kind', 1, ([, ...rest]) => ['# erasures', ...rest]],
    ['a head of another list', 2, ([head = '', ...rest]) => [head.replace(/[0-9a-f]{12}$/, '0'.repeat(12)), ...rest]],
    ['an end that is cut off', 4, (text) => [...text.slice(0, 3), (text[3] as string).slice(0, 40)]],
    ['an end without its line end', 4, (text) => text.slice(0, 4)],
    ['nothing at all', 1, () => []],
  ])('%s is damage, told with its line, and nothing is added to it', async (_, line, spoil) => {
    await list.create();
    for (const [i, person] of [anna, bert, cees].entries()) await list.add(person, at(i + 1));
    await write(spoil(await lines()));
    await expect(list.read()).rejects.toMatchObject({ code: 'damaged' });
    await expect(list.read()).rejects.toThrow(new RegExp(`damaged at line ${line}: `));
    const before = await readFile(list.file, 'utf8');
    await expect(list.add(personId('dirk'), at(9))).rejects.toMatchObject({ code: 'damaged' });
    expect(await readFile(list.file, 'utf8')).toBe(before);
  });

  test('that cannot be written is said to be so', async () => {
    await expect(new ErasureList(join(folder, 'no', 'such', 'folder')).create()).rejects.toMatchObject({
      code: 'unusable',
      message: expect.stringMatching(/there is no folder \/.*\/no\/such for the erasure list; make it first/) as string,
    });
    await expect(new ErasureList(folder).read()).rejects.toMatchObject({ code: 'unusable' });
  });
});
