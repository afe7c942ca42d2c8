/** Writes PM304 3.2 claim files: running numbers, counts and totals are computed. */
import { fieldOf, PM304_LAYOUT, PM304_MESSAGE_CODE, PM304_SUBVERSION, PM304_VERSION, type RecordType } from '../layouts';
import { formatDate, formatRecord, recordBytes, type FieldValues } from '../records/format-record';

export interface Pm304HeaderInput {
  /** A test message (T instead of P). */
  readonly test?: boolean;
  readonly softwareCode?: string;
  readonly softwareVersion?: string;
  /** UZOVI of the insurer addressed, 4 digits. */
  readonly insurer: string;
  readonly serviceBureau?: string;
  /** AGB codes of fields 0110, 0111 and 0112, 8 digits; at least one says who declares. */
  readonly professional?: string;
  readonly practice?: string;
  readonly institution?: string;
  /** Who is paid; default 03, the practice. */
  readonly paymentTo?: string;
  /** Dates as `YYYY-MM-DD`. */
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly invoice: string;
  readonly invoiceDate: string;
  readonly vatNumber?: string;
}

export interface Pm304LineInput {
  /** Default `D`; a credit (`C`) names the debit line in `relatedReference`. */
  readonly debitCredit?: 'D' | 'C';
  readonly authorisation?: string;
  /** Session date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Default 012. */
  readonly list?: string;
  readonly performance: string;
  /** Default 1. */
  readonly quantity?: number;
  readonly accident?: string;
  /** DCSPH code. */
  readonly diagnosis?: string;
  /** Default 012 when there is a diagnosis. */
  readonly diagnosisList?: string;
  readonly secondDiagnosis?: string;
  /** Indication code, 3 digits. */
  readonly csi?: string;
  readonly therapist?: string;
  readonly therapistSpecialty?: string;
  readonly referralDate?: string;
  readonly referrer?: string;
  readonly referrerSpecialty?: string;
  readonly endReason?: string;
  readonly tariffCents: number;
  /** Default tariff × quantity. */
  readonly calculatedCents?: number;
  /** Default the calculated amount. */
  readonly declaredCents?: number;
  /** Hundredths of a percent; default 0. */
  readonly vatBasisPoints?: number;
  readonly reference: string;
  readonly relatedReference?: string;
  /** Comment records (98) behind the line, at most 140 characters each. */
  readonly comments?: readonly string[];
}

export interface Pm304InsuredInput {
  readonly bsn: string;
  /** UZOVI, 4 digits; default that of the header. */
  readonly insurer?: string;
  readonly relationNumber?: string;
  readonly patientNumber?: string;
  readonly birthDate: string;
  /** 1 male, 2 female, 0 unknown, 9 not specified. */
  readonly sex: '0' | '1' | '2' | '9';
  readonly name: string;
  readonly namePrefix?: string;
  readonly partnerName?: string;
  readonly partnerNamePrefix?: string;
  readonly initials: string;
  readonly postcode?: string;
  readonly foreignPostcode?: string;
  readonly houseNumber: number;
  readonly houseNumberAddition?: string;
  /** ISO 3166 code; absent in the Netherlands. */
  readonly country?: string;
  readonly comments?: readonly string[];
  readonly lines: readonly Pm304LineInput[];
}

function dateField(type: RecordType, number: string, date: string | undefined): string | undefined {
  return date === undefined ? undefined : formatDate(fieldOf(PM304_LAYOUT[type], number), date);
}

function headerValues(header: Pm304HeaderInput): FieldValues {
  return {
    '0101': '01',
    '0102': PM304_MESSAGE_CODE,
    '0103': PM304_VERSION,
    '0104': PM304_SUBVERSION,
    '0105': header.test === true ? 'T' : 'P',
    '0106': header.softwareCode,
    '0107': header.softwareVersion,
    '0108': header.insurer,
    '0109': header.serviceBureau,
    '0110': header.professional,
    '0111': header.practice,
    '0112': header.institution,
    '0113': header.paymentTo ?? '03',
    '0114': dateField('01', '0114', header.periodStart),
    '0115': dateField('01', '0115', header.periodEnd),
    '0116': header.invoice,
    '0117': dateField('01', '0117', header.invoiceDate),
    '0118': header.vatNumber,
    '0119': 'EUR',
  };
}

function insuredValues(insured: Pm304InsuredInput, insurer: string, detailNumber: number): FieldValues {
  return {
    '0201': '02',
    '0202': detailNumber,
    '0203': insured.bsn,
    '0204': insurer,
    '0205': insured.relationNumber,
    '0206': insured.patientNumber,
    '0207': dateField('02', '0207', insured.birthDate),
    '0208': insured.sex,
    '0209': '1',
    '0210': insured.name,
    '0211': insured.namePrefix,
    '0212': insured.partnerName === undefined ? '0' : '2',
    '0213': insured.partnerName,
    '0214': insured.partnerNamePrefix,
    '0215': insured.initials,
    '0217': insured.postcode,
    '0218': insured.foreignPostcode,
    '0219': insured.houseNumber,
    '0220': insured.houseNumberAddition,
    '0221': insured.country,
  };
}

