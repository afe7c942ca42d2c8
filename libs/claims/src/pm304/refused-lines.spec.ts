import { amountsAddUp, checkAgainstReceipt, checkPm304, formatPm304, type FieldProblem, type Pm304LineInput } from '../index';
import { chunks, HEADER, MESSAGE, overwrite, PERSON, readAll, readLines, rewrite, saying } from '../testing/samples';

/** Problems of the first line (record 3) after one of its fields was overwritten. */
async function lineProblems(number: string, value: string, record = 3): Promise<readonly FieldProblem[]> {
  return (await readLines(overwrite(MESSAGE, record, number, value)))[0]?.problems ?? [];
}

async function firstLine(change: Partial<Pm304LineInput>) {
  const line = { date: '2024-01-15', performance: '1000', tariffCents: 3550, reference: 'A' };
  const [first] = await readLines(formatPm304({ header: HEADER, insured: [{ ...PERSON, lines: [{ ...line, ...change }] }] }));
  if (!first) throw new Error('No line');
  return first;
}

const NO_DATE = 'The date does not exist; give a date of the calendar as CCYYMMDD.';
const BSN = 'The BSN is missing or fails the eleven test; ask the insured person for it.';

describe('a line with a bad field is refused alone', () => {
  it.each([
    ['0402', '00000000000X', '0801', 'The running number must be 12 digits, filled with zeros on the left.'],
    ['0403', '957136172', '0435', BSN],
    ['0403', '000000000', '0435', BSN],
    ['0403', '95713617 ', '0435', BSN],
    ['0403', '111222333', '0435', 'The BSN differs from that of the insured record above (record 2); correct one of them.'],
    ['0404', '0000', '0423', 'The field must hold 4 digits that are not all zero.'],
    ['0404', '3344', '0423', 'The UZOVI number differs from that of the insured record above (record 2); correct one of them.'],
    ['0407', '2', '8179', 'Forwarding must be allowed; fill 1.'],
    ['0407', ' ', '8179', 'Forwarding must be allowed; fill 1.'],
    ['0408', '20240230', '8007', NO_DATE],
    ['0408', '20230229', '8007', NO_DATE],
    ['0408', '00000000', '8007', NO_DATE],
    ['0408', '15-01-24', '8007', NO_DATE],
    ['0408', '20240202', '8176', 'The date lies after the invoice date (0117); correct the one or the other.'],
    ['0408', '19610516', '8007', 'The date lies before the birth of the insured person; correct it.'],
    ['0409', '000', '0581', 'The field must hold 3 digits that are not all zero.'],
    ['0410', '      ', '0582', 'The field is empty; fill it.'],
    ['0411', '0000', '0638', 'The number of performances must be four digits, at least 0001.'],
    ['0411', '   1', '0638', 'The number of performances must be four digits, at least 0001.'],
    ['0421', '08 ', '3102', 'The field must hold 3 digits, or zeros when empty.'],
    ['0422', '0465432X', '8011', 'The field must hold 8 digits, or zeros when empty.'],
    ['0424', '20240231', '8014', 'The date does not exist; give a date of the calendar as CCYYMMDD, or zeros.'],
    ['0425', '0100001?', '8014', 'The field must hold 8 digits, or zeros when empty.'],
    ['0428', '   35,50', '0611', 'The tariff, in cents, must be 8 digits, filled with zeros on the left.'],
    ['0429', '-0003550', '8032', 'The calculated amount, in cents, must be 8 digits, filled with zeros on the left.'],
    ['0431', '21,0', '8016', 'The VAT percentage must be four digits, or zeros.'],
    ['0432', '        ', '8033', 'The declared amount, in cents, must be 8 digits, filled with zeros on the left.'],
    ['0433', 'X', '0631', 'The field must be D (debit) or C (credit).'],
    ['0434', '                    ', '8021', 'The field is empty; fill it.'],
  ])('field %s as %j', async (number, value, code, problem) => {
    const problems = await lineProblems(number, value);
    expect(saying(problems)).toEqual([[code, problem]]);
    expect(problems[0]).toMatchObject({ record: 3, field: expect.stringMatching(`^${number} `) as string });
  });

  it('names record, field and position', async () => {
    expect(await lineProblems('0408', '20240230')).toEqual([
      { code: '8007', record: 3, field: '0408 Datum prestatie', position: '59-66', problem: NO_DATE },
    ]);
    expect((await lineProblems('0407', '0'))[0]).toMatchObject({ field: '0407 Doorsturen toegestaan', position: '58' });
  });

  it('while the others go on', async () => {
    const lines = await readLines(overwrite(MESSAGE, 3, '0408', '20240230'));
    expect(lines.map((line) => [line.reference, line.problems.length])).toEqual([
      ['REF-1', 1],
      ['REF-2', 0],
    ]);
    expect((await checkPm304(chunks(overwrite(MESSAGE, 3, '0408', '20240230')))).counts).toMatchObject({
      performances: 2,
      performancesWithProblems: 1,
    });
  });

  it('with all its problems at once', async () => {
    const bytes = overwrite(overwrite(overwrite(MESSAGE, 3, '0408', '20240230'), 3, '0411', 'zero'), 3, '0407', '0');
    expect((await readLines(bytes))[0]?.problems.map((problem) => problem.code)).toEqual(['8179', '8007', '0638']);
  });

  it('[standard-1] when its session is from 2025 on: that is GDS801', async () => {
    const bytes = formatPm304({
      header: { ...HEADER, invoiceDate: '2025-02-01' },
      insured: [
        {
          ...PERSON,
          lines: ['2024-12-31', '2025-01-01'].map((date) => ({ date, performance: '1000', tariffCents: 1, reference: date })),
        },
      ],
    });
    const problem = 'Sessions from 2025-01-01 cannot be claimed with PM304; send the line as GDS801.';
    expect((await readLines(bytes)).map((line) => saying(line.problems))).toEqual([[], [['8061', problem]]]);
  });

  it('when its running number is not higher than that of the line before', async () => {
    const [first, second] = await readLines(overwrite(MESSAGE, 4, '0402', '000000000002'));
    expect(first?.problems).toEqual([]);
    expect(saying(second?.problems ?? [])).toEqual([
      ['0801', 'The running number is not higher than that of the performance record before; number them upwards, each once.'],
    ]);
  });

  it('when no insured record stands before it', async () => {
    const bytes = formatPm304({ header: HEADER, insured: [PERSON] });
    const swapped = Buffer.concat([bytes.slice(0, 312), bytes.slice(624, 936), bytes.slice(312, 624), bytes.slice(936)]);
    const [first, second] = await readLines(new Uint8Array(swapped));
    expect(saying(first?.problems ?? [])).toEqual([['8026', 'No insured record (02) stands before this line; put it in front.']]);
    expect(second?.problems).toEqual([]);
  });
});

