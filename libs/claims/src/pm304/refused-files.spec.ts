import { checkPm304, ClaimFileError, describeProblem, formatPm304, readPm304, type FieldProblem } from '../index';
import { chunks, HEADER, MESSAGE, overwrite, PERSON, readAll, recordText, refusalOf, rewrite, saying } from '../testing/samples';

async function problemsOf(bytes: Uint8Array): Promise<readonly FieldProblem[]> {
  const { problems } = await refusalOf(checkPm304(chunks(bytes, 1000)));
  expect((await refusalOf(readAll(bytes))).problems).toEqual(problems);
  return problems;
}

async function refusal(bytes: Uint8Array): Promise<[string | null, string][]> {
  return saying(await problemsOf(bytes));
}

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const text = Buffer.from(MESSAGE).toString('latin1');

describe('a file that is no claim file is refused', () => {
  it.each<[string, Uint8Array, string, string]>([
    ['an empty file', new Uint8Array(0), '0001', 'The file is empty; send the claim file again.'],
    [
      'plain text',
      latin1('Dear insurer,\r\nplease pay.\r\n'),
      '0804',
      'The record has 13 bytes and must have 310; the file was cut off, or spaces at the end were taken away: send it as the software wrote it.',
    ],
    [
      'a long file without lines',
      latin1('x'.repeat(200_000)),
      '0001',
      'The file has no records that end in CR LF; send a PM304 claim file.',
    ],
    [
      'other records of 310 characters',
      latin1(`${'AB'.repeat(155)}\r\n`.repeat(3)),
      '0002',
      'The first record is not the header (01) of a PM304 message; this is not a claim file.',
    ],
    ['only end-of-file characters', latin1('\x1a\x1a'), '0001', 'The file holds no records; send a PM304 claim file.'],
    [
      'a GDS801 message',
      latin1('<?xml version="1.0"?>\r\n<Bericht/>\r\n'),
      '0001',
      'The file is XML, not a PM304 claim file; a GDS801 message is sent under its own standard.',
    ],
    [
      'a zip archive',
      latin1('PK\x03\x04 more'),
      '0001',
      'The file is a zip archive, not a PM304 claim file; unpack or export the claim file itself.',
    ],
    [
      'a gzip archive',
      latin1('\x1f\x8b\x08 more'),
      '0001',
      'The file is a gzip archive, not a PM304 claim file; unpack or export the claim file itself.',
    ],
    [
      'a PDF document',
      latin1('%PDF-1.7\r\n'),
      '0001',
      'The file is a PDF document, not a PM304 claim file; unpack or export the claim file itself.',
    ],
  ])('%s', async (_what, bytes, code, problem) => {
    expect((await refusal(bytes))[0]).toEqual([code, problem]);
  });
});