function lineValues(line: Pm304LineInput, insured: Pm304InsuredInput, insurer: string, detailNumber: number): FieldValues {
  const quantity = line.quantity ?? 1;
  const calculatedCents = line.calculatedCents ?? line.tariffCents * quantity;
  const flag = line.debitCredit ?? 'D';
  const codeList = line.diagnosisList ?? '012';
  return {
    '0401': '04',
    '0402': detailNumber,
    '0403': insured.bsn,
    '0404': insurer,
    '0405': insured.relationNumber,
    '0406': line.authorisation,
    '0407': '1',
    '0408': dateField('04', '0408', line.date),
    '0409': line.list ?? '012',
    '0410': line.performance,
    '0411': quantity,
    '0412': line.accident,
    '0417': line.diagnosis === undefined ? undefined : codeList,
    '0418': line.diagnosis,
    '0419': line.secondDiagnosis === undefined ? undefined : codeList,
    '0420': line.secondDiagnosis,
    '0421': line.csi,
    '0422': line.therapist,
    '0423': line.therapistSpecialty,
    '0424': dateField('04', '0424', line.referralDate),
    '0425': line.referrer,
    '0426': line.referrerSpecialty,
    '0427': line.endReason,
    '0428': line.tariffCents,
    '0429': calculatedCents,
    '0430': flag,
    '0431': line.vatBasisPoints,
    '0432': line.declaredCents ?? calculatedCents,
    '0433': flag,
    '0434': line.reference,
    '0435': line.relatedReference,
  };
}

/** Running numbers, counts and total of one message while it is written. */
class MessageTotals {
  insured = 0;
  performances = 0;
  comments = 0;
  totalCents = 0;

  /** Number of the next detail record: over all of them, from 1. */
  next(): number {
    return this.insured + this.performances + this.comments + 1;
  }

  comment(text: string, lineNumber: number): string {
    const record = formatRecord(PM304_LAYOUT['98'], { '9801': '98', '9802': this.next(), '9803': lineNumber, '9804': text });
    this.comments += 1;
    return record;
  }

  trailer(): string {
    return formatRecord(PM304_LAYOUT['99'], {
      '9901': '99',
      '9902': this.insured,
      '9903': 0,
      '9904': this.performances,
      '9905': this.comments,
      '9906': this.next() - 1,
      '9907': Math.abs(this.totalCents),
      '9908': this.totalCents < 0 ? 'C' : 'D',
    });
  }
}

function insuredRecords(insured: Pm304InsuredInput, header: Pm304HeaderInput, totals: MessageTotals): string[] {
  const insurer = insured.insurer ?? header.insurer;
  const records = [formatRecord(PM304_LAYOUT['02'], insuredValues(insured, insurer, totals.next()))];
  totals.insured += 1;
  (insured.comments ?? []).forEach((text, index) => records.push(totals.comment(text, index + 1)));
  for (const line of insured.lines) {
    const values = lineValues(line, insured, insurer, totals.next());
    records.push(formatRecord(PM304_LAYOUT['04'], values));
    totals.performances += 1;
    totals.totalCents += (line.debitCredit === 'C' ? -1 : 1) * Number(values['0432']);
    (line.comments ?? []).forEach((text, index) => records.push(totals.comment(text, index + 1)));
  }
  return records;
}

/**
 * Writes a claim file as a stream: the header, then the records of one insured person at a time, then the trailer. Values are written
 * as given, as long as they fit: an invalid BSN or a date that does not exist is for the reader to find (samples need them).
 *
 * @throws ClaimFieldError when a value does not fit its field, or a mandatory one is missing
 */
export function* writePm304(
  header: Pm304HeaderInput,
  insured: Iterable<Pm304InsuredInput>,
): Generator<Uint8Array, void, undefined> {
  const totals = new MessageTotals();
  yield recordBytes(formatRecord(PM304_LAYOUT['01'], headerValues(header)));
  for (const person of insured) yield recordBytes(...insuredRecords(person, header, totals));
  yield recordBytes(totals.trailer());
}

/** The whole claim file as bytes; see `writePm304`. */
export function formatPm304(message: {
  readonly header: Pm304HeaderInput;
  readonly insured: Iterable<Pm304InsuredInput>;
}): Uint8Array {
  return new Uint8Array(Buffer.concat([...writePm304(message.header, message.insured)]));
}
