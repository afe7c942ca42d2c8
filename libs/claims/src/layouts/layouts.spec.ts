import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layouts, PM304_RECORD_LENGTH, PM305_RECORD_LENGTH, type MessageLayout, type RecordLayout } from '../index';

/** Messages whose bytes were placed by hand, position by position: a claim, its return, and the return when it is refused whole. */
function goldenBytes(name: 'claim.pm304'): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '../testing/fixtures', name)));
}

/** Gaps and overlaps: pairs of where a field starts and where it should. */
function breaks(layout: RecordLayout): [string, number, number][] {
  let next = 1;
  const found: [string, number, number][] = [];
  for (const field of layout) {
    if (field.start !== next) found.push([field.number, field.start, next]);
    next = field.start + field.length;
  }
  return found;
}

function ends(message: MessageLayout): number[] {
  return Object.values(message).map((layout) => layout.reduce((end, field) => Math.max(end, field.start + field.length - 1), 0));
}

describe('the record layouts', () => {
  it('fill every record of the claim to position 310 without gaps', () => {
    expect(Object.values(layouts.pm304).flatMap(breaks)).toEqual([]);
    expect(ends(layouts.pm304)).toEqual([310, 310, 310, 310, 310, 310]);
    expect(PM304_RECORD_LENGTH).toBe(310);
  });

  it('fill every record of the return to position 370 without gaps', () => {
    expect(Object.values(layouts.pm305).flatMap(breaks)).toEqual([]);
    expect(ends(layouts.pm305)).toEqual([370, 370, 370, 370, 370, 370]);
    expect(PM305_RECORD_LENGTH).toBe(370);
  });

  it('number every field once, with the number of its record type in front', () => {
    for (const message of [layouts.pm304, layouts.pm305]) {
      for (const [type, layout] of Object.entries(message)) {
        expect(new Set(layout.map((field) => field.number)).size).toBe(layout.length);
        expect(layout.every((field) => field.number.startsWith(type))).toBe(true);
      }
    }
  });

  it.each([
    ['0102', 3, 5],
    ['0108', 27, 30],
    ['0111', 47, 54],
    ['0116', 81, 92],
    ['0117', 93, 100],
    ['0119', 115, 117],
    ['0203', 15, 23],
    ['0207', 54, 61],
    ['0210', 64, 88],
    ['0219', 157, 161],
    ['0407', 58, 58],
    ['0408', 59, 66],
    ['0410', 70, 75],
    ['0418', 106, 113],
    ['0421', 125, 127],
    ['0424', 140, 147],
    ['0428', 162, 169],
    ['0430', 178, 178],
    ['0432', 183, 190],
    ['0434', 192, 211],
    ['0435', 212, 231],
    ['9803', 15, 18],
    ['9906', 27, 33],
    ['9907', 34, 44],
    ['9908', 45, 45],
  ])('place field %s at %i-%i', (number, start, end) => {
    const field = Object.values(layouts.pm304)
      .flat()
      .find((candidate) => candidate.number === number);
    expect([field?.start, (field?.start ?? 0) + (field?.length ?? 0) - 1]).toEqual([start, end]);
  });

  it('agree with the golden records, placed by hand', () => {
    const text = Buffer.from(goldenBytes('claim.pm304')).toString('latin1').split('\r\n');
    expect(text.map((record) => record.length)).toEqual([310, 310, 310, 310, 310, 310, 310, 0]);
    expect(text[3]?.slice(58, 66)).toBe('20240122');
    expect(text[3]?.slice(105, 113)).toBe('3176    ');
    expect(text[3]?.slice(191, 211)).toBe('REF-2               ');
    expect(text[6]?.slice(0, 45)).toBe('990000010000000000030000010000005' + '00000009350' + 'D');
  });
});
