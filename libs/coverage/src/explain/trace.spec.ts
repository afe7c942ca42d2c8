import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineDecision, SessionFact } from '#libs/trajectory';
import { RULES, sentencesOf, STEPS, trace, type Trace } from '../index';
import { decidedLine, EVERY_RULE } from '../testing/every-rule';
import { history, packageOf, person, session, weekly } from '../testing/facts';
import { bookOf, insurer } from '../testing/policy';
import { stepOf, tracedRule } from '../testing/traced';

const DECIDING = new Set(['failed', 'held', 'closed-basic', 'opened-basic', 'overridden']);

describe('a trace', () => {
  it.each(RULES.map(({ id, step }) => [id, step]))('of %s: the step %s decides', (rule, name) => {
    const of = tracedRule(rule);
    expect([of.rule, of.decidedBy]).toEqual([rule, name]);
    expect(of.steps.map(({ step, name: each }) => ({ step, name: each }))).toEqual(STEPS);
    expect(DECIDING.has(stepOf(of, name).outcome)).toBe(true);
    // nothing before it closed, failed or held; of what closes the basic insurance there is but one
    expect(of.steps.filter(({ outcome }) => DECIDING.has(outcome) && outcome !== 'opened-basic')).toHaveLength(
      stepOf(of, name).outcome === 'opened-basic' ? 0 : 1,
    );
  });

  it.each(RULES.map(({ id }) => id))('of %s: every parameter has a source, and the sums close', (rule) => {
    const of = tracedRule(rule);
    for (const step of of.steps)
      for (const parameter of step.parameters) {
        expect([step.name, parameter.name, parameter.source]).not.toContain('');
        if (parameter.source === 'interpretation') expect(parameter.interpretation).toBe(parameter.name);
      }
    const { declared, ...parts } = stepOf(of, 'insured-part').facts as Record<string, number>;
    expect(Object.values(parts).reduce((sum, cents) => sum + cents, 0)).toBe(declared);
    const { basic, supplementary, insured, refused, undecided } = of.split;
    expect(basic + supplementary + insured + refused + undecided).toBe(declared);
  });

  it.each(RULES.map(({ id }) => id))('of %s in words: everything is filled in, in both languages', (rule) => {
    const of = tracedRule(rule);
    for (const language of ['en', 'nl'] as const) {
      const { decision, next } = sentencesOf(of, language);
      expect(next).toHaveLength(of.next.length);
      for (const sentence of [decision, ...next]) expect(sentence).not.toMatch(/[{}]|undefined|null|NaN| - |-\./);
    }
  });

  it('the sentence is made from the trace alone: a trace that has travelled as JSON says the same', () => {
    for (const rule of Object.keys(EVERY_RULE)) {
      const of = tracedRule(rule);
      expect(sentencesOf(JSON.parse(JSON.stringify(of)) as Trace, 'nl')).toEqual(sentencesOf(of, 'nl'));
    }
  });

  it('a line that fails or is held asks nothing after that, and tells its cents still', () => {
    const invalid = tracedRule('combination');
    expect(invalid.steps.slice(4, 15).every(({ outcome }) => outcome === 'not-asked')).toBe(true);
    expect(stepOf(invalid, 'insured-part').facts).toMatchObject({ refused: 4000, declared: 4000 });
    const held = tracedRule('hold-switch');
    expect(stepOf(held, 'order')).toMatchObject({ outcome: 'counted', facts: { position: 1, isProvisional: true } });
    expect(stepOf(held, 'package').outcome).toBe('not-asked');
    const late = tracedRule('too-late');
    expect(stepOf(late, 'order').outcome).toBe('counted');
    expect(stepOf(late, 'package').outcome).toBe('not-asked');
  });

  it('shows threshold, term, cap and package with their numbers', () => {
    const within = tracedRule('within-threshold');
    expect(stepOf(within, 'threshold')).toMatchObject({
      outcome: 'closed-basic',
      facts: { position: 3, threshold: 20, start: '2025-01-06' },
    });
    expect(stepOf(within, 'threshold').parameters[0]).toEqual({
      ...{ name: 'threshold', value: 20, source: 'test', validFrom: '2012-01-01' },
    });
    expect(stepOf(within, 'package')).toMatchObject({
      outcome: 'paid',
      facts: { package: 'Nine', year: '2025', unit: 3, limit: 9, left: 6 },
    });
    expect(stepOf(tracedRule('past-term'), 'term')).toMatchObject({
      outcome: 'closed-basic',
      facts: { anchor: '2024-02-01', end: '2024-05-01' },
    });
    expect(stepOf(tracedRule('past-term'), 'threshold').facts).toMatchObject({ position: 22, threshold: 20 });
    expect(stepOf(tracedRule('past-cap'), 'cap')).toMatchObject({
      outcome: 'closed-basic',
      facts: { used: 12, cap: 12, per: 'term' },
    });
    expect(stepOf(tracedRule('within-cap'), 'cap')).toMatchObject({
      outcome: 'opened-basic',
      facts: { used: 1, cap: 27, class: 'B1', until: '2025-01-01' },
    });
  });

  it('shows which positions are imported, and which were given as a child', () => {
    expect(stepOf(tracedRule('above-threshold'), 'order').facts).toMatchObject({ position: 21, imported: 19 });
    const lines = [...weekly('c', '2024-01-01', 5, { csi: '001', ageYears: 17 }), session('r', '2024-03-04', { ageYears: 18 })];
    const facts = person({ trajectories: [{ sessions: lines }] });
    const { decision, session: line } = decidedLine({ facts, book: bookOf() });
    expect(stepOf(trace(decision, line, bookOf()), 'order').facts).toMatchObject({ position: 6, asChild: 5 });
  });

  it('shows an age only where an age limit decided', () => {
    for (const rule of Object.keys(EVERY_RULE)) {
      const text = JSON.stringify(tracedRule(rule).steps.map(({ facts }) => facts));
      expect(text.includes('"age"')).toBe(rule === 'age-limit');
    }
  });

  it('a package that a later session of the line asks is named', () => {
    const lines = [...weekly('k', '2025-01-06', 11, { diagnosis: '7023', csi: '012' })];
    const last = session('r', '2025-06-02', { diagnosis: '7023', csi: '012', quantity: 3 });
    const facts = person({ packages: [packageOf('Nine')], trajectories: [{ sessions: [...lines, last] }] });
    const { decision, session: line } = decidedLine({ facts, book: bookOf() });
    expect(decision.units.map(({ purse }) => purse)).toEqual(['basic', 'supplementary', 'supplementary']);
    const of = trace(decision, line, bookOf());
    expect(stepOf(of, 'package')).toMatchObject({ outcome: 'paid', facts: { unit: 1, sessionsPaid: 2, left: 7 } });
    expect(sentencesOf(of, 'en').next).toEqual(['7 sessions of package Nine left in 2025.']);
  });
});

