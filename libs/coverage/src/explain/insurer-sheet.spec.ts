/** What a trace names of an insurer: each with the page that it stands on, as it was on the date of the session. */
import type { InsurerRule } from '../index';
import { insurer, otherInsurer } from '../testing/policy';
import { insurerSheet } from './insurer-sheet';

const source = 'page';
const SINCE = '2006-01-01';
const on = (changes: Partial<InsurerRule>, date = '2025-03-03') => insurerSheet({ ...insurer, ...changes }, date);

it('names each number with its source and validity', () => {
  const { packages, performances, ...parts } = insurerSheet(otherInsurer, '2025-03-03');
  const of = { source: 'test', validFrom: SINCE };
  expect(parts).toEqual({
    timeLimit: [{ name: 'claimTimeLimitMonths', value: 12, ...of }],
    closedCodes: [
      { name: 'closedSessionsThrough', value: '2024-06-30', ...of },
      { name: 'closedStartedBefore', value: '2020-01-01', ...of },
    ],
    consent: [],
    overCap: [{ name: 'overCapUsesSupplementary', value: true, ...of }],
    deductible: [{ name: 'deductibleExemptions', value: '', ...of }],
    moneyFlow: [{ name: 'paysProviderInFull', value: false, ...of }],
  });
  expect(performances.size).toBe(0);
  expect([...packages.keys()]).toEqual(['Nine', 'Ten', 'Eighteen', 'Manual', 'Unlimited']);
});

it('where closed codes are accepted whatever the start of the trajectory, that has no value', () => {
  expect(on({}).closedCodes.map(({ name, value }) => [name, value])).toEqual([
    ['closedSessionsThrough', '2024-06-30'],
    ['closedStartedBefore', null],
  ]);
});

it('of what the insurer does not lay down nothing is named', () => {
  const silent = on({
    ...{ closedCodeGrace: [], overCapUsesSupplementary: [], claimTimeLimitMonths: [], paysProviderInFull: [] },
    ...{ deductibleExemptions: [], packages: [] },
  });
  expect(silent).toEqual({
    ...{ timeLimit: [], closedCodes: [], consent: [], overCap: [], deductible: [], moneyFlow: [] },
    ...{ packages: new Map(), performances: new Map() },
  });
});

it('conditions are listed: those that need consent, are exempt from the deductible, or are excepted over the cap', () => {
  const listed = (value: readonly string[]) => [{ from: SINCE, value, source }];
  const sheet = on({
    ...{ authorisationFor: listed(['2.6-5', '1.b.7']), deductibleExemptions: listed(['2.6-5', '2.6-4']) },
    overCapUsesSupplementary: [{ from: SINCE, value: true, except: ['2.6-6', '2.6-3'], source }],
  });
  const of = { source, validFrom: SINCE };
  expect(sheet.consent).toEqual([{ name: 'authorisationFor', value: '2.6-5 1.b.7', ...of }]);
  expect(sheet.deductible).toEqual([{ name: 'deductibleExemptions', value: '2.6-5 2.6-4', ...of }]);
  expect(sheet.overCap).toEqual([
    { name: 'overCapUsesSupplementary', value: true, ...of },
    { name: 'overCapExcept', value: '2.6-6 2.6-3', ...of },
  ]);
});

it('a package has its limits, with what was assumed where no source gives them, while it is sold', () => {
  const assumption = 'as in the year before';
  const packages = [
    { name: 'Plain', periods: [{ from: SINCE, limit: 9, source }] },
    { name: 'Manual', periods: [{ from: SINCE, limit: 27, manualLimit: 9, source, assumption }] },
    { name: 'Ended', periods: [{ from: SINCE, through: '2025-03-02', limit: 9, source }] },
  ];
  const of = { source, validFrom: SINCE };
  expect([...on({ packages }).packages]).toStrictEqual([
    ['Plain', [{ name: 'packageLimit', value: 9, ...of }]],
    [
      'Manual',
      [
        { name: 'packageLimit', value: 27, ...of, assumption },
        { name: 'manualLimit', value: 9, ...of, assumption },
      ],
    ],
  ]);
  expect(on({ packages }, '2025-03-02').packages.has('Ended')).toBe(true);
});

describe('performance codes that the insurer accepts or not', () => {
  const performances = [
    { codes: ['1000', '1200'], accepted: false, from: '2025-01-01', through: '2025-06-30', source },
    { codes: ['1200'], lists: ['012', '074'], accepted: true, from: '2025-03-01', source },
  ];
  const refused = { name: 'performanceAccepted', value: false, source, validFrom: '2025-01-01' };
  const accepted = { name: 'performanceAccepted in 012 074', value: true, source, validFrom: '2025-03-01' };
  it.each<[string, string, unknown[] | undefined]>([
    ['2024-12-31', '1000', undefined],
    ['2025-01-01', '1000', [refused]],
    ['2025-02-28', '1200', [refused]],
    ['2025-03-01', '1200', [refused, accepted]],
    ['2025-06-30', '1000', [refused]],
    ['2025-07-01', '1000', undefined],
    ['2025-07-01', '1200', [accepted]],
  ])('on %s, of code %s', (date, code, parameters) => {
    expect(on({ performances }, date).performances.get(code)).toEqual(parameters);
  });
});
