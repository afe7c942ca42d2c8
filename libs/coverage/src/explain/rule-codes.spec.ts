import type { LineDecision } from '#libs/trajectory';
import fc from 'fast-check';
import { decide, RULE_CODES, RULES } from '../index';
import { decidedLine, EVERY_RULE } from '../testing/every-rule';
import { packageOf, person, plusDays, session } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const BY_RULE = new Map(RULE_CODES.map((each) => [each.rule, each]));

/** The codes are among those of the rule; one of its own stands there, unless everything is paid or a later session named the code. */
function expectCodesOfRule(decision: LineDecision): void {
  const { rule } = decision.reason;
  const row = BY_RULE.get(rule);
  expect([
    rule,
    decision.codes.filter((code) => row?.own.includes(code) !== true && row?.beside.includes(code) !== true),
  ]).toEqual([rule, []]);
  const isPaid = decision.codes.length === 0;
  const isOfLaterSession = decision.units.length > 1 && decision.units[0]?.purse !== 'insured';
  if (!isPaid && !isOfLaterSession && decision.status !== 'held')
    expect([rule, decision.codes.some((code) => row?.own.includes(code))]).toEqual([rule, true]);
  if (decision.status === 'held') expect(decision.codes).toEqual(row?.own);
}

describe('rules and their return codes', () => {
  it('there is one row per rule', () => {
    expect(RULE_CODES.map(({ rule }) => rule)).toEqual(RULES.map(({ id }) => id));
  });

  it.each(Object.keys(EVERY_RULE))('%s: as the engine gives them', (rule) => {
    const found = EVERY_RULE[rule];
    if (found !== undefined) expectCodesOfRule(decidedLine(found).decision);
  });

  it('for any lines, at an insurer that pays only what is covered', () => {
    const line = fc.record({
      day: fc.integer({ min: 0, max: 900 }),
      diagnosis: fc.constantFrom(
        '9373',
        '9373',
        '9376',
        '4021',
        '4026',
        '7023',
        '2554',
        '9363',
        '7326',
        '6483',
        '6486',
        '6210',
        '9390',
        '0000',
      ),
      csi: fc.constantFrom('001', '008', '008', '009', '012', '014', '020', '003', '010', '999'),
      performance: fc.constantFrom('1000', '1000', '1200', '1600', '1900', '1700', '9999'),
      quantity: fc.constantFrom(1, 1, 2, 3, 5),
      late: fc.constantFrom(0, 0, 400),
      age: fc.constantFrom(9, 17, 50),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.constantFrom('3343', '7095'), (lines, insurer) => {
        const streams = new Map<string, ReturnType<typeof session>[]>();
        lines.forEach(({ day, late, age, ...changes }, i) => {
          const date = plusDays('2022-11-01', day);
          const receivedOn = plusDays(date, late);
          const key = `${changes.diagnosis}/${changes.csi === '001' ? '008' : changes.csi}`;
          const made = session(`r${i}`, date, { ...changes, receivedOn, insurer, ageYears: age, deductibleAge: age > 18 });
          streams.set(key, [...(streams.get(key) ?? []), made]);
        });
        const facts = person({
          insurance: [{ insurer, from: '2023-01-01', through: null }],
          packages: [packageOf('Nine', '2022-01-01', null, insurer)],
          trajectories: [...streams].map(([id, sessions]) => ({ id, sessions })),
        });
        for (const decision of decide(facts, book)) expectCodesOfRule(decision);
      }),
      { numRuns: 60 },
    );
  });
});
