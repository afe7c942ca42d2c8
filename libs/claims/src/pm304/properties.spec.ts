import fc from 'fast-check';
import {
  ClaimFileError,
  formatPm304,
  generateBsn,
  Pm305Writer,
  readPm305,
  type Pm304InsuredInput,
  type Pm304Record,
} from '../index';
import { GOLDEN_HEADER, GOLDEN_PERSON } from '../testing/golden';
import { chunks, readAll } from '../testing/samples';

// many small messages are read here; a busy machine takes its time
jest.setTimeout(60_000);

/** Printable text of ISO 8859-1 without spaces at its ends, as fields give it back. */
const latin1 = (maxLength: number) =>
  fc
    .array(
      fc.integer({ min: 0x21, max: 0xff }).filter((code) => code < 0x7f || code > 0xa0),
      { minLength: 1, maxLength },
    )
    .map((codes) => String.fromCharCode(...codes));
const digits = (length: number) =>
  fc.integer({ min: 1, max: 10 ** length - 1 }).map((value) => String(value).padStart(length, '0'));
const bsn = fc.integer({ min: 1, max: 2 ** 30 }).map((seed) => {
  let state = seed;
  return generateBsn(() => (state = (state * 16807) % 2147483647) / 2147483647);
});
const day = fc.integer({ min: 0, max: 364 }).map((offset) => new Date(Date.UTC(2023, 0, 1 + offset)).toISOString().slice(0, 10));
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const line = fc.record({
  debitCredit: fc.constantFrom('D' as const, 'C' as const),
  date: day,
  performance: digits(4),
  quantity: fc.integer({ min: 1, max: 9999 }),
  diagnosis: optional(digits(4)),
  csi: optional(digits(3)),
  therapist: optional(digits(8)),
  authorisation: optional(latin1(15)),
  referralDate: optional(day),
  tariffCents: fc.integer({ min: 0, max: 9999 }),
  declaredCents: fc.integer({ min: 0, max: 99_999_999 }),
  reference: latin1(20),
  relatedReference: latin1(20),
});

const person: fc.Arbitrary<Pm304InsuredInput> = fc.record({
  bsn,
  birthDate: fc.constantFrom('1961-05-17', '2004-02-29', '1899-12-31'),
  sex: fc.constantFrom('0' as const, '1' as const, '2' as const, '9' as const),
  name: latin1(25),
  initials: latin1(6),
  houseNumber: fc.integer({ min: 1, max: 99_999 }),
  relationNumber: optional(latin1(15)),
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
});

const message = fc.array(person, { minLength: 1, maxLength: 4 });
const golden = formatPm304({ header: GOLDEN_HEADER, insured: [GOLDEN_PERSON] });

/** Records that were read, or the error that refused the file; any other error fails the test. */
async function outcome(bytes: Uint8Array, size?: number): Promise<Pm304Record[] | ClaimFileError> {
  try {
    return await readAll(bytes, size);
  } catch (error) {
    if (error instanceof ClaimFileError) return error;
    throw error;
  }
}

