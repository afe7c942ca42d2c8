import type { Validity } from './document';
import { inForce, strictlyInForce, timelineOf } from './timeline';

const row = (from: string, through?: string): Validity => ({ from, ...(through === undefined ? {} : { through }) });
const first = row('2010-01-01', '2014-12-31');
const second = row('2016-01-01', '2019-12-31');
const last = row('2020-01-01');
/** A file may state its rows in any order; there is a gap in 2015. */
const rows = [second, last, first];

describe('the row of a series on a date', () => {
  it.each<[string, Validity, Validity | null]>([
    ['2009-12-31', second, null],
    ['2010-01-01', first, first],
    ['2014-12-31', first, first],
    ['2015-06-30', first, null],
    ['2016-01-01', second, second],
    ['2019-12-31', second, second],
    ['2020-01-01', last, last],
    ['2099-01-01', last, last],
  ])('on %s: the nearest earlier, else the one stated first; strictly none outside all of them', (date, nearest, strictly) => {
    expect(inForce(rows, date)).toBe(nearest);
    expect(strictlyInForce(rows, date)).toBe(strictly);
  });

  it('of an empty series is none', () => {
    expect([inForce([], '2020-01-01'), strictlyInForce([], '2020-01-01')]).toEqual([null, null]);
  });
});

describe('a timeline', () => {
  it('is cut where one of its series changes: where a row begins, and the day after one ends', () => {
    const timeline = timelineOf([[row('2018-01-01')], [row('2012-02-01', '2016-02-28')]], (date) => date);
    expect(timeline.all()).toEqual(['2012-02-01', '2016-02-29', '2018-01-01']);
    const dates = ['2000-01-01', '2012-02-01', '2016-02-28', '2016-02-29', '2017-12-31', '2018-01-01', '2099-01-01'];
    expect(dates.map((date) => timeline.at(date))).toEqual([
      '2012-02-01',
      '2012-02-01',
      '2012-02-01',
      '2016-02-29',
      '2016-02-29',
      '2018-01-01',
      '2018-01-01',
    ]);
  });

  it('of series without a row has one value, on every date', () => {
    const timeline = timelineOf([[], []], () => 'the same');
    expect([timeline.at('1900-01-01'), timeline.at('2099-01-01'), timeline.all()]).toEqual([
      'the same',
      'the same',
      ['the same'],
    ]);
  });
});
