import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClaimFieldError, formatPm304, writePm304, type Pm304InsuredInput } from '../index';
import { GOLDEN_HEADER, GOLDEN_PERSON } from '../testing/golden';
import { HEADER, PERSON, readAll, recordText } from '../testing/samples';

/** Messages whose bytes were placed by hand, position by position: a claim, its return, and the return when it is refused whole. */
function goldenBytes(name: 'claim.pm304'): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '../testing/fixtures', name)));
}

function writing(change: Partial<Pm304InsuredInput>): () => Uint8Array {
  return () => formatPm304({ header: HEADER, insured: [{ ...PERSON, ...change }] });
}

describe('writing a PM304 claim file', () => {
  it('gives the golden message byte for byte', () => {
    const written = formatPm304({ header: GOLDEN_HEADER, insured: [GOLDEN_PERSON] });
    expect(Buffer.from(written).toString('latin1')).toBe(Buffer.from(goldenBytes('claim.pm304')).toString('latin1'));
  });

  it('streams the same bytes, one insured person at a time', () => {
    const parts = [...writePm304(HEADER, [PERSON, PERSON])];
    expect(parts.map((part) => part.length / 312)).toEqual([1, 3, 3, 1]);
    expect(Buffer.concat(parts)).toEqual(Buffer.from(formatPm304({ header: HEADER, insured: [PERSON, PERSON] })));
  });

  it('makes the total a credit when credits outweigh debits', async () => {
    const credit = {
      date: '2024-01-15',
      debitCredit: 'C' as const,
      performance: '1000',
      tariffCents: 500,
      reference: 'C',
      relatedReference: 'D',
    };
    const bytes = writing({ lines: [credit] })();
    expect(recordText(bytes, 4).slice(33, 45)).toBe('00000000500C');
    expect((await readAll(bytes)).at(-1)).toMatchObject({ kind: 'trailer', declaredCents: -500 });
  });

  it.each<[string, Partial<Pm304InsuredInput>, string]>([
    [
      'a name that is too long',
      { name: 'x'.repeat(26) },
      'Field 0210 Naam verzekerde (01) (position 64-88): is 26 characters long; at most 25 fit',
    ],
    [
      'a letter outside ISO 8859-1',
      { name: 'Łukasz' },
      'Field 0210 Naam verzekerde (01) (position 64-88): character 1 is not a printable character of ISO 8859-1',
    ],
    [
      'a line break in a text',
      { initials: 'A\nB' },
      'Field 0215 Voorletters verzekerde (position 135-140): character 2 is not a printable character of ISO 8859-1',
    ],
    [
      'letters in a number',
      { bsn: 'ABCDEFGHI' },
      'Field 0203 Burgerservicenummer verzekerde (position 15-23): must be digits only',
    ],
    [
      'a missing mandatory value',
      { initials: '' },
      'Field 0215 Voorletters verzekerde (position 135-140): is mandatory and has no value',
    ],
    [
      'a number too large',
      { houseNumber: 123456 },
      'Field 0219 Huisnummer verzekerde (position 157-161): is too large: at most 5 digits fit',
    ],
    [
      'a negative number',
      { houseNumber: -1 },
      'Field 0219 Huisnummer verzekerde (position 157-161): must be a whole number of at least 0',
    ],
    [
      'a date in another form',
      { birthDate: '17-05-1961' },
      'Field 0207 Datum geboorte verzekerde (position 54-61): must be a date as YYYY-MM-DD',
    ],
  ])('refuses %s by naming the field, not the value', (_what, change, message) => {
    expect(writing(change)).toThrow(ClaimFieldError);
    expect(writing(change)).toThrow(message);
  });

  it('refuses amounts that are no whole cents or do not fit', () => {
    const line = { date: '2024-01-15', performance: '1000', reference: 'A' };
    expect(writing({ lines: [{ ...line, tariffCents: 12.5 }] })).toThrow(
      'Field 0428 Tarief prestatie (incl. btw) (position 162-169): must be a whole number',
    );
    expect(writing({ lines: [{ ...line, tariffCents: 50_000_000, quantity: 2 }] })).toThrow(
      'Field 0429 Berekend bedrag (incl. btw) (position 170-177): is too large',
    );
  });
});