describe('a file in the wrong character set is refused', () => {
  it('with a UTF-8 byte order mark', async () => {
    const problem =
      'The file begins with a UTF-8 byte order mark; save it as ISO 8859-1 without a byte order mark, one byte a character.';
    expect(await refusal(new Uint8Array([0xef, 0xbb, 0xbf, ...MESSAGE]))).toEqual([['0001', problem]]);
  });

  it('in UTF-16, with or without a byte order mark', async () => {
    const problem = 'The file is UTF-16 text; save it as ISO 8859-1 without a byte order mark, one byte a character.';
    expect(await refusal(new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le')))).toEqual([['0001', problem]]);
    const unmarked = await refusal(new Uint8Array(Buffer.from(text, 'utf16le')));
    expect(unmarked).toEqual([
      ['0001', 'The file holds zero bytes: it is UTF-16 or no text; save it as ISO 8859-1, one byte a character.'],
    ]);
  });

  it('in UTF-8, which makes records with accented letters longer', async () => {
    const problems = await problemsOf(new Uint8Array(Buffer.from(text, 'utf8')));
    expect(problems).toEqual([
      {
        code: '0804',
        record: 2,
        field: null,
        position: null,
        problem:
          'The record has 312 bytes and must have 310; it looks like UTF-8 (310 characters in more bytes): save the file as ISO 8859-1, one byte a character.',
      },
    ]);
  });

  it('with a zero byte or another control character in a record, naming its position', async () => {
    expect(await refusal(overwrite(MESSAGE, 3, '0410', '10\x0000'))).toEqual([
      ['0001', 'The file holds zero bytes: it is UTF-16 or no text; save it as ISO 8859-1, one byte a character.'],
    ]);
    expect(await problemsOf(overwrite(MESSAGE, 3, '0410', '10\t00'))).toEqual([
      {
        code: '0001',
        record: 3,
        field: null,
        position: '72',
        problem: 'A control character stands at position 72; only printable characters of ISO 8859-1 are allowed.',
      },
    ]);
  });
});

describe('records that are cut wrongly refuse the file', () => {
  it('when they end in LF alone, said once', async () => {
    const problem = 'The record ends in LF alone; every record must end in CR LF: have the software write the file again.';
    expect(await refusal(latin1(text.replaceAll('\r\n', '\n')))).toEqual([['8095', problem]]);
  });

  it('when they end in CR alone', async () => {
    expect((await refusal(latin1(text.replaceAll('\r\n', '\r'))))[0]?.[0]).toBe('0804');
  });

  it('when spaces at the end were trimmed: every record is named, at most twenty', async () => {
    const many = formatPm304({ header: HEADER, insured: Array.from({ length: 30 }, () => PERSON) });
    const trimmed = rewrite(many, (records) => records.map((record) => record.trimEnd()));
    const problems = await problemsOf(trimmed);
    expect(problems).toHaveLength(20);
    expect(problems.map((problem) => problem.record)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(problems[0]?.problem).toBe(
      'The record has 117 bytes and must have 310; the file was cut off, or spaces at the end were taken away: send it as the software wrote it.',
    );
  });

  it('when one is too long, and the others are still looked at', async () => {
    const longer = rewrite(MESSAGE, (records) => records.map((record, index) => (index === 2 ? `${record} ` : record)));
    const problem = 'The record has 311 bytes and must have 310; cut the fields to their widths.';
    expect(await problemsOf(longer)).toMatchObject([{ code: '0804', record: 3, problem }]);
  });

  it('when it is a return message', async () => {
    const returned = rewrite(MESSAGE, (records) => records.map((record) => record.padEnd(370)));
    expect((await refusal(returned))[0]).toEqual([
      '0804',
      'The record has 370 bytes and must have 310; records of 370 belong to the PM305 return message: send the PM304 claim.',
    ]);
  });

  it('when an empty line stands among them', async () => {
    const bytes = rewrite(MESSAGE, (records) => [...records.slice(0, 2), '', ...records.slice(2)]);
    expect(await problemsOf(bytes)).toMatchObject([
      { code: '8095', record: 3, problem: 'An empty line stands here; take out every CR LF that follows no record.' },
    ]);
  });

  it('when something follows the end-of-file character', async () => {
    const problem = 'Something follows the end-of-file character (0x1A); take that character or what follows out.';
    expect(await refusal(new Uint8Array([...MESSAGE, 26, ...MESSAGE]))).toEqual([['0002', problem]]);
  });
});

describe('the size of the chunks', () => {
  it('does not change what is said of a line that is far too long', async () => {
    const bytes = latin1(`${text.slice(0, 312)}${'x'.repeat(70_000)}\r\n${text.slice(312)}`);
    for (const size of [500, 65_536, 1_000_000]) {
      expect(saying((await refusalOf(checkPm304(chunks(bytes, size)))).problems)).toEqual([
        ['0001', 'The file has no records that end in CR LF; send a PM304 claim file.'],
      ]);
    }
  });
});

describe('records out of order refuse the file', () => {
  it.each<[string, (records: string[]) => string[], string, number | null, string]>([
    [
      'a missing header',
      (r) => r.slice(1),
      '0002',
      1,
      'The header (01) must be the first record; the file was cut at the start, or its records are out of order.',
    ],
    ['a second header', (r) => [r[0] ?? '', ...r], '8026', 2, 'A second header (01) stands here; send one message per file.'],
    [
      'an unknown record type',
      (r) => [...r.slice(0, 2), `05${' '.repeat(308)}`, ...r.slice(2)],
      '0002',
      3,
      'The record type (positions 1-2) must be 01, 02, 03, 04, 98 or 99.',
    ],
    [
      'a record after the trailer',
      (r) => [...r, r[2] ?? ''],
      '8026',
      6,
      'A record follows the trailer (99); send one message per file.',
    ],
    [
      'a missing trailer',
      (r) => r.slice(0, -1),
      '0002',
      null,
      'The trailer (99) is missing; the file was cut off: send it whole.',
    ],
  ])('%s', async (_what, change, code, record, problem) => {
    expect(await problemsOf(rewrite(MESSAGE, change))).toEqual([{ code, record, field: null, position: null, problem }]);
  });
});

describe('a header that does not fit refuses the file', () => {
  it.each([
    ['0102', '108', '0010', 'The message code must be 107: this is a PM305 return message, send the claim.'],
    ['0102', '176', '0010', 'The message code must be 107: it is another message.'],
    ['0103', '04', '8061', 'This version of the standard is not supported; only version 03.02 is supported.'],
    ['0103', 'x3', '0011', 'The version must be two digits; only version 03.02 is supported.'],
    ['0104', '01', '8061', 'This subversion of the standard is not supported; only version 03.02 is supported.'],
    ['0104', '  ', '8027', 'The subversion must be two digits; only version 03.02 is supported.'],
    ['0105', 'X', '8028', 'The kind of message must be P (production) or T (test).'],
    ['0108', '0000', '0018', 'The field must hold 4 digits that are not all zero.'],
    ['0108', '33 3', '0018', 'The field must hold 4 digits that are not all zero.'],
    ['0111', 'ABCDEFGH', '0016', 'The field must hold 8 digits, or zeros when empty.'],
    ['0111', '00000000', '0016', 'No AGB code says who declares; fill 0111, or 0112 or 0110.'],
    ['0113', '00', '8029', 'The field must hold 2 digits that are not all zero.'],
    ['0114', '20240230', '0020', 'The date does not exist; give a date of the calendar as CCYYMMDD.'],
    ['0115', '        ', '0021', 'The date does not exist; give a date of the calendar as CCYYMMDD.'],
    ['0115', '20231231', '0021', 'The claim period ends before it begins; correct 0114 or 0115.'],
    ['0116', '            ', '0030', 'The field is empty; fill it.'],
    ['0117', '20241301', '0025', 'The date does not exist; give a date of the calendar as CCYYMMDD.'],
    ['0119', 'NLG', '0031', 'The currency must be EUR.'],
  ])('field %s as %j', async (number, value, code, problem) => {
    const problems = await problemsOf(overwrite(MESSAGE, 1, number, value));
    expect(saying(problems)).toContainEqual([code, problem]);
    expect(problems.find((entry) => entry.code === code)).toMatchObject({
      record: 1,
      field: expect.stringMatching(`^${number} `) as string,
    });
  });

  it('and says everything that is wrong at once, with field and position', async () => {
    const bad = overwrite(overwrite(overwrite(MESSAGE, 1, '0119', 'USD'), 1, '0114', '20240230'), 5, '9904', '000009');
    expect((await problemsOf(bad)).map((problem) => [problem.record, problem.field, problem.position, problem.code])).toEqual([
      [1, '0114 Begindatum declaratieperiode', '65-72', '0020'],
      [1, '0119 Valutacode', '115-117', '0031'],
      [5, '9904 Aantal prestatierecords', '15-20', '0158'],
    ]);
  });
});

describe('a trailer that does not fit refuses the file', () => {
  it.each([
    ['9902', '000002', '0151', 'The file holds 1 insured records (02), the trailer says another number; was it cut?'],
    ['9903', '000001', '0157', 'The file holds 0 debtor records (03), the trailer says another number; was it cut?'],
    ['9904', '000003', '0158', 'The file holds 2 performance records (04), the trailer says another number; was it cut?'],
    ['9905', '000001', '0153', 'The file holds 0 comment records (98), the trailer says another number; was it cut?'],
    ['9906', '0000004', '0156', 'The file holds 3 detail records, the trailer says another number; was it cut?'],
    ['9906', '      3', '0156', 'The number of detail records must be 7 digits, filled with zeros on the left.'],
    [
      '9907',
      '00000007101',
      '0150',
      'The declared amounts (0432), debits less credits, do not add up to this total; correct it, or send every line.',
    ],
    ['9907', '7100       ', '0150', 'The total, in cents, must be 11 digits, filled with zeros on the left.'],
    [
      '9908',
      'C',
      '0150',
      'The declared amounts (0432), debits less credits, do not add up to this total; correct it, or send every line.',
    ],
    ['9908', '+', '0150', 'The field must be D (debit) or C (credit).'],
  ])('field %s as %j', async (number, value, code, problem) => {
    expect(await refusal(overwrite(MESSAGE, 5, number, value))).toEqual([[code, problem]]);
  });

  it('also when a line was lost on the way', async () => {
    const lost = rewrite(MESSAGE, (records) => records.filter((_, index) => index !== 3));
    expect((await problemsOf(lost)).map((problem) => problem.code)).toEqual(['0158', '0156', '0150']);
  });

  it('and so does a message without a line', async () => {
    expect(await refusal(formatPm304({ header: HEADER, insured: [] }))).toEqual([
      ['0158', 'The message holds no performance record (04); there is nothing to judge.'],
    ]);
  });

  it('but a total of zero may be debit or credit', async () => {
    const free = formatPm304({
      header: HEADER,
      insured: [{ ...PERSON, lines: [{ date: '2024-01-15', performance: '1000', tariffCents: 0, reference: 'A' }] }],
    });
    expect((await checkPm304(chunks(overwrite(free, 4, '9908', 'C')))).totals.declaredCents).toBe(0);
  });
});

describe('the error of a refused file', () => {
  it('carries the header when it could be read, for the return message', async () => {
    const error = await refusalOf(checkPm304(chunks(overwrite(MESSAGE, 5, '9904', '000003'))));
    expect(error).toBeInstanceOf(ClaimFileError);
    expect(Buffer.from(error.header?.raw ?? []).toString('latin1')).toBe(recordText(MESSAGE, 1));
    expect((await refusalOf(checkPm304(chunks(latin1('no'))))).header).toBeNull();
  });

  it('says the first problem, its place and how many more there are', async () => {
    const error = await refusalOf(checkPm304(chunks(rewrite(MESSAGE, (records) => records.filter((_, index) => index !== 3)))));
    expect(error.message).toBe(
      'The claim file is refused: record 4, field 9904 Aantal prestatierecords (15-20): The file holds 1 performance records (04), the trailer says another number; was it cut? [0158] (and 2 more)',
    );
    expect(describeProblem({ code: null, record: null, field: null, position: null, problem: 'Why.' })).toBe('Why.');
  });

  it('comes before any line when the file is wrong from the start, and no line is yielded after it', async () => {
    const seen: number[] = [];
    const read = async () => {
      for await (const record of readPm304(chunks(overwrite(MESSAGE, 1, '0119', 'USD'), 100))) seen.push(record.record);
    };
    await refusalOf(read());
    expect(seen).toEqual([]);
  });
});
