import { appendTo, codeAfter, withoutRemap } from './json-list';

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
