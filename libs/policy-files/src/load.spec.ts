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
