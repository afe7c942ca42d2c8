import { loadPolicyFiles, policyOn, sealPolicy } from './index';

const policy = loadPolicyFiles();
const condition = (id: string, on: string) => policyOn(policy, on).conditions.find((each) => each.id === id);
const insurer = (code: string, on: string) => policyOn(policy, on).insurers.find((each) => each.insurer === code);

describe('the values in force on a date', () => {
  it('a condition with its term, cap and threshold, and the texts they rest on', () => {
    expect(condition('1.b.7', '2025-01-01')).toEqual({
      id: '1.b.7',
      name: 'Frozen shoulder',
      regime: 'annex',
      term: '12 months from first-session, to start within 3 months of diagnosis, new episode possible',
      cap: null,
      threshold: { sessions: 20, source: 'Besluit zorgverzekering article 2.6-2' },
      from: '2006-01-01',
      through: null,
      source: 'Annex 1, 1.b.7; Annex 4 for the term',
    });
    expect(condition('2.6-3', '2025-01-01')).toMatchObject({ cap: '9 once', threshold: null });
    expect(condition('2.6-5', '2025-01-01')).toMatchObject({ cap: '12 per term' });
    expect(condition('2.6-6', '2025-01-01')?.cap).toMatch(/^A: 5, then 0; B1: 27, then 3; .* per treatment-year$/);
    expect(condition('covid-1', '2025-01-01')?.term).toBe(
      '6 months from first-session, no start from 2024-07-01, ends on 2025-01-01',
    );
  });

  it('the threshold by the day on which a trajectory starts, or the condition’s own by date', () => {
    expect(condition('1.b.7', '2010-12-31')?.threshold?.sessions).toBe(9);
    expect(condition('1.b.7', '2011-01-01')?.threshold?.sessions).toBe(12);
    expect(condition('ra-severe', '2024-12-31')?.threshold?.sessions).toBe(20);
    expect(condition('ra-severe', '2025-01-01')?.threshold?.sessions).toBe(0);
  });

  it('packages only within their dates, with what was assumed; terms of the insurer with theirs', () => {
    expect(insurer('3343', '2016-12-31')?.packages).toEqual([]);
    expect(insurer('3343', '2017-06-01')?.packages.find((each) => each.name === 'Optifit')).toEqual({
      name: 'Optifit',
      value: '35 sessions a calendar year, of which 18 manual therapy',
      from: '2017-01-01',
      through: '2017-12-31',
      source: 'ONVZ reimbursement guide 2017',
    });
    expect(insurer('3343', '2025-01-01')?.packages.find((each) => each.name === 'Topfit')).toMatchObject({
      value: 'no limit a calendar year, of which 18 manual therapy',
      source: expect.stringMatching(/\(assumption: Numbers after 2017 were not found\)$/) as string,
    });
    expect(insurer('3343', '2025-01-01')?.terms).toContainEqual(
      expect.objectContaining({ name: 'overCapUsesSupplementary', value: 'yes, except 2.6-6' }),
    );
  });

  it('performance codes that the insurer leaves out on the date', () => {
    const rule = { codes: ['1864'], lists: ['012'], accepted: false, from: '2025-01-01', through: '2025-12-31', source: 'test' };
    const insurers = policy.document.insurers.map((each) => (each.insurer === '3343' ? { ...each, performances: [rule] } : each));
    const changed = sealPolicy({ ...policy.document, insurers });
    const terms = (on: string) => policyOn(changed, on).insurers.find((each) => each.insurer === '3343')?.terms;
    expect(terms('2025-12-31')).toContainEqual({
      name: 'performances 1864',
      value: 'not accepted in list 012',
      from: '2025-01-01',
      through: '2025-12-31',
      source: 'test',
    });
    expect(terms('2026-01-01')?.some((each) => each.name.startsWith('performances'))).toBe(false);
  });

  it('parameters with their reason, and the release of the diagnosis list', () => {
    const { parameters, diagnoses } = policyOn(policy, '2025-01-01');
    expect(parameters).toHaveLength(policy.document.interpretations.length);
    expect(parameters[0]).toMatchObject({ name: 'maxQuantityPerLine', value: '4', from: '2006-01-01', through: null });
    expect(diagnoses).toMatchObject({ value: 'release 4.7, 1492 open codes', from: '2024-07-01' });
  });
});
