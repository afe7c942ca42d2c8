import type { AuthorisationGranted, StatementFact } from '#libs/trajectory';
import { statement } from '../testing/facts';
import { classOn, clinicalDates, covers, episodeStarts, statedOf } from './statements';

const clinical = (data: object, when = '2024-01-01', id = 'a') =>
  statement('ClinicalFactsStated.v1', data, { statedOn: when, id });
const dates = (item: string, ...statements: StatementFact[]) => clinicalDates(statedOf(statements, ''), item);

describe('of a unit holds', () => {
  it('nothing where nothing was stated', () => {
    const nothing = { clinical: [], confirmedItem: null, classes: [], extension: null, authorisations: [] };
    expect(statedOf([], '')).toEqual(nothing);
    const episode = statement('NewEpisodeConfirmed.v1', { from: '2024-06-03', event: 'other-side' });
    expect(statedOf([episode], '')).toEqual(nothing);
  });

  it('what was stated of it, by date and then by id, and not what names another episode', () => {
    const [first, second, third] = [
      clinical({ diagnosedOn: '2024-01-01' }, '2024-01-01', 'b'),
      clinical({ diagnosedOn: '2024-01-02' }, '2024-01-01', 'c'),
      clinical({ diagnosedOn: '2024-01-03' }, '2024-01-02', 'a'),
    ];
    const elsewhere = clinical({ diagnosedOn: '2024-01-04', episodeFrom: '2024-06-03' }, '2024-02-01');
    const extension = statement('TermExtended.v1', { months: 3, episodeFrom: '2024-06-03' });
    for (const arrived of [
      [first, second, third, elsewhere, extension],
      [extension, elsewhere, third, second, first],
      [second, first, elsewhere, extension, third],
    ]) {
      expect(statedOf(arrived, '')).toMatchObject({ clinical: [first.data, second.data, third.data], extension: null });
      expect(statedOf(arrived, '2024-06-03')).toMatchObject({ clinical: [elsewhere.data], extension: extension.data });
    }
  });

  it('a confirmed item, classes and consents, whichever the episode', () => {
    const item = statement('ConditionConfirmed.v1', { item: '1.b.18' });
    const set = statement('CareClassChanged.v1', { from: '2024-02-12', class: 'B1' });
    const consent = statement('AuthorisationGranted.v1', { number: 'M', from: '2024-01-01', through: null, maximum: null });
    for (const episode of ['', '2024-06-03'])
      expect(statedOf([item, set, consent], episode)).toMatchObject({
        confirmedItem: '1.b.18',
        classes: [set.data],
        authorisations: [consent.data],
      });
  });

  it('episodes begin on the confirmed days, rising, each once; the first unit has no first day', () => {
    const on = (from: string, id: string) => statement('NewEpisodeConfirmed.v1', { from, event: 'other-side' }, { id });
    const stated = [on('2024-09-02', 'a'), on('2024-06-03', 'b'), on('2024-09-02', 'c'), clinical({})];
    expect(episodeStarts(stated)).toEqual(['', '2024-06-03', '2024-09-02']);
  });
});

describe('a clinical date or finding', () => {
  const every = {
    diagnosedOn: '2024-01-01',
    dischargedOn: '2024-01-02',
    operatedOn: '2024-01-03',
    lastRadiationOn: '2024-01-04',
    conservativeTreatmentEndedOn: '2024-01-05',
    longSession: 'spina-bifida',
  };

  it('is known as soon as it is stated, and stays when a later statement is silent of it', () => {
    expect(dates('1.a.2')).toEqual({});
    expect(dates('1.a.2', clinical({}))).toEqual({});
    expect(dates('1.a.2', clinical(every), clinical({}, '2024-02-01'))).toEqual(every);
  });

  it.each(Object.keys(every))('is corrected by itself: %s', (name) => {
    const later = { [name]: name === 'longSession' ? 'multiple-handicap' : '2023-12-31' };
    expect(dates('1.a.2', clinical(every), clinical(later, '2024-02-01'))).toEqual({ ...every, ...later });
  });

  it('that was stated of one item holds for that item alone', () => {
    const ofItem = clinical({ diagnosedOn: '2024-01-01', item: '1.a.2' });
    expect(dates('1.a.2', ofItem)).toEqual({ diagnosedOn: '2024-01-01' });
    expect(dates('1.a.3', ofItem)).toEqual({});
  });
});

describe('the class of a date', () => {
  const set = (from: string, id: string, statedOn: string) =>
    statement('CareClassChanged.v1', { from, class: id }, { id, statedOn });
  const stated = statedOf([set('2024-03-01', 'B1', '2024-01-01'), set('2024-02-01', 'A', '2024-01-02')], '');

  it.each([
    ['2024-01-31', null],
    ['2024-02-01', 'A'],
    ['2024-02-29', 'A'],
    ['2024-03-01', 'B1'],
    ['2025-01-01', 'B1'],
  ])('%s: %s, the one that began last', (date, expected) => {
    expect(classOn(stated, date)).toBe(expected);
  });

  it('of two from one day is the one stated last', () => {
    expect(
      classOn(statedOf([set('2024-02-01', 'A', '2024-01-02'), set('2024-02-01', 'B1', '2024-01-01')], ''), '2024-02-01'),
    ).toBe('A');
  });
});

describe('a consent covers', () => {
  const consent = (changes: Partial<AuthorisationGranted['data']>) => {
    const given = { number: 'M', from: '2024-02-01', through: '2024-03-31', maximum: null, ...changes };
    const [only] = statedOf([statement('AuthorisationGranted.v1', given)], '').authorisations;
    if (only === undefined) throw new Error('one consent');
    return only;
  };

  it.each<[string, Partial<AuthorisationGranted['data']>, string, boolean]>([
    ['its first day', {}, '2024-02-01', true],
    ['its last day', {}, '2024-03-31', true],
    ['not the day before', {}, '2024-01-31', false],
    ['not the day after', {}, '2024-04-01', false],
    ['every later day when it has no end', { through: null }, '2034-01-01', true],
    ['the item that it names', { item: '1.a.2' }, '2024-02-01', true],
    ['no other item', { item: '1.a.3' }, '2024-02-01', false],
  ])('%s', (_what, changes, date, expected) => {
    expect(covers(consent(changes), '1.a.2', date)).toBe(expected);
  });
});