describe('a decision of another engine version', () => {
  const of = (decision: LineDecision, line: SessionFact): Trace => trace(decision, line, bookOf());

  it('without the numbers that were recorded later leaves those out', () => {
    for (const [rule, found] of Object.entries(EVERY_RULE)) {
      const { decision, session: line } = decidedLine(found);
      const { start, end, anchor, imported, behind, ...values } = decision.reason.values;
      void [start, end, anchor, imported, behind];
      const traceOfOld = trace({ ...decision, reason: { rule, values } }, line, found.book);
      expect(JSON.stringify(traceOfOld)).not.toMatch(/undefined|NaN/);
      for (const language of ['en', 'nl'] as const)
        expect(sentencesOf(traceOfOld, language).next.join(' ')).not.toMatch(/undefined|null|NaN/);
    }
  });

  it('with a rule that is not known here decides no step and says so', () => {
    const { decision, session: line } = decidedLine(
      EVERY_RULE['within-threshold'] ?? { facts: person({ trajectories: [] }), book: bookOf() },
    );
    const unknown = of({ ...decision, reason: { rule: 'of-old', values: {} }, units: [] }, line);
    expect(unknown.decidedBy).toBeNull();
    expect(sentencesOf(unknown, 'en').decision).toBe('Rule of-old.');
    expect(unknown.next.map(({ kind }) => kind)).toEqual(['confirm-date']);
  });
});

it('every value of a reason that a trace reads is documented in the README of the library', () => {
  const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');
  const names = new Set(Object.values(EVERY_RULE).flatMap((found) => Object.keys(decidedLine(found).decision.reason.values)));
  expect([...names].filter((name) => !readme.includes(name))).toEqual([]);
});

it('a performance code that the insurer does not accept: the trace names where that stands', () => {
  const refused = { codes: ['1200'], accepted: false, from: '2024-01-01', source: 'page of the insurer' };
  const narrowed = bookOf({ insurers: [{ ...insurer, performances: [refused] }] });
  const facts = person({ trajectories: [{ sessions: [session('r', '2025-01-06', { performance: '1200' })] }] });
  const { decision, session: line } = decidedLine({ facts, book: narrowed });
  const step = stepOf(trace(decision, line, narrowed), 'performance');
  expect([decision.codes, step.outcome]).toEqual([['0582'], 'failed']);
  expect(step.parameters).toContainEqual({
    ...{ name: 'performanceAccepted', value: false, source: 'page of the insurer', validFrom: '2024-01-01' },
  });
});

it('an item that is no session has no number, and its sentence says so', () => {
  const facts = person({ trajectories: [{ sessions: [session('r', '2025-01-06', { performance: '1900' })] }] });
  const { decision, session: line } = decidedLine({ facts, book: bookOf() });
  const of = trace(decision, line, bookOf());
  expect(stepOf(of, 'order')).toMatchObject({ outcome: 'not-counted', facts: { position: null } });
  expect(sentencesOf(of, 'en').decision).toMatch(/^Session without a number for/);
  expect(sentencesOf(of, 'nl').decision).toMatch(/^Zitting zonder volgnummer voor/);
});

it('an imported history stands in the trace of a held line too', () => {
  const spec = {
    sessions: [session('r', '2024-06-03')],
    switches: ['2024-06-01'],
    histories: [history(3, '2023-01-01'), history(2, '2023-05-01')],
  };
  const between = [session('x', '2024-01-08')];
  const facts = person({
    trajectories: [{ ...spec, sessions: [...between, ...spec.sessions] }],
    insurance: [{ insurer: '3343', from: '2024-01-01', through: null }],
  });
  const { decision, session: line } = decidedLine({ facts, book: bookOf() });
  expect(decision.reason).toMatchObject({ rule: 'hold-switch', values: { imported: 5 } });
  expect(stepOf(trace(decision, line, bookOf()), 'order').facts).toMatchObject({ position: 7, imported: 5 });
});
