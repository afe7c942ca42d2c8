import type { FieldProblem } from '#libs/claims';
import { codesOf } from './claim-line';

describe('the codes of a line that cannot be read', () => {
  it('[order-2] are told ascending, each once, at most three', () => {
    const problems = ['8179', '8007', '0638', '8007', '0611'].map((code) => ({ code }) as FieldProblem);
    expect(codesOf(problems)).toEqual(['0611', '0638', '8007']);
  });
});
