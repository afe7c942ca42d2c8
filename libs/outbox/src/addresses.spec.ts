import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPracticeAddresses, PracticeAddressesError } from './addresses';

let folder: string;
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'traject-addresses-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string): Promise<ReadonlyMap<string, string>> {
  await writeFile(join(folder, 'practices.csv'), text);
  return loadPracticeAddresses(join(folder, 'practices.csv'));
}

describe('the addresses of practices', () => {
  it('are one a practice; other columns, a byte order mark and empty lines do not matter', async () => {
    const text = '\ufeffpractice,name,email\r\n04012345,Fysio,praktijk@voorbeeld.nl\r\n\r\n04099999,,info@fysio.example\r\n';
    expect(await read(text)).toEqual(
      new Map([
        ['04012345', 'praktijk@voorbeeld.nl'],
        ['04099999', 'info@fysio.example'],
      ]),
    );
    expect(await loadPracticeAddresses(null)).toEqual(new Map());
    expect(await read('practice,email\n')).toEqual(new Map());
  });

  it.each([
    ['practice,email\n4012345,a@b.nl\n', ':2: practice: give the AGB code'],
    ['practice,email\n04012345,a@b.nl\n04012345,c@b.nl\n', ':3: practice: it has an address already'],
    ['practice,email\n04012345,"a@b.nl, x@y.nl"\n', ':2: email: give one address'],
    ['practice,email\n04012345,"a@b.nl\nBcc: x@y.nl"\n', ': email: give one address'],
    ['practice,email\n04012345,Fysio <a@b.nl>\n', ':2: email: give one address'],
    ['practice,email\n04012345,a@b.nl,more\n', ': is not CSV with the columns practice,email'],
    ['agb,mail\n04012345,a@b.nl\n', ':1: the first line must name the columns'],
  ])('in %j are refused with their place, and no address is repeated', async (text, message) => {
    await expect(read(text)).rejects.toThrow(PracticeAddressesError);
    await expect(read(text)).rejects.toThrow(message);
    await expect(read(text)).rejects.not.toThrow(/a@b\.nl/);
  });

  it('in a file that is not there are refused, naming it', async () => {
    await expect(loadPracticeAddresses(join(folder, 'none.csv'))).rejects.toThrow(/none\.csv/);
  });
});
