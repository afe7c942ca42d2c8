/**
 * Record layouts of EI standard PM305 version 3.2 (return on a paramedical claim): the 310 characters of the claim and 60 more.
 * The field numbers of the added fields are ours, counted on from the last of the claim; the standard's own were not found.
 */
import { field, type FieldLayout, type MessageLayout, type RecordLayout, type RecordType } from './field';
import { PM304_LAYOUT } from './pm304';

export const PM305_RECORD_LENGTH = 370;
/** Message code (field 0102) of the return. */
export const PM305_MESSAGE_CODE = '108';

/** Three return codes one after the other, and the reserve up to 370. */
function codesAndReserve(type: RecordType, firstNumber: number, start: number): FieldLayout[] {
  const number = (offset: number) => `${type}${String(firstNumber + offset)}`;
  return [
    field(number(0), 'Retourcode (01)', 'AN', 4, start, 'C'),
    field(number(1), 'Retourcode (02)', 'AN', 4, start + 4, 'O'),
    field(number(2), 'Retourcode (03)', 'AN', 4, start + 8, 'O'),
    field(`${type}99`, 'Reserve retourbericht', 'AN', PM305_RECORD_LENGTH - start - 11, start + 12, 'S'),
  ];
}

/** The fields that the return adds behind the claim's; the trailer's begin where the claim's reserve does. */
export const PM305_ADDED_FIELDS: Readonly<Record<RecordType, RecordLayout>> = {
  '01': [
    field('0181', 'Referentienummer zorgverzekeraar', 'AN', 24, 311, 'M'),
    field('0182', 'Dagtekening retourbericht', 'N', 8, 335, 'M'),
    ...codesAndReserve('01', 83, 343),
  ],
  '02': codesAndReserve('02', 81, 311),
  '03': codesAndReserve('03', 81, 311),
  '04': [
    field('0481', 'Berekend bedrag zorgverzekeraar', 'N', 8, 311, 'M'),
    field('0482', 'Indicatie debet/credit (03)', 'AN', 1, 319, 'M'),
    field('0483', 'Toegekend bedrag', 'N', 8, 320, 'M'),
    field('0484', 'Indicatie debet/credit (04)', 'AN', 1, 328, 'M'),
    ...codesAndReserve('04', 85, 329),
  ],
  '98': codesAndReserve('98', 81, 311),
  '99': [
    field('9909', 'Totaal toegekend bedrag', 'N', 11, 46, 'M'),
    field('9910', 'Indicatie debet/credit (02)', 'AN', 1, 57, 'M'),
    field('9999', 'Reserve retourbericht', 'AN', 313, 58, 'S'),
  ],
};

export const PM305_LAYOUT: MessageLayout = {
  '01': [...PM304_LAYOUT['01'], ...PM305_ADDED_FIELDS['01']],
  '02': [...PM304_LAYOUT['02'], ...PM305_ADDED_FIELDS['02']],
  '03': [...PM304_LAYOUT['03'], ...PM305_ADDED_FIELDS['03']],
  '04': [...PM304_LAYOUT['04'], ...PM305_ADDED_FIELDS['04']],
  '98': [...PM304_LAYOUT['98'], ...PM305_ADDED_FIELDS['98']],
  '99': [...PM304_LAYOUT['99'].slice(0, -1), ...PM305_ADDED_FIELDS['99']],
};
