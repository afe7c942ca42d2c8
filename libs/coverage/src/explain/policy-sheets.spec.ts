/** What a trace names of the policy: the number, the text that it rests on, and since when, as they were on the date of the session. */
import type { ConditionRule, PolicyBook, PolicyDocument, TraceParameter } from '../index';
import { bookOf, conditions, document } from '../testing/policy';
import { NO_INSURER } from './insurer-sheet';
import { NO_CONDITION, sheetsOf, type ConditionSheet } from './policy-sheets';

const source = 'test';
const SINCE = '2006-01-01';
const sheet = (id: string, date: string, book: PolicyBook = bookOf()): ConditionSheet => sheetsOf(book).condition(id, date);
/** Name and value of each parameter, in order. */
const told = (parameters: readonly { readonly name: string; readonly value: unknown }[]): unknown[] =>
  parameters.map(({ name, value }) => [name, value]);
/** The policy with other interpretations beside its own. */
const interpreted = (more: PolicyDocument['interpretations']): Partial<PolicyDocument> => ({
  interpretations: [...document.interpretations, ...more],
});
const named = (name: string, value: string | null = 'default') => ({ name, values: [{ from: SINCE, value }], reason: source });

describe('the sheet of a condition', () => {
  it.each<[string, Partial<Record<keyof ConditionSheet, unknown[]>>]>([
    ['1.a.2', { term: [['termMonths', 'open']] }],
    ['1.b.3', { ageBelow: [['ageBelow', 22]], term: [['termMonths', 'open']] }],
    [
      '1.b.16',
      {
        start: [
          ['startWithinMonths', 3],
          ['startOf', 'diagnosis'],
        ],
        term: [
          ['termMonths', 3],
          ['termAnchor', 'first-session'],
          ['extensionMonths', 6],
        ],
      },
    ],
    [
      '2.6-6',
      {
        cap: [
          ['capPer', 'treatment-year'],
          ['cap A, first year', 5],
          ['cap A, following years', 0],
          ['cap B1, first year', 27],
          ['cap B1, following years', 3],
        ],
        term: [['termMonths', 'open']],
      },
    ],
    [
      'covid-1',
      {
        cap: [
          ['cap', 50],
          ['capPer', 'term'],
        ],
        term: [
          ['termMonths', 6],
          ['termAnchor', 'first-session'],
          ['noStartFrom', '2024-07-01'],
          ['endsOn', '2025-01-01'],
        ],
      },
    ],
  ])('%s: all that the policy says of it, and nothing else', (id, said) => {
    const { alone, ...parts } = sheet(id, '2024-03-01');
    const nothing = { entitlement: [], start: [], threshold: [], cap: [], term: [], requires: [], ageBelow: [] };
    expect(Object.fromEntries(Object.entries(parts).map(([part, list]) => [part, told(list)]))).toEqual({
      ...nothing,
      ...said,
    });
    expect(alone).toEqual([expect.objectContaining(parts)]);
    for (const parameter of Object.values(parts).flat()) expect(parameter).toMatchObject({ source, validFrom: SINCE });
  });

  it.each([
    ['2006-01-01', [['authorisationRequired', true]]],
    ['2024-06-30', [['authorisationRequired', true]]],
    ['2024-07-01', [['performancesRequired', '10039 10040']]],
  ])('what a line of the condition requires on %s, whichever day is asked first', (date, requires) => {
    const book = bookOf();
    for (const other of ['2025-03-03', '2024-06-30']) sheet('ra-severe', other, book);
    expect(told(sheet('ra-severe', date, book).requires)).toEqual(requires);
  });

  it('a requirement that names neither performances nor an authorisation asks for none', () => {
    const conditionsThen = conditions.map((each) =>
      each.id === 'ra-severe'
        ? { ...each, periods: each.periods.map((period) => ({ ...period, requires: [{ from: SINCE, source: 'list' }] })) }
        : each,
    );
    expect(sheet('ra-severe', '2025-01-01', bookOf({ conditions: conditionsThen })).requires).toEqual([
      { name: 'performancesRequired', value: '', source: 'list', validFrom: SINCE },
    ]);
  });

  it('a threshold of its own stands there from the date on which it holds, with its interpretation where it has one', () => {
    expect(sheet('ra-severe', '2024-12-31').threshold).toEqual([]);
    expect(sheet('ra-severe', '2025-01-01').threshold).toStrictEqual([
      { name: 'threshold', value: 0, source, validFrom: '2025-01-01' },
    ]);
    const sinceEver = { condition: '1.a.5', from: SINCE, sessions: 5, source };
    const byCondition = [
      sinceEver,
      ...document.thresholds.byCondition.map((each) => ({ ...each, interpretation: 'raFromFirstSession' })),
    ];
    const book = bookOf({ thresholds: { ...document.thresholds, byCondition } });
    expect(sheet('ra-severe', '2025-01-01', book).threshold).toStrictEqual([
      { name: 'threshold', value: 0, source, validFrom: '2025-01-01', interpretation: 'raFromFirstSession' },
    ]);
  });

  it.each([
    ['the cap that it is about', '2.6-5', 'cap'],
    ['the cap, also where the term is open', '2.6-3', 'cap'],
    ['the term, where there is no cap', '1.b.7', 'term'],
    ['the condition itself, where there is neither', '1.a.2', 'entitlement'],
  ])('a reading stands once, with %s, and as it was on the date', (_, id, part) => {
    const reading = {
      name: 'reading',
      values: [
        { from: SINCE, through: '2024-12-31', value: 'before' },
        { from: '2025-01-01', value: 'after' },
      ],
      reason: source,
    };
    const read = (each: ConditionRule): ConditionRule => ({
      ...each,
      periods: each.periods.map((period) => ({ ...period, interpretations: ['reading', 'not-known-here'] })),
    });
    const book = bookOf({
      ...interpreted([reading]),
      conditions: conditions.map((each) => (each.id === id ? read(each) : each)),
    });
    for (const [date, value, from] of [
      ['2025-01-01', 'after', '2025-01-01'],
      ['2024-12-31', 'before', SINCE],
    ] as const) {
      const { alone, ...parts } = sheet(id, date, book);
      void alone;
      const where = Object.entries(parts).flatMap(([each, list]) =>
        list.filter(({ name }) => name === 'reading').map((parameter) => [each, parameter]),
      );
      expect(where).toEqual([
        [part, { name: 'reading', value, source: 'interpretation', interpretation: 'reading', validFrom: from }],
      ]);
    }
  });

  it('a condition that the policy does not have has no sheet and no name', () => {
    expect(sheetsOf(bookOf()).condition('9.z.9', '2024-03-01')).toBe(NO_CONDITION);
    expect(Object.values(NO_CONDITION)).toEqual(Array(8).fill([]));
    expect([sheetsOf(bookOf()).conditionName('9.z.9'), sheetsOf(bookOf()).conditionName('1.a.2')]).toEqual([
      null,
      { nl: '1.a.2', en: '1.a.2' },
    ]);
  });
});

