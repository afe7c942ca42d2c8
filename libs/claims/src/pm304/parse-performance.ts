import { isValidBsn } from '../bsn';
import { digitsOf, isEmptyNumber } from '../calendar';
import { fieldOf, PM304_LAYOUT } from '../layouts';
import { FieldReader } from '../records/field-reader';
import type { HeaderRecord, InsuredRecord, PerformanceRecord } from '../records/records';

const F = (number: string) => fieldOf(PM304_LAYOUT['04'], number);
const KIND = F('0401');
const DETAIL = F('0402');
const BSN = F('0403');
const INSURER = F('0404');
const RELATION = F('0405');
const AUTHORISATION = F('0406');
const FORWARDING = F('0407');
const DATE = F('0408');
const LIST = F('0409');
const PERFORMANCE = F('0410');
const QUANTITY = F('0411');
const ACCIDENT = F('0412');
const DIAGNOSIS_LIST = F('0417');
const DIAGNOSIS = F('0418');
const SECOND_DIAGNOSIS = F('0420');
const CSI = F('0421');
const THERAPIST = F('0422');
const REFERRAL_DATE = F('0424');
const REFERRER = F('0425');
const END_REASON = F('0427');
const TARIFF = F('0428');
const CALCULATED = F('0429');
const CALCULATED_FLAG = F('0430');
const VAT = F('0431');
const DECLARED = F('0432');
const DECLARED_FLAG = F('0433');
const REFERENCE = F('0434');
const RELATED = F('0435');

/** Sessions from this date are declared under GDS801. */
export const PM304_LAST_DATE = '2024-12-31';

/** What of the message around it a line is read with. */
export interface LineContext {
  readonly header: HeaderRecord | null;
  readonly insured: InsuredRecord | null;
  /** Highest running number of a performance record so far. */
  readonly previousDetail: number;
}

function checkDetail(fields: FieldReader, context: LineContext): number {
  const before = fields.problems.length;
  const detailNumber = fields.number(DETAIL, '0801', 'The running number');
  if (fields.problems.length === before && detailNumber <= context.previousDetail) {
    const problem =
      'The running number is not higher than that of the performance record before; number them upwards, each once.';
    fields.refuse('0801', DETAIL, problem);
  }
  return detailNumber;
}

/** The insured person of the line against the insured record above it. */
function checkInsured(fields: FieldReader, insured: InsuredRecord | null): { bsn: string; insurer: string } {
  let bsn = fields.raw(BSN);
  if (!isValidBsn(bsn)) {
    fields.refuse('0435', BSN, 'The BSN is missing or fails the eleven test; ask the insured person for it.');
    bsn = '';
  } else if (insured !== null && insured.bsn !== '' && insured.bsn !== bsn) {
    fields.refuse(
      '0435',
      BSN,
      `The BSN differs from that of the insured record above (record ${insured.record}); correct one of them.`,
    );
    bsn = '';
  }
  let insurer = fields.digits(INSURER, '0423');
  if (insured !== null && insurer !== '' && insured.insurer !== '' && insured.insurer !== insurer) {
    const problem = `The UZOVI number differs from that of the insured record above (record ${insured.record}); correct one of them.`;
    fields.refuse('0423', INSURER, problem);
    insurer = '';
  }
  if (insured === null) fields.refuse('8026', KIND, 'No insured record (02) stands before this line; put it in front.');
  else if (insured.problems.length > 0 && bsn !== '') {
    const problem = `The insured record above (record ${insured.record}) was not accepted; correct that and send the line again.`;
    fields.refuse('8002', KIND, problem);
  }
  return { bsn, insurer };
}

function checkDate(fields: FieldReader, context: LineContext): string {
  const date = fields.date(DATE, '8007');
  if (date === '') return date;
  const invoiceDate = context.header?.invoiceDate ?? '';
  const birthDate = context.insured?.birthDate ?? '';
  if (invoiceDate !== '' && date > invoiceDate) {
    fields.refuse('8176', DATE, 'The date lies after the invoice date (0117); correct the one or the other.');
  }
  if (birthDate !== '' && date < birthDate) {
    fields.refuse('8007', DATE, 'The date lies before the birth of the insured person; correct it.');
  }
  if (date > PM304_LAST_DATE) {
    fields.refuse('8061', DATE, 'Sessions from 2025-01-01 cannot be claimed with PM304; send the line as GDS801.');
  }
  return date;
}

