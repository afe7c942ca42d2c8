import {
  fieldOf,
  PM305_LAYOUT,
  PM305_MESSAGE_CODE,
  PM305_RECORD_LENGTH,
  textOf,
  type FieldLayout,
  type RecordType,
} from '../layouts';
import { dateOf, digitsOf } from '../calendar';
import { MessageReader } from '../pm304/message';
import { RecordFramer } from '../records/framing';
import type {
  CommentRecord,
  DebtorRecord,
  HeaderRecord,
  InsuredRecord,
  PerformanceRecord,
  Pm304Record,
  TrailerRecord,
} from '../records/records';

/** The return codes that are filled, in order. */
interface Returned {
  readonly codes: readonly string[];
}

/** The record of the claim (`raw`: all 370 bytes) and what the return adds to it. Amounts in cents, negative for a credit. */
export type Pm305Record =
  | (HeaderRecord & Returned & { readonly insurerReference: string; readonly returnDate: string })
  | (InsuredRecord & Returned)
  | (DebtorRecord & Returned)
  | (CommentRecord & Returned)
  | (PerformanceRecord & Returned & { readonly insurerCalculatedCents: number; readonly grantedCents: number })
  | (TrailerRecord & Returned & { readonly grantedCents: number });

const F = (type: RecordType, number: string) => fieldOf(PM305_LAYOUT[type], number);
const REFERENCE = F('01', '0181');
const RETURN_DATE = F('01', '0182');
const CALCULATED = F('04', '0481');
const CALCULATED_FLAG = F('04', '0482');
const GRANTED = F('04', '0483');
const GRANTED_FLAG = F('04', '0484');
const TOTAL_GRANTED = F('99', '9909');
const TOTAL_FLAG = F('99', '9910');
const CODES: Readonly<Record<RecordType, readonly FieldLayout[]>> = {
  '01': ['0183', '0184', '0185'].map((number) => F('01', number)),
  '02': ['0281', '0282', '0283'].map((number) => F('02', number)),
  '03': ['0381', '0382', '0383'].map((number) => F('03', number)),
  '04': ['0485', '0486', '0487'].map((number) => F('04', number)),
  '98': ['9881', '9882', '9883'].map((number) => F('98', number)),
  '99': [],
};

function codesOf(text: string, type: RecordType): string[] {
  return CODES[type].map((layout) => textOf(text, layout).trim()).filter((code) => code !== '' && code !== '0000');
}

function signed(text: string, amount: FieldLayout, flag: FieldLayout): number {
  const cents = Math.max(0, digitsOf(textOf(text, amount)));
  return textOf(text, flag) === 'C' && cents !== 0 ? -cents : cents;
}

function withReturn(record: Pm304Record, text: string): Pm305Record {
  switch (record.kind) {
    case 'header': {
      const returnDate = dateOf(textOf(text, RETURN_DATE)) ?? '';
      return { ...record, codes: codesOf(text, '01'), insurerReference: textOf(text, REFERENCE).trim(), returnDate };
    }
    case 'insured':
      return { ...record, codes: codesOf(text, '02') };
    case 'debtor':
      return { ...record, codes: codesOf(text, '03') };
    case 'comment':
      return { ...record, codes: codesOf(text, '98') };
    case 'performance':
      return {
        ...record,
        codes: codesOf(text, '04'),
        insurerCalculatedCents: signed(text, CALCULATED, CALCULATED_FLAG),
        grantedCents: signed(text, GRANTED, GRANTED_FLAG),
      };
    case 'trailer':
      return { ...record, codes: [], grantedCents: signed(text, TOTAL_GRANTED, TOTAL_FLAG) };
  }
}

/**
 * Reads a PM305 return message as a stream. The problems that its claim had stand in `problems` of the records again; they do not
 * refuse the return. A total that differs from the sum of what was granted is for the caller to compare.
 *
 * @throws ClaimFileError when it is no return message: record length, order, message code, counts, missing trailer
 */
export async function* readPm305(source: AsyncIterable<Uint8Array>): AsyncGenerator<Pm305Record, void, undefined> {
  let ready: Pm305Record[] = [];
  const message = new MessageReader({
    messageCode: PM305_MESSAGE_CODE,
    keepBytes: true,
    strict: false,
    deliver: (record, text) => ready.push(withReturn(record, text)),
    enough: () => (framer.stopped = true),
  });
  const framer: RecordFramer = new RecordFramer(PM305_RECORD_LENGTH, message);
  for await (const chunk of source) {
    for (const part of framer.parts(chunk)) {
      framer.push(part);
      yield* ready;
      ready = [];
    }
    if (framer.stopped) break;
  }
  framer.finish();
  yield* ready;
  message.finish(framer.stopped);
}
