import { digitsOf, isEmptyNumber } from '../calendar';
import { isValidBsn } from '../bsn';
import { fieldOf, PM304_LAYOUT } from '../layouts';
import { FieldReader } from '../records/field-reader';
import type { HeaderRecord, InsuredRecord } from '../records/records';

const F = (number: string) => fieldOf(PM304_LAYOUT['02'], number);
const DETAIL = F('0202');
const BSN = F('0203');
const INSURER = F('0204');
const RELATION = F('0205');
const PATIENT = F('0206');
const BIRTH_DATE = F('0207');
const SEX = F('0208');
const NAME = F('0210');
const PREFIX = F('0211');
const INITIALS = F('0215');
const POSTCODE = F('0217');
const HOUSE_NUMBER = F('0219');

const SEXES = new Set(['0', '1', '2', '9']);

/**
 * Record 02. The BSN, insurer, birth date, sex and running number are checked; the other fields are passed over: a person is known by the BSN.
 *
 * @param previousDetail highest running number of an insured record so far; this one must be higher
 */
export function parseInsured(
  text: string,
  raw: Uint8Array,
  record: number,
  header: HeaderRecord | null,
  previousDetail: number,
): InsuredRecord {
  const fields = new FieldReader(text, record);
  const detailNumber = fields.number(DETAIL, '0801', 'The running number');
  if (fields.problems.length === 0 && detailNumber <= previousDetail) {
    fields.refuse(
      '0801',
      DETAIL,
      'The running number is not higher than that of the insured record before; number them upwards, each once.',
    );
  }
  let bsn = fields.raw(BSN);
  if (!isValidBsn(bsn)) {
    fields.refuse('0435', BSN, 'The BSN is missing or fails the eleven test; ask the insured person for it.');
    bsn = '';
  }
  const insurer = fields.digits(INSURER, '0423');
  let birthDate = fields.date(BIRTH_DATE, '8004');
  if (birthDate !== '' && header !== null && header.invoiceDate !== '' && birthDate > header.invoiceDate) {
    fields.refuse('8004', BIRTH_DATE, 'The birth date lies after the invoice date (0117); correct it.');
    birthDate = '';
  }
  const sex = fields.raw(SEX);
  if (!SEXES.has(sex)) fields.refuse('0351', SEX, 'The code must be 1 (male), 2 (female), 0 (unknown) or 9 (not specified).');
  const house = fields.raw(HOUSE_NUMBER);
  return {
    kind: 'insured',
    record,
    raw,
    detailNumber,
    bsn,
    insurer,
    relationNumber: fields.optional(RELATION),
    patientNumber: fields.optional(PATIENT),
    birthDate,
    sex: SEXES.has(sex) ? sex : '',
    name: fields.optional(NAME) ?? '',
    namePrefix: fields.optional(PREFIX),
    initials: fields.optional(INITIALS) ?? '',
    postcode: fields.optional(POSTCODE),
    houseNumber: isEmptyNumber(house) || digitsOf(house) < 0 ? undefined : digitsOf(house),
    problems: fields.problems,
  };
}
