/** Mapping files that are wrong: every fault with its line and what to do, before anybody is looked at. */
import { Policies } from '../testing/commands';
import { checkMapping } from './mapping-check';
import { MAX_MAPPING_BYTES, MAX_MAPPING_ROWS, readMapping } from './mapping-file';

const [book] = new Policies().books;
const HEADER = 'old_code,new_code,effective_date,item,practice';
const bytes = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join('\n'));

/** `line column: problem` of each fault of the file. */
function faults(file: Uint8Array): string[] {
  const { rows, problems } = readMapping(file);
  const all = problems.length > 0 || book === undefined ? problems : checkMapping(rows, book, '2025-01-15');
  return all.map(({ line, column, problem }) => `${line} ${column ?? '-'}: ${problem}`);
}
const rows = (...lines: readonly string[]): string[] => faults(bytes(HEADER, ...lines));

describe('a mapping file', () => {
  it('takes codes to other codes from a day on, one to many by item or by practice', () => {
    expect(rows('9376,3176,2024-07-01,,', '2054,2554,2024-07-01,,')).toEqual([]);
    expect(rows('9376,3076,2024-07-01,,04012345', '9376,3176,2024-07-01,,04012346')).toEqual([]);
    expect(rows('6936,7036,2025-01-01,1.b.18,', '6936,7136,2025-01-01,1.d.5,')).toEqual([]);
    expect(faults(bytes('﻿old_code,new_code,effective_date', '9376,3176,2024-07-01', ''))).toEqual([]);
  });

  it('is refused where the form of a row is wrong, each fault by itself', () => {
    expect(rows('376,3176,2024-02-30,,12', '9376,3176')).toEqual([
      '2 old_code: give the DCSPH code, four digits',
      '2 effective_date: give a date that exists, as YYYY-MM-DD',
      '2 practice: give the AGB code of the practice, eight digits, or leave it empty',
      '3 -: this row has another number of columns than the first line',
    ]);
  });

  it('is refused where a code goes to itself', () => {
    expect(rows('9376,9376,2024-07-01,,')).toEqual(['2 new_code: a code cannot be mapped to itself; leave the row out']);
  });

  it('is refused where codes lead back, or on', () => {
    expect(rows('3176,3276,2024-07-01,,', '3276,3176,2024-07-01,,')).toEqual([
      '2 new_code: 3276 leads back to 3176 (line 3): a cycle; take out the row that goes the wrong way',
      '3 new_code: 3176 leads back to 3276 (line 2): a cycle; take out the row that goes the wrong way',
    ]);
    expect(rows('9376,3176,2024-07-01,,', '3176,3276,2024-07-01,,')).toEqual([
      '2 new_code: line 3 takes 3176 on to 3276; give the last code of the chain in both rows',
    ]);
  });

  it('is refused where a row is there twice, or two targets are not told apart', () => {
    expect(rows('9376,3176,2024-07-01,,', '9376,3176,2024-07-01,,')).toEqual([
      '3 old_code: says what line 2 says; leave one of them out',
    ]);
    expect(rows('9376,3176,2024-07-01,,', '9376,3276,2024-07-01,,04012345')).toEqual([
      '3 old_code: 9376 goes to 3176 by line 2 already, and nothing tells the two apart; give both another item or practice',
    ]);
  });

  it('is refused where the policy knows a code not, or no more', () => {
    expect(rows('0001,3176,2024-07-01,,', '9376,0000,2024-07-01,,', '2054,2154,2024-07-01,,')).toEqual([
      expect.stringMatching(/^2 old_code: 0001 is in no code list of policy .*; correct the code$/),
      expect.stringMatching(/^3 new_code: 0000 is in no code list/),
      '4 new_code: 2154 is closed on 2024-07-01: lines under it are refused; give an open code',
    ]);
  });

  it('is refused where no trajectory under the code has the item', () => {
    expect(rows('9373,9372,2025-01-01,1.b.7,')).toEqual([
      expect.stringMatching(/^2 item: no trajectory under 9373 is counted under 1\.b\.7; its items are .*1\.a\.2/),
    ]);
  });

  it('is refused whole when it is empty, no mapping, or not text', () => {
    expect(faults(bytes(''))).toEqual([expect.stringMatching(/^1 -: the file is empty/)]);
    expect(faults(bytes(HEADER))).toEqual(['1 -: the file names columns and no code; add a row per code']);
    expect(faults(bytes('old,new', '1,2'))).toEqual([
      expect.stringMatching(/missing: old_code, new_code, effective_date; 2 unknown/),
    ]);
    expect(faults(bytes(HEADER, '"9376,3176,2024-07-01,,'))).toEqual([expect.stringMatching(/is a quote left open\?$/)]);
    expect(faults(new Uint8Array([...bytes(HEADER, '9376'), 0xe9, 0x0a]))).toEqual([
      '2 -: here or further down the file is not UTF-8; save it in that encoding',
    ]);
    expect(faults(new Uint8Array([0xff, 0xfe, 0x6f, 0x00]))).toEqual([expect.stringMatching(/zero bytes: it is UTF-16/)]);
  });

  it('is refused when it is huge, in bytes or in rows', () => {
    expect(faults(new Uint8Array(MAX_MAPPING_BYTES + 1).fill(0x31))).toEqual([expect.stringMatching(/^1 -: the file is larger/)]);
    const many = Array.from({ length: MAX_MAPPING_ROWS + 1 }, () => '9376,3176,2024-07-01,,');
    expect(rows(...many)).toEqual([expect.stringMatching(/more than 5000 rows/)]);
  });
});
