import { amountsAddUp, checkPm304, formatPm304 } from '../index';
import { chunks, HEADER, MESSAGE, PERSON, readAll, readLines } from '../testing/samples';

describe('reading a PM304 claim file', () => {
  it('yields the records in order, numbered over all of them', async () => {
    const records = await readAll(MESSAGE);
    expect(records.map((record) => [record.record, record.kind])).toEqual([
      [1, 'header'],
      [2, 'insured'],
      [3, 'performance'],
      [4, 'performance'],
      [5, 'trailer'],
    ]);
    expect(records.every((record) => record.raw.length === 310 && record.problems.length === 0)).toBe(true);
  });

  it('gives the values of a line as the domain uses them', async () => {
    const [line] = await readLines(MESSAGE);
    expect(line).toMatchObject({
      practice: '04123456',
      invoice: '2024-0001',
      bsn: '957136171',
      insurer: '3343',
      relationNumber: 'R0001',
      date: '2024-01-15',
      list: '012',
      performance: '1000',
      quantity: 1,
      diagnosis: '3176',
      csi: '008',
      therapist: '04654321',
      tariffCents: 3550,
      calculatedCents: 3550,
      declaredCents: 3550,
      debitCredit: 'D',
      reference: 'REF-1',
      insured: { birthDate: '1961-05-17', name: 'Müller-Ågren' },
    });
    expect(line && amountsAddUp(line)).toBe(true);
  });

  it('leaves optional fields out when they are zeros or blank', async () => {
    const [, line] = await readLines(MESSAGE);
    expect(line?.therapist).toBeUndefined();
    expect(line?.referralDate).toBeUndefined();
    expect(line?.authorisation).toBeUndefined();
    expect(line?.relatedReference).toBeUndefined();
    const bare = formatPm304({
      header: HEADER,
      insured: [{ ...PERSON, lines: [{ date: '2024-01-15', performance: '1000', tariffCents: 1, reference: 'A' }] }],
    });
    expect((await readLines(bare))[0]).toMatchObject({ diagnosis: '', csi: '', problems: [] });
  });

  it('names as practice 0111, else 0112, else 0110', async () => {
    const practiceOf = async (codes: object) =>
      (await readLines(formatPm304({ header: { ...HEADER, practice: undefined, ...codes }, insured: [PERSON] })))[0]?.practice;
    expect(await practiceOf({ professional: '04000001', practice: '04000002', institution: '06000003' })).toBe('04000002');
    expect(await practiceOf({ professional: '04000001', institution: '06000003' })).toBe('06000003');
    expect(await practiceOf({ professional: '04000001' })).toBe('04000001');
  });

  it('sums up a file without keeping it', async () => {
    const credit = {
      date: '2024-01-15',
      debitCredit: 'C' as const,
      performance: '1000',
      tariffCents: 1000,
      reference: 'C-1',
      relatedReference: 'OLD',
    };
    const bytes = formatPm304({
      header: { ...HEADER, test: true },
      insured: [{ ...PERSON, comments: ['Let op'], lines: [...PERSON.lines, credit] }],
    });
    expect(await checkPm304(chunks(bytes))).toMatchObject({
      header: { test: true, practice: '04123456', version: '03.02' },
      trailer: { declaredCents: 6100 },
      counts: { insured: 1, debtors: 0, performances: 3, comments: 1, details: 5, records: 7, performancesWithProblems: 0 },
      totals: { debitCents: 7100, creditCents: 1000, declaredCents: 6100 },
      bytes: 7 * 312,
    });
  });

  it('reads the same whatever the size of the chunks', async () => {
    const whole = await readAll(MESSAGE);
    for (const size of [1, 2, 7, 309, 310, 311, 312, 313, 1000]) expect(await readAll(MESSAGE, size)).toEqual(whole);
  });

  it('accepts a last record without CR LF, and end-of-file characters', async () => {
    const whole = await readAll(MESSAGE);
    const bare = MESSAGE.slice(0, -2);
    expect(await readAll(bare)).toEqual(whole);
    for (const end of [[26], [26, 26, 26], [26, 13, 10]]) {
      expect(await readAll(new Uint8Array([...MESSAGE, ...end]), 100)).toEqual(whole);
      expect(await readAll(new Uint8Array([...bare, 26]), 100)).toEqual(whole);
    }
  });
});
