import { compilePolicy } from '#libs/coverage';
import { loadPolicyFiles, policyFromContent } from './index';
import { sha256 } from './load';

describe('the bundled policy files', () => {
  it('load without a problem, and compile', () => {
    const policy = loadPolicyFiles();
    const book = compilePolicy(policy.document, policy.digest);
    expect(book.diagnoses.at('2024-07-01').open.size).toBe(1492);
  });

  it('have an identity: the SHA-256 of their canonical JSON, from which the same document is read back', () => {
    const policy = loadPolicyFiles();
    expect(policy.digest).toBe(sha256(policy.content));
    expect(policyFromContent(policy.content)).toEqual(policy.document);
  });
});

describe('content that an earlier version kept', () => {
  it('is read in its old shape: the date of a long session was a text', () => {
    const { content, document } = loadPolicyFiles();
    const old = JSON.parse(content) as { longSessions: Record<string, unknown>[] };
    old.longSessions = [
      { diagnoses: ['xx72'], from: '2006-01-01', needsDate: 'within 12 months of the onset', source: 'Insurer' },
    ];
    const read = policyFromContent(JSON.stringify(old));
    expect(read).toEqual({
      ...document,
      longSessions: [{ diagnoses: ['xx72'], from: '2006-01-01', date: { of: 'diagnosis' }, source: 'Insurer' }],
    });
    const { longSessions } = compilePolicy(read, 'old');
    expect(longSessions.covered('9372', 50, '2024-01-01', {})).toEqual({ dateToConfirm: true });
    expect(longSessions.covered('9372', 50, '2024-01-01', { diagnosedOn: '2010-01-01' })).toEqual({ dateToConfirm: false });
  });

  it('is not refused for what files are refused for today', () => {
    const kept = JSON.parse(loadPolicyFiles().content) as { conditions: { periods: { from: string; through?: string }[] }[] };
    const [period] = kept.conditions[0]?.periods ?? [];
    kept.conditions[0]?.periods.push({ ...period, from: '2030-01-01' });
    if (period !== undefined) period.through = '2029-06-30'; // a gap
    expect(() => policyFromContent(JSON.stringify(kept))).not.toThrow();
  });

  it('that is of no shape that is known is refused', () => {
    expect(() => policyFromContent('{"format":1}')).toThrow(/version/);
    expect(() => policyFromContent('null')).toThrow();
  });
});