describe('what is written', () => {
  it('is read back with the same values', async () => {
    await fc.assert(
      fc.asyncProperty(message, fc.integer({ min: 1, max: 2000 }), async (insured, size) => {
        const records = await readAll(formatPm304({ header: GOLDEN_HEADER, insured }), size);
        const lines = records.filter((record) => record.kind === 'performance');
        expect(records.flatMap((record) => record.problems)).toEqual([]);
        const expected = insured.flatMap((each) =>
          each.lines.map((entry) => ({ ...entry, bsn: each.bsn, relationNumber: each.relationNumber })),
        );
        expect(lines).toHaveLength(expected.length);
        expected.forEach((entry, index) =>
          expect(lines[index]).toMatchObject({ ...entry, diagnosis: entry.diagnosis ?? '', csi: entry.csi ?? '' }),
        );
        const persons = records.filter((record) => record.kind === 'insured');
        expect(persons.map((record) => [record.name, record.birthDate, record.initials])).toEqual(
          insured.map((each) => [each.name, each.birthDate, each.initials]),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('is returned byte for byte, with the sum of what was granted', async () => {
    await fc.assert(
      fc.asyncProperty(message, fc.integer({ min: 0, max: 100 }), async (insured, percent) => {
        const claim = await readAll(formatPm304({ header: GOLDEN_HEADER, insured }));
        const writer = new Pm305Writer();
        let grantedCents = 0;
        const parts = claim.map((record) => {
          if (record.kind === 'header') return writer.header(record.raw, { insurerReference: 'R', returnDate: '2024-02-05' });
          if (record.kind === 'trailer') return writer.trailer(record.raw);
          if (record.kind !== 'performance') return writer.detail(record.raw);
          const granted = Math.floor((record.declaredCents * percent) / 100) * (record.debitCredit === 'C' ? -1 : 1);
          grantedCents += granted;
          return writer.performance(record.raw, { calculatedCents: granted, grantedCents: granted, codes: ['0613'] });
        });
        let seen = 0;
        for await (const record of readPm305(chunks(Buffer.concat(parts)))) {
          if (record.kind !== 'header')
            expect(record.raw.slice(0, record.kind === 'trailer' ? 45 : 310)).toEqual(
              claim[seen]?.raw.slice(0, record.kind === 'trailer' ? 45 : 310),
            );
          if (record.kind === 'trailer') expect(record.grantedCents).toBe(grantedCents);
          seen += 1;
        }
        expect(seen).toBe(claim.length);
      }),
      { numRuns: 50 },
    );
  });
});

describe('whatever bytes come', () => {
  it('a file is read or refused with ClaimFileError, and with no problem or at least one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        const result = await outcome(bytes);
        expect(result).toBeInstanceOf(ClaimFileError);
        if (result instanceof ClaimFileError) expect(result.problems.length).toBeGreaterThan(0);
      }),
    );
  });

  it('a file that was cut anywhere is refused, except where only its last line end is missing', async () => {
    for (let length = 0; length <= golden.length; length += 1) {
      const result = await outcome(golden.slice(0, length), 700);
      const whole = length === golden.length || length === golden.length - 2;
      if (result instanceof ClaimFileError === whole) throw new Error(`Cut at ${length}: ${whole ? 'refused' : 'accepted'}`);
    }
  });

  it('changed bytes give records or a refusal, the same for every size of chunk, and no problem repeats identity', async () => {
    const identity = [GOLDEN_PERSON.bsn, GOLDEN_PERSON.name, '19610517', GOLDEN_PERSON.birthDate, 'R0001', "d'Été"];
    const change = fc.record({
      at: fc.integer({ min: 0, max: golden.length - 1 }),
      remove: fc.integer({ min: 0, max: 3 }),
      insert: fc.array(fc.oneof(fc.constantFrom(0x20, 0x30, 0x31, 0x0a, 0x0d, 0x1a, 0xc3), fc.integer({ min: 0, max: 255 })), {
        maxLength: 3,
      }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 700 }),
        async (changes, size) => {
          let bytes = [...golden];
          for (const { at, remove, insert } of changes) bytes = [...bytes.slice(0, at), ...insert, ...bytes.slice(at + remove)];
          const changed = new Uint8Array(bytes);
          const result = await outcome(changed);
          const other = await outcome(changed, size);
          if (result instanceof ClaimFileError) {
            expect(other).toBeInstanceOf(ClaimFileError);
            expect((other as ClaimFileError).problems).toEqual(result.problems);
          } else {
            expect(other).toEqual(result);
          }
          const said = JSON.stringify(
            result instanceof ClaimFileError ? [result.problems, result.message] : result.map((record) => record.problems),
          );
          for (const secret of identity) expect(said).not.toContain(secret);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('no problem ever repeats what its field holds', async () => {
    const marks = ['777777777', 'QQQQQQQQQ'];
    for (let at = 2; at < golden.length; at += 312) {
      for (let offset = 0; offset < 300; offset += 5) {
        for (const mark of marks) {
          const bytes = Buffer.from(golden);
          bytes.write(mark, at + offset, 'latin1');
          const result = await outcome(new Uint8Array(bytes));
          const said = JSON.stringify(
            result instanceof ClaimFileError ? [result.problems, result.message] : result.map((record) => record.problems),
          );
          if (said.includes(mark.slice(0, 5))) throw new Error(`Position ${(at + offset) % 312} is repeated`);
        }
      }
    }
  });
});
