import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyDocument } from '#libs/coverage';
import { diagnosisCsv, foldCodes, unfoldRows } from './diagnosis-codes';
import { diffPolicies } from './diff';
import { loadPolicyFiles } from './index';
import { BUNDLED } from './testing/spoil';
import { addressSteps, addressText, treeOf, valueOf } from './tree';

const { document } = loadPolicyFiles();
/** The document as a value that a test may change, by the way of JSON. */
type Changeable = {
  version: string;
  conditions: { id: string; periods: { term: unknown; through?: string }[] }[];
  insurers: { packages: { name: string; periods: { limit: number | null }[] }[]; ownInsurers: string[] }[];
  diagnoses: { release: string; rows: { pathology: string; locations: string[]; items: string[] }[] }[];
};
function changed(change: (copy: Changeable) => void): PolicyDocument {
  const copy = JSON.parse(JSON.stringify(document)) as Changeable;
  change(copy);
  return copy as unknown as PolicyDocument;
}

describe('the tree of a policy', () => {
  it('leads back to the same document', () => {
    expect(valueOf(treeOf(document))).toEqual(document);
  });

  it('folds the codes of the diagnosis list to the very table that is kept', () => {
    const rows = document.diagnoses[0]?.rows ?? [];
    const codes = unfoldRows(rows);
    expect(codes.size).toBe(1492);
    expect(diagnosisCsv(foldCodes(codes))).toBe(readFileSync(join(BUNDLED, 'diagnoses/dcsph-2024-07-01.csv'), 'utf8'));
  });

  it('writes a slash inside a name so that it reads back', () => {
    const steps = ['insurers', '3343', 'packages', 'Fit/Plus 50%2F'];
    expect(addressSteps(addressText(steps))).toEqual(steps);
    expect(addressSteps('a//b')).toEqual([]);
  });
});

describe('what differs between two policies', () => {
  it('is nothing between a policy and itself, nor for a scenario mark', () => {
    expect(diffPolicies(document, document)).toEqual([]);
    expect(diffPolicies(document, { ...document, scenario: { name: 'x', title: 'x', base: '0'.repeat(64) } })).toEqual([]);
  });

  it('is a changed value with its address, its name and the dates between which it holds', () => {
    const other = changed(({ conditions, insurers }) => {
      const frozen = conditions.find((each) => each.id === '1.b.7')?.periods[0];
      if (frozen !== undefined) frozen.term = { months: 9, anchor: 'first-session' };
      const first = insurers[1]?.packages[0]?.periods[0];
      if (first !== undefined) first.limit = null;
    });
    expect(diffPolicies(document, other)).toEqual([
      {
        kind: 'changed',
        address: 'conditions/1.b.7/periods/2006-01-01/term/months',
        name: 'Frozen shoulder',
        from: 12,
        to: 9,
        valid: { from: '2006-01-01', through: null },
      },
      {
        kind: 'changed',
        address: 'insurers/3343/packages/Startfit/periods/2017-01-01/limit',
        name: 'Startfit',
        from: 9,
        to: null,
        valid: { from: '2017-01-01', through: '2017-12-31' },
      },
    ]);
  });

  it('is one addition or removal for an element that only one of them has', () => {
    const other = changed(({ conditions, insurers }) => {
      conditions.splice(3, 1);
      insurers[0]?.ownInsurers.push('9999');
    });
    const differences = diffPolicies(document, other);
    expect(differences).toMatchObject([
      { kind: 'removed', address: 'conditions/1.a.4', from: { id: '1.a.4' } },
      { kind: 'changed', address: expect.stringMatching(/^insurers\/\d{4}\/ownInsurers$/) as string },
    ]);
    expect(diffPolicies(other, document)).toMatchObject([{ kind: 'added', address: 'conditions/1.a.4' }, {}]);
  });

  it('tells the diagnosis list code by code: closed, opened, changed', () => {
    const other = changed(({ diagnoses }) => {
      const row = diagnoses[0]?.rows.find((each) => each.pathology === '21' && each.locations.includes('40'));
      if (row !== undefined) Object.assign(row, { items: [], locations: ['40', '91'] });
      diagnoses[0]?.rows.find((each) => each.pathology === '38')?.locations.shift();
    });
    expect(diffPolicies(document, other)).toMatchObject([
      { kind: 'removed', address: 'diagnoses/4.7/codes/3038' },
      { kind: 'changed', address: 'diagnoses/4.7/codes/4021/items', from: ['1.b.7'], to: [] },
      { kind: 'added', address: 'diagnoses/4.7/codes/9121', to: { openTo: 'all' } },
    ]);
  });

  it('tells a new release of the diagnosis list by its number of codes', () => {
    const other = changed(({ diagnoses }) => {
      diagnoses.push({ ...(diagnoses[0] as Changeable['diagnoses'][number]), release: '4.8' });
    });
    expect(diffPolicies(document, other)).toMatchObject([
      { kind: 'added', address: 'diagnoses/4.8', to: { release: '4.8', codes: '1492 open codes' } },
    ]);
  });
});