describe('the total of a file with an unreadable amount', () => {
  it.each(['0432', '0433', '0430'])('is not held against the other lines (field %s)', async (number) => {
    const bytes = overwrite(MESSAGE, 3, number, '?');
    await expect(checkPm304(chunks(bytes))).resolves.toMatchObject({ counts: { performancesWithProblems: 1 } });
    expect((await readLines(bytes))[1]?.problems).toEqual([]);
  });
});

describe('credit lines', () => {
  it('name the line that they take back', async () => {
    expect(await firstLine({ debitCredit: 'C', relatedReference: 'OLD-1' })).toMatchObject({
      debitCredit: 'C',
      relatedReference: 'OLD-1',
      problems: [],
    });
    expect(saying((await firstLine({ debitCredit: 'C' })).problems)).toEqual([
      ['0651', 'A credit must name the line that it takes back; fill its reference number.'],
    ]);
  });

  it('have both flags', async () => {
    expect(saying(await lineProblems('0430', 'C'))).toEqual([
      ['8064', 'The debit/credit flags 0430 and 0433 differ; make them the same.'],
    ]);
  });
});

describe('an insured record with a bad field', () => {
  it.each([
    ['0202', 'X', '0801', 'The running number must be 12 digits, filled with zeros on the left.'],
    ['0204', '0000', '0423', 'The field must hold 4 digits that are not all zero.'],
    ['0207', '19610532', '8004', NO_DATE],
    ['0207', '00000000', '8004', NO_DATE],
    ['0207', '20240202', '8004', 'The birth date lies after the invoice date (0117); correct it.'],
    ['0208', '3', '0351', 'The code must be 1 (male), 2 (female), 0 (unknown) or 9 (not specified).'],
  ])('refuses its lines with 8002 (field %s as %j)', async (number, value, code, problem) => {
    const records = await readAll(overwrite(MESSAGE, 2, number, value));
    expect(saying(records[1]?.problems ?? [])).toEqual([[code, problem]]);
    const because = 'The insured record above (record 2) was not accepted; correct that and send the line again.';
    expect(saying(records[2]?.problems ?? [])).toEqual([['8002', because]]);
    expect(records[3]?.problems).toHaveLength(1);
  });

  it('refuses lines that repeat its bad BSN with 0435', async () => {
    const bad = formatPm304({ header: HEADER, insured: [{ ...PERSON, bsn: '123456789' }] });
    const records = await readAll(bad);
    expect(records.slice(1, 4).map((record) => saying(record.problems))).toEqual([
      [['0435', BSN]],
      [['0435', BSN]],
      [['0435', BSN]],
    ]);
    expect(JSON.stringify(records.map((record) => record.problems))).not.toContain('123456789');
  });

  it('must have a running number higher than the one before', async () => {
    const two = formatPm304({ header: HEADER, insured: [PERSON, PERSON] });
    const records = await readAll(overwrite(two, 5, '0202', '000000000001'));
    expect(
      records.filter((record) => record.problems.length > 0).map((record) => [record.record, record.problems[0]?.code]),
    ).toEqual([
      [5, '0801'],
      [6, '8002'],
      [7, '8002'],
    ]);
  });
});