/** Amounts in cents with their D/C flags, which must agree. */
function readAmounts(fields: FieldReader) {
  const tariffCents = fields.number(TARIFF, '0611', 'The tariff, in cents,');
  const calculatedCents = fields.number(CALCULATED, '8032', 'The calculated amount, in cents,');
  const calculatedFlag = fields.debitCredit(CALCULATED_FLAG, '0631');
  const declaredCents = fields.number(DECLARED, '8033', 'The declared amount, in cents,');
  const declaredFlag = fields.debitCredit(DECLARED_FLAG, '0631');
  if (calculatedFlag !== null && declaredFlag !== null && calculatedFlag !== declaredFlag) {
    fields.refuse('8064', DECLARED_FLAG, 'The debit/credit flags 0430 and 0433 differ; make them the same.');
  }
  const vat = fields.raw(VAT);
  if (!isEmptyNumber(vat) && digitsOf(vat) < 0) fields.refuse('8016', VAT, 'The VAT percentage must be four digits, or zeros.');
  return { tariffCents, calculatedCents, declaredCents, debitCredit: declaredFlag ?? calculatedFlag ?? 'D' };
}

function readIndication(fields: FieldReader): string {
  return fields.optionalDigits(CSI, '3102') ?? '';
}

function readQuantity(fields: FieldReader): number {
  const quantity = digitsOf(fields.raw(QUANTITY));
  if (quantity > 0) return quantity;
  fields.refuse('0638', QUANTITY, 'The number of performances must be four digits, at least 0001.');
  return 0;
}

/** Record 04. Codes, indication and combinations are judged by the engine, not here. */
export function parsePerformance(text: string, raw: Uint8Array, record: number, context: LineContext): PerformanceRecord {
  const fields = new FieldReader(text, record);
  const detailNumber = checkDetail(fields, context);
  const { bsn, insurer } = checkInsured(fields, context.insured);
  if (fields.raw(FORWARDING) !== '1') {
    fields.refuse('8179', FORWARDING, 'Forwarding must be allowed; fill 1.');
  }
  const date = checkDate(fields, context);
  const list = fields.digits(LIST, '0581');
  const performance = fields.mandatory(PERFORMANCE, '0582');
  const quantity = readQuantity(fields);
  const csi = readIndication(fields);
  const therapist = fields.optionalDigits(THERAPIST, '8011');
  const referralDate = fields.optionalDate(REFERRAL_DATE, '8014');
  const referrer = fields.optionalDigits(REFERRER, '8014');
  const amounts = readAmounts(fields);
  const reference = fields.mandatory(REFERENCE, '8021');
  const relatedReference = fields.optional(RELATED);
  if (amounts.debitCredit === 'C' && relatedReference === undefined) {
    fields.refuse('0651', RELATED, 'A credit must name the line that it takes back; fill its reference number.');
  }
  const { header, insured } = context;
  return {
    kind: 'performance',
    record,
    raw,
    detailNumber,
    insured,
    bsn,
    insurer,
    relationNumber: fields.optional(RELATION),
    practice: header?.practice ?? '',
    invoice: header?.invoice ?? '',
    invoiceDate: header?.invoiceDate ?? '',
    authorisation: fields.optional(AUTHORISATION),
    date,
    list,
    performance,
    quantity,
    accident: fields.optional(ACCIDENT),
    diagnosis: fields.optional(DIAGNOSIS) ?? '',
    diagnosisList: fields.optional(DIAGNOSIS_LIST),
    secondDiagnosis: fields.optional(SECOND_DIAGNOSIS),
    csi,
    therapist,
    referralDate,
    referrer,
    endReason: fields.optional(END_REASON),
    tariffCents: amounts.tariffCents,
    calculatedCents: amounts.calculatedCents,
    declaredCents: amounts.declaredCents,
    debitCredit: amounts.debitCredit,
    reference,
    relatedReference,
    problems: fields.problems,
  };
}