describe('the interpretations of a step', () => {
  it('each stands with the step that it is about', () => {
    const names = [
      ...['closedCodeCondition', 'ambiguousCondition', 'countsAsSession', 'importBelowOwn', 'monthArithmetic', 'newEpisode'],
      ...['roundingOfSplit', 'pauseRestartsCountAfterMonths'],
    ];
    const of = sheetsOf(bookOf(interpreted(names.map((name) => named(name))))).interpretations('2024-03-01');
    expect(
      Object.fromEntries(
        Object.entries<readonly TraceParameter[]>({ ...of }).map(([step, list]) => [step, list.map(({ name }) => name)]),
      ),
    ).toEqual({
      performance: ['maxQuantityPerLine', 'amountMismatchCode'],
      closedCode: ['closedCodeCondition'],
      ambiguous: ['ambiguousCondition'],
      order: ['countsAsSession', 'pauseRestartsCountAfterMonths'],
      importBelowOwn: ['importBelowOwn'],
      hold: ['holdUnknownHistory', 'assertedSlack'],
      threshold: ['countSessionsBeforeAge18'],
      term: ['monthArithmetic', 'newEpisode'],
      rounding: ['roundingOfSplit'],
    });
  });

  it('one that the policy does not have, or gives no value, is left out; one of no value is told', () => {
    const valueless = { name: 'roundingOfSplit', values: [], reason: source };
    const of = sheetsOf(bookOf(interpreted([valueless, named('newEpisode', null)]))).interpretations('2024-03-01');
    expect([of.closedCode, of.rounding]).toEqual([[], []]);
    expect(of.term).toEqual([
      { name: 'newEpisode', value: null, source: 'interpretation', interpretation: 'newEpisode', validFrom: SINCE },
    ]);
  });
});

describe('the general threshold', () => {
  it.each([
    ['2005-05-05', 9, null],
    ['2010-12-31', 12, null],
    ['2011-01-01', 12, '2011-01-01'],
    ['2011-12-31', 20, '2011-01-01'],
    ['2012-01-01', 20, '2012-01-01'],
  ])('of a trajectory from %s, decided as %i, rests on the row by its start', (start, sessions, validFrom) => {
    const sheets = sheetsOf(bookOf());
    expect(sheets.threshold(start, sessions)).toEqual([{ name: 'threshold', value: sessions, source, validFrom }]);
    expect(sheets.threshold(start, sessions)).toBe(sheets.threshold(start, sessions));
  });

  it('the row is the one that holds the start, in whatever order the rows stand; where none does there is none', () => {
    const { byStart } = document.thresholds;
    const turned = bookOf({ thresholds: { ...document.thresholds, byStart: [...byStart].reverse() } });
    expect(sheetsOf(turned).threshold('2009-01-01', 12)).toEqual([{ name: 'threshold', value: 12, source, validFrom: null }]);
    const bounded = bookOf({ thresholds: { ...document.thresholds, byStart: byStart.slice(-1) } });
    expect(sheetsOf(bounded).threshold('2011-12-31', 20)).toEqual([]);
  });

  it('applies from the age that the policy names', () => {
    expect(sheetsOf(bookOf()).adultAge).toEqual([
      { name: 'adultAge', value: 18, source: 'Besluit zorgverzekering article 2.6-2', validFrom: null },
    ]);
  });
});

