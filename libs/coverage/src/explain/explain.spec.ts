import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineDecision } from '#libs/trajectory';
import { decide, explain, RULES } from '../index';
import { history, packageOf, person, session, weekly } from '../testing/facts';
import { bookOf, document } from '../testing/policy';

const book = bookOf();
const period = { from: '2006-01-01', term: 'open', newEpisode: 'refused' } as const;

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

  it('names what the condition rests on: its text and its interpretations, as they were on the date', () => {
    const reading = (from: string, value: string | null) => ({ from, value, source: `text of ${from}` });
    const name = { en: 'multiple sclerosis', nl: 'multiple sclerose' };
    const periods = [
      { ...period, from: '2006-01-01', through: '2024-12-31', source: 'text of 2006' },
      { ...period, from: '2025-01-01', source: 'text of 2025', interpretations: ['ofTheText', 'notKnownHere'] },
    ];
    const dated = bookOf({
      conditions: document.conditions.map((each) => (each.id === '1.a.2' ? { ...each, name, periods } : each)),
      interpretations: [
        ...document.interpretations,
        { name: 'ofTheText', values: [reading('2006-01-01', 'before'), reading('2025-07-01', 'after')], reason: 'why' },
        { name: 'countsAsSession', values: [reading('2006-01-01', null)], reason: 'why not' },
        { name: 'pauseRestartsCountAfterMonths', values: [], reason: 'no value' },
      ],
    });
    const [decision] = decide(person({ trajectories: [{ sessions: [session('a', '2025-03-03')] }] }), dated);
    if (decision === undefined) throw new Error('one decision');
    const sinceEver = ['countSessionsBeforeAge18', 'true', 'test'];
    const neverSaid = [
      ['countsAsSession', 'null', 'why not'],
      ['pauseRestartsCountAfterMonths', 'null', 'no value'],
    ];
    const told = (date?: string) => {
      const { conditionSource, interpretations } = explain(decision, dated, date);
      return [conditionSource, interpretations.map(({ name, value, reason }) => [name, value, reason])];
    };
    expect(told('2024-12-31')).toEqual(['text of 2006', [sinceEver, ...neverSaid]]);
    expect(told('2025-06-30')).toEqual(['text of 2025', [sinceEver, ['ofTheText', '"before"', 'why'], ...neverSaid]]);
    expect(told('2025-07-01')).toEqual(['text of 2025', [sinceEver, ['ofTheText', '"after"', 'why'], ...neverSaid]]);
    expect(told()).toEqual(told('2025-07-01'));
    expect(explain(decision, dated).nl).toBe('Zitting 1 voor multiple sclerose: de eerste 20 betaalt de basisverzekering niet.');
  });

  it('names the interpretations of an ambiguous item, of a line of several sessions and of an import below our own', () => {
    const names = ['ambiguousCondition', 'importBelowOwn', 'roundingOfSplit'];
    const values = [{ from: '2006-01-01', value: 'default' }];
    const with3 = bookOf({
      interpretations: [...document.interpretations, ...names.map((name) => ({ name, values, reason: '' }))],
    });
    const [decision] = decide(
      person({ trajectories: [{ sessions: [session('a', '2025-03-03', { diagnosis: '9474' })] }] }),
      with3,
    );
    const [unit] = decision?.units ?? [];
    if (decision === undefined || unit === undefined) throw new Error('one decision of one session');
    const named = (changes: Partial<LineDecision>) =>
      explain({ ...decision, flags: [], ...changes }, with3).interpretations.flatMap(({ name }) =>
        names.includes(name) ? [name] : [],
      );
    expect(named({})).toEqual([]);
    expect(named({ flags: ['ambiguous-condition'] })).toEqual(['ambiguousCondition']);
    expect(named({ flags: ['history-below-own'] })).toEqual(['importBelowOwn']);
    expect(named({ units: [unit, unit] })).toEqual(['roundingOfSplit']);
  });

  it('of a rule or condition that is not known here it says so, and makes up nothing', () => {
    const [decision] = decide(person({ trajectories: [{ sessions: [session('a', '2025-03-03')] }] }), book);
    if (decision === undefined) throw new Error('one decision');
    const reason = { rule: 'of-old', values: {} };
    expect(explain({ ...decision, reason, condition: null }, book)).toEqual({
      ...{ sentence: 'Rule of-old.', nl: 'Regel of-old.', rule: 'of-old', conditionSource: null, interpretations: [] },
      source: 'unknown rule: decided by another engine version',
      ...{ policyVersion: 'test', policyDigest: 'digest' },
    });
    const past = { rule: 'past-cap', values: { used: 12 } };
    const sentences = ['annex-of-old', null].map((condition) => explain({ ...decision, reason: past, condition }, book).sentence);
    expect(sentences).toEqual(
      ['annex-of-old', '-'].map((name) => `The maximum for ${name} is used up: 12 sessions were counted before.`),
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
