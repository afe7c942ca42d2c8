import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClaimFieldError, Pm305Writer, readPm305, type Pm305Record } from '../index';
import { chunks, readAll, refusalOf } from '../testing/samples';

/** Messages whose bytes were placed by hand, position by position: a claim, its return, and the return when it is refused whole. */
function goldenBytes(name: 'claim.pm304' | 'return.pm305' | 'refusal.pm305'): Uint8Array {
  return new Uint8Array(readFileSync(join(__dirname, '../testing/fixtures', name)));
}

const REFERENCE = { insurerReference: 'TRJ-2024-0000017', returnDate: '2024-02-05' };

async function rawRecords(): Promise<Uint8Array[]> {
  return (await readAll(goldenBytes('claim.pm304'))).map((record) => record.raw);
}

async function returned(bytes: Uint8Array, size?: number): Promise<Pm305Record[]> {
  const records: Pm305Record[] = [];
  for await (const record of readPm305(chunks(bytes, size))) records.push(record);
  return records;
}

async function goldenReturn(): Promise<Buffer> {
  const [header, insured, first, second, comment, credit, trailer] = (await rawRecords()) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const writer = new Pm305Writer();
  return Buffer.concat([
    writer.header(header, { ...REFERENCE, codes: ['0200'] }),
    writer.detail(insured, ['0200']),
    writer.performance(first, { calculatedCents: 3550, grantedCents: 3550, codes: ['8001'] }),
    writer.performance(second, { calculatedCents: 9200, grantedCents: 4600, codes: ['0584', '0613', '8059'] }),
    writer.detail(comment),
    writer.performance(credit, { calculatedCents: -3400, grantedCents: -3400 }),
    writer.trailer(trailer),
  ]);
}

describe('writing a PM305 return message', () => {
  it('gives the golden return byte for byte', async () => {
    expect((await goldenReturn()).toString('latin1')).toBe(Buffer.from(goldenBytes('return.pm305')).toString('latin1'));
  });

  it('repeats every record of the claim byte for byte; in the header only the message code becomes 108', async () => {
    const claim = await rawRecords();
    const answer = await returned(await goldenReturn());
    answer.slice(1, -1).forEach((record, index) => expect(record.raw.slice(0, 310)).toEqual(claim[index + 1]));
    const header = Buffer.from(claim[0] ?? []);
    header.write('108', 2, 'latin1');
    expect(Buffer.from(answer[0]?.raw.slice(0, 310) ?? [])).toEqual(header);
  });

  it('counts and adds up the same without the trailer of the claim', async () => {
    const records = await rawRecords();
    const writer = new Pm305Writer();
    for (const index of [2, 3, 5]) writer.performance(records[index] as Uint8Array, { calculatedCents: 0, grantedCents: 0 });
    writer.detail(records[1] as Uint8Array);
    writer.detail(records[4] as Uint8Array);
    expect(Buffer.from(writer.trailer()).toString('latin1', 0, 57)).toBe(
      '990000010000000000030000010000005' + '00000009350D' + '00000000000D',
    );
    const text = Buffer.from(
      new Pm305Writer().performance(records[5] as Uint8Array, { calculatedCents: 0, grantedCents: 0 }),
    ).toString('latin1');
    expect(text.slice(310, 328)).toBe('00000000C00000000C');
  });

  it('answers a file refused whole with its header, at most three codes ascending, and a trailer of nothing', async () => {
    const [header] = await rawRecords();
    const input = { insurerReference: 'TRJ-2024-0000018', returnDate: '2024-02-05', codes: ['0158', '0150', '0158'] };
    const refusal = Pm305Writer.refusal(header ?? null, input);
    expect(Buffer.from(refusal ?? []).toString('latin1')).toBe(Buffer.from(goldenBytes('refusal.pm305')).toString('latin1'));
    const five = Pm305Writer.refusal(header ?? null, { ...input, codes: ['0158', '0156', '0153', '0151', '0150'] });
    expect(Buffer.from(five ?? []).toString('latin1', 342, 354)).toBe('015001510153');
    expect(Pm305Writer.refusal(null, input)).toBeNull();
  });

  it('refuses what does not fit', async () => {
    const [header, insured, line] = (await rawRecords()) as [Uint8Array, Uint8Array, Uint8Array];
    const writer = new Pm305Writer();
    const amounts = { calculatedCents: 1, grantedCents: 1 };
    expect(() => writer.performance(line, { ...amounts, codes: ['0584', '0613', '8059', '8072'] })).toThrow(ClaimFieldError);
    expect(() => writer.detail(insured, ['61'])).toThrow(
      'Field 0281 Retourcode (01) (position 311-314): a return code must be four digits',
    );
    expect(() => writer.performance(line, { ...amounts, grantedCents: 100_000_000 })).toThrow(
      'Field 0483 Toegekend bedrag (position 320-327): is too large',
    );
    expect(() => writer.performance(insured, amounts)).toThrow(RangeError);
    expect(() => writer.detail(line)).toThrow(RangeError);
    expect(() => writer.header(header.slice(0, 300), REFERENCE)).toThrow('this one has 300');
    expect(() => writer.header(header, { ...REFERENCE, insurerReference: 'x'.repeat(25) })).toThrow('at most 24 fit');
  });

  it('refuses a trailer of the claim that counts records which were not returned', async () => {
    const records = await rawRecords();
    const writer = new Pm305Writer();
    writer.detail(records[1] as Uint8Array);
    expect(() => writer.trailer(records[6] as Uint8Array)).toThrow('does not repeat every record');
  });
});

describe('reading a PM305 return message', () => {
  it('gives what the insurer answered', async () => {
    const answer = await returned(goldenBytes('return.pm305'), 100);
    expect(answer[0]).toMatchObject({
      kind: 'header',
      insurerReference: 'TRJ-2024-0000017',
      returnDate: '2024-02-05',
      codes: ['0200'],
    });
    expect(
      answer.flatMap((record) => (record.kind === 'performance' ? [[record.reference, record.grantedCents, record.codes]] : [])),
    ).toEqual([
      ['REF-1', 3550, ['8001']],
      ['REF-2', 4600, ['0584', '0613', '8059']],
      ['REF-3', -3400, []],
    ]);
    expect(answer.at(-1)).toMatchObject({ kind: 'trailer', declaredCents: 9350, grantedCents: 4750 });
  });

  it('reads a refusal, which holds no line', async () => {
    const answer = await returned(goldenBytes('refusal.pm305'));
    expect(answer.map((record) => [record.kind, record.codes])).toEqual([
      ['header', ['0150', '0158']],
      ['trailer', []],
    ]);
  });

  it('refuses a claim, and a return that was cut', async () => {
    expect((await refusalOf(returned(goldenBytes('claim.pm304')))).problems[0]).toMatchObject({ code: '0804', record: 1 });
    const cut = await refusalOf(returned(goldenBytes('return.pm305').slice(0, 372 * 3)));
    expect(cut.problems).toMatchObject([
      { code: '0002', problem: 'The trailer (99) is missing; the file was cut off: send it whole.' },
    ]);
  });
});
