import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AtomicFile, sweepAbandoned } from './atomic-file';

describe('a file that is there whole or not at all', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traject-files-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is not there before it is committed, and then with the digest of its bytes', async () => {
    const file = new AtomicFile(join(folder, 'x.pm305'));
    await file.write('abc');
    expect(await readdir(folder)).not.toContain('x.pm305');
    expect(await file.commit()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(await readdir(folder)).toEqual(['x.pm305']);
    expect(await readFile(join(folder, 'x.pm305'), 'utf8')).toBe('abc');
  });

  it('leaves nothing when it is given up', async () => {
    const file = new AtomicFile(join(folder, 'x.pm305'));
    await file.write('abc');
    await file.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing when it is given up before it was created', async () => {
    await Promise.all(Array.from({ length: 500 }, (_, i) => new AtomicFile(join(folder, `${i}.pm305`)).discard()));
    expect(await readdir(folder)).toEqual([]);
    await new AtomicFile(join(folder, 'missing', 'x.pm305')).discard();
  });

  it('rejects where it cannot be written', async () => {
    const file = new AtomicFile(join(folder, 'missing', 'x.pm305'));
    await expect(
      (async () => {
        await file.write('abc');
        await file.commit();
      })(),
    ).rejects.toThrow('ENOENT');
  });

  it('what a killed writer left is swept, what a living one writes is not', async () => {
    const uuid = '0e8c5e5e-6b0f-4f57-9f36-0a4b1f0f3d11';
    await writeFile(join(folder, `.x.pm305.999999999-${uuid}`), '');
    await writeFile(join(folder, `.x.pm305.${process.pid}-${uuid}`), '');
    await writeFile(join(folder, '.x.pm305.notes'), '');
    await sweepAbandoned(join(folder, 'x.pm305'));
    expect((await readdir(folder)).sort()).toEqual([`.x.pm305.${process.pid}-${uuid}`, '.x.pm305.notes'].sort());
  });
});