describe('the sheets of the lists', () => {
  const performances = [
    { ...document.performances[0], codes: ['1000'], lists: ['012'], kind: 'regular', source: 'first' },
    { ...document.performances[0], codes: ['1000', '9000'], lists: ['074'], kind: 'manual', counts: false, source: 'second' },
  ] as PolicyDocument['performances'];
  const performanceLists = [
    { list: '012', name: '012', from: '1999-01-01', source: 'list 012' },
    { list: '074', name: '074', from: '2001-01-01', source: 'list 074' },
  ];

  it.each([
    [
      '012',
      '1000',
      [
        ['list', '012', 'list 012'],
        ['performanceKind', 'regular', 'first'],
        ['counts', true, 'first'],
      ],
    ],
    [
      '074',
      '1000',
      [
        ['list', '074', 'list 074'],
        ['performanceKind', 'manual', 'second'],
        ['counts', false, 'second'],
      ],
    ],
    ['012', '9000', [['list', '012', 'list 012']]],
    ['099', '1000', []],
  ])('list %s, performance %s', (list, code, parameters) => {
    const sheets = sheetsOf(bookOf({ performances, performanceLists }));
    expect(sheets.performance(list, code).map(({ name, value, source: from }) => [name, value, from])).toEqual(parameters);
    expect(sheets.performance('012', '1000')[0]).toMatchObject({ validFrom: '1999-01-01' });
    expect(sheets.performance('012', '1000')[1]).toMatchObject({ validFrom: '1999-01-01' });
  });

  it('the release is that of the date; before the first one, the first, in whatever order they stand', () => {
    const [first] = document.diagnoses;
    if (first === undefined) throw new Error('the policy has a release');
    const later = { ...first, release: '4.8', from: '2026-01-01', source: 'later' };
    for (const diagnoses of [
      [later, first],
      [first, later],
    ]) {
      const of = sheetsOf(bookOf({ diagnoses }));
      const release = (date: string) => told(of.diagnosis('008', date))[0];
      expect(['2020-01-01', '2024-07-01', '2025-12-31', '2026-01-01'].map(release)).toEqual([
        ...['4.7', '4.7', '4.7', '4.8'].map((each) => ['diagnosisRelease', each]),
      ]);
    }
  });

  it('the indication stands beside the release, one that does not exist is left out', () => {
    const of = sheetsOf(bookOf());
    const release = { name: 'diagnosisRelease', value: '4.7', source, validFrom: '2024-07-01' };
    expect(of.diagnosis('012', '2024-07-01')).toEqual([
      release,
      { name: 'indication', value: '012', source, validFrom: '2018-01-01' },
    ]);
    expect(of.diagnosis('999', '2024-07-01')).toEqual([release]);
  });
});

it('a sheet is made once for the time in which it holds, so that traces only refer to it', () => {
  const dated = { name: 'newEpisode', values: [named('').values[0], { from: '2024-10-01', value: 'later' }], reason: source };
  const book = bookOf(interpreted([dated as PolicyDocument['interpretations'][number]]));
  const sheets = sheetsOf(book);
  expect(sheetsOf(book)).toBe(sheets);
  expect(sheetsOf(bookOf())).not.toBe(sheets);
  const [early, late] = ['2024-08-01', '2024-09-01'];
  // neither another condition's threshold nor a reading of something else cuts it
  expect(sheets.condition('1.b.16', early)).toBe(sheets.condition('1.b.16', '2025-03-01'));
  expect(sheets.interpretations(early)).toBe(sheets.interpretations(late));
  expect(sheets.diagnosis('008', early)).toBe(sheets.diagnosis('008', late));
  expect(sheets.performance('012', '1000')).toBe(sheets.performance('012', '1000'));
  const both = [sheets.adultAge, sheets.diagnosis('008', early)] as const;
  expect(sheets.joined(...both)).toEqual(both.flat());
  expect(sheets.joined(...both)).toBe(sheets.joined(...both));
  expect([sheets.joined(both[0], []), sheets.joined([], both[0])].every((each) => each === both[0])).toBe(true);
  const terms = book.insurers.get('3343')?.terms.at(early);
  if (terms === undefined) throw new Error('the policy has the insurer');
  expect(sheets.insurer('3343', terms, early)).toBe(sheets.insurer('3343', terms, late));
  expect(sheets.insurer('0000', terms, early)).toBe(NO_INSURER);
});
