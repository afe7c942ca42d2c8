import { PolicyError, type PolicyBook, type PolicyDocument } from '../index';
import { bookOf, conditions, document } from '../testing/policy';
import type { DiagnosisIndex, DiagnosisInfo } from './book';
import type { DiagnosisRelease, DiagnosisRow } from './document';

const DATE = '2024-07-01';
const release = document.diagnoses[0] as DiagnosisRelease;
const row = release.rows[0] as DiagnosisRow;
const released = (change: Partial<DiagnosisRelease>): Partial<PolicyDocument> => ({ diagnoses: [{ ...release, ...change }] });
const indexOf = (change: Partial<DiagnosisRelease> = {}): DiagnosisIndex => bookOf(released(change)).diagnoses.at(DATE);

/** The indication codes whose bits the mask has. */
const admitted = (book: PolicyBook, mask: number): string[] =>
  [...book.indications.values()].filter(({ bit }) => (mask & bit) !== 0).map(({ code }) => code);

describe('a diagnosis code in a release of the list', () => {
  it.each<[string, 'open' | 'closed' | 'unknown', string]>([
    ['9373', 'open', 'a row opens it'],
    ['6483', 'open', 'a row opens it to some providers'],
    ['9376', 'closed', 'location and pathology exist, no row opens it'],
    ['2563', 'unknown', 'this pathology exists at another location only'],
    ['9363', 'open', 'this pathology exists at this location only'],
    ['0073', 'unknown', 'there is no such location'],
    ['9300', 'unknown', 'there is no such pathology'],
    ['937', 'unknown', 'it has three digits'],
    ['93763', 'unknown', 'it has five digits'],
    ['', 'unknown', 'it is left out'],
  ])('%s is %s: %s', (code, expected) => {
    const index = indexOf();
    const state = index.open.has(code) ? 'open' : index.closed(code) === null ? 'unknown' : 'closed';
    expect(state).toBe(expected);
    expect(index.open.has(code) && index.closed(code) !== null).toBe(false);
  });

  it('is closed at the one location of its pathology when no row opens it there', () => {
    const index = indexOf({ rows: release.rows.filter(({ pathology }) => pathology !== '63') });
    expect([index.closed('9363')?.code, index.closed('2563')]).toEqual(['9363', null]);
  });

  it('admits nothing and asks for nothing while it is closed', () => {
    expect(indexOf().closed('9376')).toEqual<DiagnosisInfo>({
      code: '9376',
      closed: true,
      availability: null,
      items: [],
      former: null,
      laterality: false,
      adultMask: 0,
      childPhysiotherapyMask: 0,
      childExerciseMask: 0,
    });
  });

  it('says whom it is open to, and whether the side must be told', () => {
    const { open } = indexOf({ rows: [{ ...row, laterality: true }, ...release.rows.slice(1)] });
    expect(open.get('6483')).toMatchObject({ closed: false, availability: { id: 'pelvic' }, laterality: false });
    expect(open.get('9373')).toMatchObject({ closed: false, availability: null, laterality: true });
  });

  it.each<[string, keyof DiagnosisInfo & `${string}Mask`, readonly string[]]>([
    ['9373', 'adultMask', ['001', '008']],
    ['9373', 'childPhysiotherapyMask', ['001']],
    ['9373', 'childExerciseMask', ['001']],
    ['6210', 'adultMask', ['001', '008', '009']],
    // 004 is admitted like 003 for physiotherapy, 006 for exercise therapy
    ['6210', 'childPhysiotherapyMask', ['001', '003', '004', '009']],
    ['6210', 'childExerciseMask', ['001', '003', '006', '009']],
    ['4026', 'adultMask', ['009']],
  ])('%s admits by its %s the indication codes %j', (code, mask, expected) => {
    const book = bookOf();
    expect(admitted(book, book.diagnoses.at(DATE).open.get(code)?.[mask] ?? 0)).toEqual(expected);
  });

  it('may have admitted more until a date, beside what it admits', () => {
    const book = bookOf();
    const info = book.diagnoses.at(DATE).open.get('2554');
    expect({
      ...info?.former,
      mask: admitted(book, info?.former?.mask ?? 0),
      items: info?.former?.items.map(({ id }) => id),
    }).toEqual({ mask: ['001', '008'], items: ['1.d.1'], through: '2018-12-31' });
    expect(admitted(book, info?.adultMask ?? 0)).toEqual(['009', '013', '014', '016']);
    expect(book.diagnoses.at(DATE).open.get('9373')?.former).toBeNull();
    const { formerly: _formerly, ...without } = release;
    expect(
      bookOf({ diagnoses: [without] })
        .diagnoses.at(DATE)
        .open.get('2554')?.former,
    ).toBeNull();
  });
});

describe('the items of a diagnosis code, the default first', () => {
  const withTen = [...conditions, { ...conditions[0]!, id: '1.a.10' }];

  it.each<[string, readonly string[], readonly string[]]>([
    ['the longest maximum term is the default', ['1.b.18', '1.b.16', '1.d.5'], ['1.d.5', '1.b.18', '1.b.16']],
    ['an open term beats any', ['1.b.7', '1.a.3'], ['1.a.3', '1.b.7']],
    ['of two as long the lowest id', ['1.d.5', '1.b.7'], ['1.b.7', '1.d.5']],
    ['ids are in numeric order', ['1.a.10', '1.a.3', '1.a.2'], ['1.a.2', '1.a.3', '1.a.10']],
    ['only those of Annex 1 are items', ['2.6-5', '1.a.2'], ['1.a.2']],
    ['a code may have none', [], []],
  ])('%s', (_rule, items, expected) => {
    const book = bookOf({ conditions: withTen, ...released({ rows: [{ ...row, items }], formerly: [] }) });
    expect(
      book.diagnoses
        .at(DATE)
        .open.get('9373')
        ?.items.map(({ id }) => id),
    ).toEqual(expected);
  });
});

describe('releases of the diagnosis list', () => {
  const later: DiagnosisRelease = { ...release, release: '4.8', from: '2025-01-01', rows: [row], formerly: [] };

  it.each([
    ['in order', [release, later]],
    ['out of order', [later, release]],
  ])('hold each from its date, the first for earlier dates too: %s', (_order, diagnoses) => {
    const book = bookOf({ diagnoses });
    const sizeOn = (date: string): number => book.diagnoses.at(date).open.size;
    expect(['2010-01-01', '2024-12-31', '2025-01-01'].map(sizeOn)).toEqual([release.rows.length, release.rows.length, 1]);
  });

  it.each<[string, Partial<PolicyDocument>, string]>([
    ['there is none', { diagnoses: [] }, 'no release'],
    ['a row is open to unknown providers', released({ rows: [{ ...row, openTo: 'nobody' }] }), 'unknown availability nobody'],
    ['two rows open one code', released({ rows: [row, row] }), '9373 is opened by two rows'],
    [
      'a row has an unknown item',
      released({ rows: [{ ...row, items: ['9.z'] }] }),
      'pathology 73 names the unknown condition 9.z',
    ],
    ['a row admits an unknown code', released({ rows: [{ ...row, adult: ['999'] }] }), 'unknown indication code 999'],
    ['a code that is not open admitted something formerly', released({ rows: [row] }), '2554 admitted something formerly'],
  ])('are refused when %s', (_what, changes, problem) => {
    expect(() => bookOf(changes)).toThrow(PolicyError);
    expect(() => bookOf(changes)).toThrow(problem);
  });
});
