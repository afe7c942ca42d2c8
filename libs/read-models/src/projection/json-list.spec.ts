import type { HistoryImported } from '#libs/trajectory';
import { appendTo, codeAfter, ended, verified, withImport, withoutRemap } from './json-list';

const remap = (from: string, to: string, effectiveDate = '2024-07-01') => ({ from, to, effectiveDate, reason: 'closed' });

describe('the remaps of a row', () => {
  it('lose the one that is taken back, and the code is that of the one before, or none', () => {
    const one = appendTo('[]', remap('9376', '3176'));
    const two = appendTo(one, remap('3176', '3276', '2025-01-01'));
    expect(codeAfter(two)).toBe('3276');
    expect(withoutRemap(two, remap('3176', '3276', '2025-01-01'))).toBe(one);
    expect(codeAfter(one)).toBe('3176');
    expect(codeAfter(withoutRemap(one, remap('9376', '3176')))).toBeNull();
    expect(withoutRemap(two, remap('3176', '3276'))).toBe(two);
  });
});

describe('the imports of a row', () => {
  it('are verified one by one, and stay so when they end', () => {
    const given = (importId: string) => ({ importId, status: 'asserted' }) as HistoryImported['data'];
    const both = withImport(withImport('[]', given('i-1')), given('i-2'));
    expect(JSON.parse(ended(verified(both, 'i-1'), 'i-1', 'retracted'))).toEqual([
      { importId: 'i-1', status: 'verified', endedBy: 'retracted' },
      { importId: 'i-2', status: 'asserted', endedBy: null },
    ]);
  });
});