describe('a debtor record', () => {
  it('is counted and carries 8075, while the lines go on', async () => {
    const debtor = `03${'000000000099'}${' '.repeat(296)}`;
    const withDebtor = rewrite(MESSAGE, ([header, insured, first, second, trailer]) => [
      header ?? '',
      insured ?? '',
      debtor,
      first ?? '',
      second ?? '',
      `99000001000001000002000000${'0000004'}${(trailer ?? '').slice(33)}`,
    ]);
    const records = await readAll(withDebtor);
    expect(records.map((record) => [record.kind, record.problems.map((problem) => problem.code)])).toEqual([
      ['header', []],
      ['insured', []],
      ['debtor', ['8075']],
      ['performance', []],
      ['performance', []],
      ['trailer', []],
    ]);
  });
});

describe('what is left to the engine', () => {
  it('are unknown lists, codes, quantities and amounts: they come as values', async () => {
    const line = await firstLine({
      list: '073',
      performance: '9999',
      quantity: 5,
      csi: '999',
      diagnosis: '0000',
      tariffCents: 1,
      calculatedCents: 7,
      declaredCents: 9,
    });
    expect(line).toMatchObject({
      list: '073',
      performance: '9999',
      quantity: 5,
      csi: '999',
      diagnosis: '0000',
      tariffCents: 1,
      calculatedCents: 7,
      declaredCents: 9,
      problems: [],
    });
  });

  it('is whether the amounts add up', () => {
    const line = { tariffCents: 3550, quantity: 2, calculatedCents: 7100, declaredCents: 7100 };
    expect(amountsAddUp(line)).toBe(true);
    expect(amountsAddUp({ ...line, quantity: 1 })).toBe(false);
    expect(amountsAddUp({ ...line, declaredCents: 7000 })).toBe(false);
  });
});

describe('dates against the day of receipt', () => {
  it('must not lie after it', async () => {
    const records = await readAll(MESSAGE);
    expect(records.flatMap((record) => checkAgainstReceipt(record, '2024-02-01'))).toEqual([]);
    expect(
      records.flatMap((record) => checkAgainstReceipt(record, '2024-01-15')).map((problem) => [problem.record, problem.code]),
    ).toEqual([
      [1, '0025'],
      [4, '8007'],
    ]);
    expect(records.flatMap((record) => checkAgainstReceipt(record, '1961-05-16'))[1]).toEqual({
      code: '8004',
      record: 2,
      field: '0207 Datum geboorte verzekerde',
      position: '54-61',
      problem: 'The date lies after the day on which the file was received; correct it.',
    });
  });
});
