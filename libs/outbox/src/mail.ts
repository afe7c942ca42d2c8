/** The message as a practice reads it, in Dutch and English. It names claim lines by invoice and reference, and nobody. */
import type { Confirmed } from './confirmation';
import type { Message } from './message-book';

export interface Mail {
  /** `<id@domain>`: the same of a message however often it is sent. */
  readonly messageId: string;
  readonly from: string;
  /** null: the practice has no address; only a file can be written. */
  readonly to: string | null;
  readonly date: Date;
  readonly subject: string;
  readonly text: string;
}

const DUTCH: Readonly<Record<Confirmed, string>> = {
  import: 'De behandelhistorie is verwerkt',
  supersession: 'De gewijzigde behandelhistorie is verwerkt',
  retraction: 'De intrekking van de behandelhistorie is verwerkt',
  remap: 'De omzetting van de diagnosecode is verwerkt',
  'remap-reverted': 'De omzetting van de diagnosecode is teruggedraaid',
  'absorption-reverted': 'De samenvoeging van twee behandeltrajecten is teruggedraaid',
};
const ENGLISH: Readonly<Record<Confirmed, string>> = {
  import: 'The treatment history has been processed',
  supersession: 'The changed treatment history has been processed',
  retraction: 'The withdrawal of the treatment history has been processed',
  remap: 'The remap of the diagnosis code has been processed',
  'remap-reverted': 'The remap of the diagnosis code has been undone',
  'absorption-reverted': 'The joining of two courses of treatment has been undone',
};

/** @param from address of the sender; its domain is that of the Message-ID */
export function mailOf(message: Message, from: string, to: string | null): Mail {
  const { id, confirmed, lines, practice, createdAt } = message;
  const references = lines.map(({ invoice, reference }) => `  ${oneLine(invoice)} / ${oneLine(reference)}`);
  return {
    messageId: `<${id}@${from.split('@')[1] ?? 'localhost'}>`,
    from,
    to,
    // of the message and not of the attempt, so that a repeated one is the same
    date: createdAt,
    subject: `${DUTCH[confirmed]} / ${ENGLISH[confirmed]} (${id.slice(0, 8)})`,
    text: [
      `Praktijk ${practice}, kenmerk ${id}`,
      '',
      `${DUTCH[confirmed]}.`,
      'Deze prestatieregels (factuur / referentie) zijn opnieuw beoordeeld:',
      ...references,
      'U hoeft ze niet opnieuw in te dienen.',
      'Waar onze betaling wijzigt, ontvangt u een betaalspecificatie.',
      '',
      '--',
      '',
      `Practice ${practice}, reference ${id}`,
      '',
      `${ENGLISH[confirmed]}.`,
      'These claim lines (invoice / reference) have been decided anew:',
      ...references,
      'You need not send them again.',
      'Where our payment changes, a payment specification follows.',
      '',
    ].join('\n'),
  };
}

/** A reference number is a practice's free text: it must not look like a line of its own. */
// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/g, ' ');
