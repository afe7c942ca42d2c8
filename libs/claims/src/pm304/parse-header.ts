import { fieldOf, PM304_LAYOUT, PM304_MESSAGE_CODE, PM304_SUBVERSION, PM304_VERSION, PM305_MESSAGE_CODE } from '../layouts';
import { digitsOf } from '../calendar';
import { FieldReader } from '../records/field-reader';
import type { HeaderRecord } from '../records/records';

const F = (number: string) => fieldOf(PM304_LAYOUT['01'], number);
const MESSAGE_CODE = F('0102');
const VERSION = F('0103');
const SUBVERSION = F('0104');
const KIND = F('0105');
const SOFTWARE = F('0106');
const SOFTWARE_VERSION = F('0107');
const INSURER = F('0108');
const BUREAU = F('0109');
const PROFESSIONAL = F('0110');
const PRACTICE = F('0111');
const INSTITUTION = F('0112');
const PAYMENT_TO = F('0113');
const PERIOD_START = F('0114');
const PERIOD_END = F('0115');
const INVOICE = F('0116');
const INVOICE_DATE = F('0117');
const VAT_NUMBER = F('0118');
const CURRENCY = F('0119');

/** Message code and version, against the one standard that is read. */
function checkStandard(fields: FieldReader, messageCode: string): void {
  const code = fields.raw(MESSAGE_CODE);
  if (code !== messageCode) {
    const otherwise =
      code === PM305_MESSAGE_CODE
        ? 'this is a PM305 return message, send the claim'
        : code === PM304_MESSAGE_CODE
          ? 'this is a PM304 claim, not its return'
          : 'it is another message';
    fields.refuse('0010', MESSAGE_CODE, `The message code must be ${messageCode}: ${otherwise}.`);
  }
  const supported = `only version ${PM304_VERSION}.${PM304_SUBVERSION} is supported`;
  const version = fields.raw(VERSION);
  const subversion = fields.raw(SUBVERSION);
  if (digitsOf(version) < 0) fields.refuse('0011', VERSION, `The version must be two digits; ${supported}.`);
  else if (version !== PM304_VERSION)
    fields.refuse('8061', VERSION, `This version of the standard is not supported; ${supported}.`);
  else if (digitsOf(subversion) < 0) fields.refuse('8027', SUBVERSION, `The subversion must be two digits; ${supported}.`);
  else if (subversion !== PM304_SUBVERSION) {
    fields.refuse('8061', SUBVERSION, `This subversion of the standard is not supported; ${supported}.`);
  }
}

/**
 * Record 01. Every problem of a header refuses the whole file.
 *
 * @param messageCode what field 0102 must hold: 107 for the claim, 108 for the return
 */
export function parseHeader(text: string, raw: Uint8Array, record: number, messageCode: string): HeaderRecord {
  const fields = new FieldReader(text, record);
  checkStandard(fields, messageCode);
  const kind = fields.raw(KIND);
  if (kind !== 'P' && kind !== 'T') fields.refuse('8028', KIND, 'The kind of message must be P (production) or T (test).');
  const insurer = fields.digits(INSURER, '0018');
  const professional = fields.optionalDigits(PROFESSIONAL, '0014');
  const practiceCode = fields.optionalDigits(PRACTICE, '0016');
  const institution = fields.optionalDigits(INSTITUTION, '0017');
  const practice = practiceCode ?? institution ?? professional ?? '';
  if (practice === '') fields.refuse('0016', PRACTICE, 'No AGB code says who declares; fill 0111, or 0112 or 0110.');
  const paymentTo = fields.digits(PAYMENT_TO, '8029');
  const periodStart = fields.date(PERIOD_START, '0020');
  const periodEnd = fields.date(PERIOD_END, '0021');
  if (periodEnd !== '' && periodEnd < periodStart) {
    fields.refuse('0021', PERIOD_END, 'The claim period ends before it begins; correct 0114 or 0115.');
  }
  const invoice = fields.mandatory(INVOICE, '0030');
  const invoiceDate = fields.date(INVOICE_DATE, '0025');
  if (fields.raw(CURRENCY) !== 'EUR') fields.refuse('0031', CURRENCY, 'The currency must be EUR.');
  return {
    kind: 'header',
    record,
    raw,
    test: kind === 'T',
    version: `${fields.raw(VERSION)}.${fields.raw(SUBVERSION)}`,
    softwareCode: fields.optional(SOFTWARE),
    softwareVersion: fields.optional(SOFTWARE_VERSION),
    insurer,
    serviceBureau: fields.optionalDigits(BUREAU, '0013'),
    professional,
    practiceCode,
    institution,
    practice,
    paymentTo,
    periodStart,
    periodEnd,
    invoice,
    invoiceDate,
    vatNumber: fields.optional(VAT_NUMBER),
    problems: fields.problems,
  };
}
