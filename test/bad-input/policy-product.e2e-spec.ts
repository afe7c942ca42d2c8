import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicyFiles } from '#libs/policy-files';
import { dcsphCells, workbookOf } from '../../libs/policy-files/src/testing/workbook';
import { Story } from '../stories/story';

const BUNDLED = join(__dirname, '../../libs/policy-files/data');
const bundled = loadPolicyFiles();
const EIGHT = `scenario: startfit-8
title: Startfit with eight sessions from 2027
changes:
  - set: insurers/3343/packages/Startfit/periods/2018-01-01/through
    to: 2026-12-31
  - add: insurers/3343/packages/Startfit/periods
    value: { from: 2027-01-01, limit: 8, source: 'Scenario' }
`;

interface Diff {
  readonly equal: boolean;
  readonly differences: readonly { readonly kind: string; readonly address: string }[];
}

describe('Policy as a product: show, diff, scenarios, versions, the diagnosis list', () => {
  let story: Story;
  beforeAll(async () => {
    story = await Story.open();
    await cp(BUNDLED, story.path('policy'), { recursive: true });
    await writeFile(story.path('eight.yaml'), EIGHT);
  });
  afterAll(() => story.close());

  /** Replaces a text in a file of a policy folder; it must stand there. */
  async function edit(file: string, was: string, is: string): Promise<void> {
    const text = await story.text(file);
    if (!text.includes(was)) throw new Error(`${file} no longer holds ${was}`);
    await writeFile(story.path(file), text.replace(was, is));
  }

  it('show: the version as before, and with a date every value with its source', async () => {
    expect(await story.json(['policy', 'show'])).toEqual({ version: bundled.version, digest: bundled.digest });
    const values = await story.json<{ on: string; conditions: object[]; insurers: object[]; parameters: object[] }>([
      'policy', 'show', '--on', '2025-01-01',
    ]); // prettier-ignore
    expect(values).toMatchObject({ on: '2025-01-01', digest: bundled.digest });
    expect([values.conditions.length, values.insurers.length, values.parameters.length]).toEqual([
      bundled.document.conditions.length,
      bundled.document.insurers.length,
      bundled.document.interpretations.length,
    ]);
    const frozen = await story.run(['policy', 'show', '--on', '2025-01-01', '--condition', '1.b.7', '--file-tree', 'policy']);
    expect(frozen.stdout).toContain('Frozen shoulder\n      term 12 months from first-session');
    expect(frozen.stdout).toContain('Annex 4 for the term. Threshold: Besluit zorgverzekering article 2.6-2\n');
    const unknown = await story.run(['policy', 'show', '--condition', '1.b.77', '--file-tree', 'policy']);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('there is no condition 1.b.77; there are 1.a.1, '),
    ]);
  });

  it('diff: 0 when equal, 4 with what differs; a name that leads nowhere is 2', async () => {
    const equal = await story.run(['policy', 'diff', 'policy', 'active']);
    expect([equal.code, equal.stdout]).toEqual([0, expect.stringContaining('Nothing differs.\n')]);
    expect((await story.run(['policy', 'diff', bundled.digest, 'policy'])).code).toBe(0);
    const missing = await story.run(['policy', 'diff', 'policy', 'nowhere']);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('nowhere: name a folder of policy files')]);
    const unkept = await story.run(['policy', 'diff', 'policy', '0'.repeat(64)]);
    expect([unkept.code, unkept.stderr]).toEqual([2, expect.stringContaining('is not kept here')]);
  });

  it('a scenario is checked, shown and compared, and never activated', async () => {
    const check = await story.json<{ digest: string }>(['policy', 'check', 'policy', '--scenario', 'eight.yaml']);
    expect(check).toMatchObject({ version: bundled.version, scenario: 'startfit-8', problems: [] });
    expect(check.digest).not.toBe(bundled.digest);
    const diff = await story.run(['policy', 'diff', 'active', '--scenario', 'eight.yaml', '--json']);
    const { equal, differences } = JSON.parse(diff.stdout) as Diff;
    expect([diff.code, equal]).toEqual([4, false]);
    expect(differences.map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'added insurers/3343/packages/Startfit/periods/2018-01-01/through',
      'added insurers/3343/packages/Startfit/periods/2027-01-01',
    ]);
    const shown = await story.run(['policy', 'show', '--file-tree', 'policy', '--scenario', 'eight.yaml', '--on', '2027-01-01']);
    expect(shown.stdout).toContain('package Startfit: 8 sessions a calendar year\n');
    for (const args of [['policy', '--scenario', 'eight.yaml'], ['eight.yaml']]) {
      const refused = await story.run(['policy', 'activate', ...args]);
      expect([refused.code, refused.stderr.toLowerCase()]).toEqual([3, expect.stringContaining('a scenario never takes effect')]);
    }
    expect(await story.json(['policy', 'show'])).toMatchObject({ digest: bundled.digest });
  });

  it('a scenario with a fault is refused with file and line', async () => {
    await writeFile(story.path('fault.yaml'), EIGHT.replace('2026-12-31', '2026-11-30'));
    const run = await story.run(['policy', 'check', 'policy', '--scenario', 'fault.yaml']);
    expect([run.code, run.stderr]).toEqual([
      3,
      'fault.yaml:6 insurers/3343/packages/Startfit/periods/2027-01-01: leaves a gap: the value before it ends on 2026-11-30, this one begins on 2027-01-01\n',
    ]);
  });

  it('a version that took effect is never edited: raise it', async () => {
    await edit('policy/insurers/3343.yaml', "limit: 9, source: 'ONVZ", "limit: 8, source: 'ONVZ");
    const diff = await story.run(['policy', 'diff', 'active', 'policy']);
    expect(diff.code).toBe(4);
    expect(diff.stdout).toContain(
      'changed insurers/3343/packages/Startfit/periods/2017-01-01/limit (Startfit): 9 → 8, valid from 2017-01-01 through 2017-12-31\n1 differences\n',
    );
    const refused = await story.run(['policy', 'activate', 'policy']);
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringMatching(/was activated before with other content.*raise version/),
    ]);
    expect(await story.json(['policy', 'show'])).toMatchObject({ digest: bundled.digest });
    await edit('policy/policy.yaml', `version: '${bundled.version}'`, "version: '2099.1'");
    expect(await story.json(['policy', 'activate', 'policy'])).toMatchObject({ version: '2099.1', changed: true });
    // the one before is kept under its digest
    expect((await story.run(['policy', 'diff', bundled.digest, 'active'])).code).toBe(4);
  });

  it('the workbook of the diagnosis list: compared, then written beside the present release', async () => {
    const [release] = bundled.document.diagnoses;
    if (release === undefined) throw new Error('no release');
    const cells = dcsphCells(release);
    const row =
      [...cells].find(([address, value]) => /^A\d+$/.test(address) && String(value as string).trim() === '3038')?.[0].slice(1) ??
      '';
    cells.set(`F${row}`, 'dicht');
    await writeFile(story.path('dcsph.xlsx'), workbookOf(cells));
    const compared = await story.run(['policy', 'import-dcsph', 'dcsph.xlsx']);
    expect([compared.code, compared.stderr]).toEqual([0, '']);
    expect(compared.stdout).toContain('4824 codes: 3333 closed, 1491 open');
    expect(compared.stdout).toContain('  opened: 0\n  closed: 1  3038\n  changed: 0\n');
    expect((await story.run(['policy', 'import-dcsph', 'dcsph.xlsx', '--out', 'policy'])).code).toBe(2);

    const into = ['policy', 'import-dcsph', 'dcsph.xlsx', '--out', 'policy', '--valid-from', '2027-01-01', '--release', '4.8'];
    expect(await story.json(into)).toMatchObject({
      files: ['policy/diagnoses/dcsph-2027-01-01.csv', 'policy/diagnoses/dcsph-2027-01-01.yaml'],
    });
    expect((await story.run(['policy', 'check', 'policy'])).code).toBe(0);
    const diff = await story.run(['policy', 'diff', 'active', 'policy', '--json']);
    expect((JSON.parse(diff.stdout) as Diff).differences).toMatchObject([{ kind: 'added', address: 'diagnoses/4.8' }]);
    const again = await story.run(into);
    expect([again.code, again.stderr]).toEqual([3, expect.stringMatching(/would hold from 2027-01-01, not after release 4\.8/)]);

    cells.set(`F${row}`, 'half open');
    await writeFile(story.path('dcsph.xlsx'), workbookOf(cells));
    const refused = await story.run(['policy', 'import-dcsph', 'dcsph.xlsx']);
    expect([refused.code, refused.stderr]).toEqual([
      3,
      `dcsph.xlsx:${row} DCSPH Aanspraakcode !F${row}: "half open" is a status that is not known here\n`,
    ]);
    await writeFile(story.path('dcsph.xlsx'), (await readFile(story.path('dcsph.xlsx'))).subarray(0, 50_000));
    expect((await story.run(['policy', 'import-dcsph', 'dcsph.xlsx'])).stderr).toBe(
      'dcsph.xlsx:1: is cut off: copy or download the file again\n',
    );
  });
});
