import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide, explain, RULES } from '../index';
import { history, packageOf, person, session, weekly } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();

describe('explain', () => {
  it('says in a sentence which rule settled the session, with its numbers, in English and Dutch', () => {
    const lines = weekly('a', '2025-01-06', 21);
    const decisions = decide(person({ packages: [packageOf('Nine')], trajectories: [{ sessions: lines }] }), book);
    const sentences = [0, 9, 20].map((i) => {
      const decision = decisions[i];
      return decision === undefined ? '' : explain(decision, book).sentence;
    });
    expect(sentences).toEqual([
      'Session 1 for 1.a.2: the first 20 are not paid by the basic insurance. Package Nine pays: session 1 of the year.',
      'Session 10 for 1.a.2: the first 20 are not paid by the basic insurance. Package Nine (9 a year) is used up.',
      'Session 21 for 1.a.2, after the first 20: the basic insurance pays.',
    ]);
    const last = decisions[20];
    expect(last === undefined ? '' : explain(last, book).nl).toBe(
      'Zitting 21 voor 1.a.2, na de eerste 20: de basisverzekering betaalt.',
    );
  });

  it('names the source, the policy version and the interpretations that the decision touched', () => {
    const [held] = decide(person({ trajectories: [{ sessions: [session('a', '2025-01-06', { csi: '001' })] }] }), book);
    if (held === undefined) throw new Error('one decision');
    const explanation = explain(held, book);
    expect(explanation).toMatchObject({
      rule: 'hold-asserted',
      source: 'interpretation',
      policyVersion: 'test',
      policyDigest: 'digest',
    });
    expect(explanation.interpretations.map((each) => each.name)).toEqual(['holdUnknownHistory', 'assertedSlack']);
    expect(explanation.sentence).toBe(
      'Held: the provider asserts that the first 20 sessions are over, but this is session 1 known here.',
    );
  });

  it('fills every placeholder: no sentence shows a name in braces or a missing value', () => {
    const lines = [
      session('closed', '2024-07-01', { diagnosis: '9376' }),
      session('unknown', '2024-07-01', { diagnosis: '0000' }),
      session('csi', '2024-07-01', { csi: '999' }),
      session('age', '2024-07-01', { diagnosis: '6210', ageYears: 30 }),
      session('performance', '2024-07-01', { performance: '1', quantity: 9 }),
      session('combination', '2024-07-01', { csi: '009' }),
      session('provider', '2024-07-01', { diagnosis: '6483' }),
      session('required', '2024-08-01', { diagnosis: '9390', csi: '001' }),
      ...weekly('a', '2024-07-01', 25),
      session('q', '2025-07-01', { quantity: 3 }),
      session('long', '2025-07-02', { performance: '1700' }),
    ];
    const shoulder = weekly('s', '2023-01-02', 60, { diagnosis: '4021' });
    const knee = weekly('k', '2023-01-02', 14, { diagnosis: '7023', csi: '012' });
    const switched = { id: 'z', sessions: weekly('z', '2024-01-08', 2, { diagnosis: '9374' }), switches: ['2024-01-01'] };
    const known = { sessions: weekly('y', '2024-01-08', 2, { diagnosis: '3176' }), histories: [history(1, '2023-01-01')] };
    const decisions = decide(
      person({
        packages: [packageOf('Manual')],
        trajectories: [{ sessions: lines }, { sessions: shoulder }, { sessions: knee }, switched, known],
      }),
      book,
    );
    expect(decisions.length).toBeGreaterThan(100);
    for (const decision of decisions) {
      const { sentence, nl, source } = explain(decision, book);
      expect(`${sentence} ${nl}`).not.toMatch(/[{}]|undefined|null| - /);
      expect(source).not.toMatch(/unknown rule/);
    }
  });

  it('every rule is documented in the README of the library', () => {
    const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
    expect(RULES.filter((rule) => !readme.includes(`\`${rule.id}\``))).toEqual([]);
  });
});
