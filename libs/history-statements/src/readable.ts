/** The statement as a person reads it: a PDF in Dutch, made from the very values that were signed. */
import type { HistoryStatement } from './statement';

export interface Readable {
  readonly statement: HistoryStatement;
  /** As the vault has it; null when none was ever given. It stands on paper only and not in what is signed. */
  readonly name: string | null;
  /** SHA-256 of the signed statement, hex. */
  readonly digest: string;
  readonly keyId: string;
}

type Row = readonly [label: string, value: string];

const MARGIN = 56;
const LABEL_WIDTH = 190;
const SIDES = { left: 'links', right: 'rechts', both: 'beide zijden' } as const;
const SCOPES = {
  elsewhere: 'alleen behandelingen tijdens de verzekering bij deze verzekeraar',
  everything: 'het gehele traject, met de hieronder genoemde eerdere opgaven',
} as const;
const STATUSES = { asserted: 'opgegeven', verified: 'geverifieerd' } as const;

/** One document in A4. Its creation date is that of the statement: the same statement gives the same text. */
export async function readableStatement(readable: Readable): Promise<Buffer> {
  const { statement, digest, keyId } = readable;
  // loaded here: it takes a tenth of the time in which a process starts, and hardly any makes a PDF
  const { default: PDFDocument } = await import('pdfkit');
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    lang: 'nl-NL',
    info: { Title: 'Behandelhistorie', CreationDate: new Date(statement.iat * 1000) },
  });
  const parts: Buffer[] = [];
  const ended = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(Buffer.concat(parts)));
    document.on('error', reject);
  });
  document.font('Helvetica-Bold').fontSize(16).text('Behandelhistorie bij overstap van zorgverzekeraar');
  document.moveDown(0.5).font('Helvetica').fontSize(9);
  document.text(
    'Leesbare weergave van een elektronisch ondertekende verklaring. Voor verwerking geldt de ondertekende verklaring zelf; controleer de handtekening met de openbare sleutel van de verzekeraar.',
  );
  section(document, 'Verzekerde', insured(readable));
  section(document, 'Verzekeraar', insurer(statement));
  section(document, 'Behandeltraject', trajectory(statement.history));
  section(document, 'Aantal behandelingen', counts(statement.history));
  section(document, 'Zorgaanbieder', providers(statement.history));
  section(document, 'Ondertekening', [
    ['Verklaring', statement.jti],
    ['Afgegeven op', dayOf(statement.iat)],
    ['Geldig tot', dayOf(statement.exp)],
    ['Sleutel', keyId],
    ['SHA-256 van de verklaring', digest],
  ]);
  document.end();
  return ended;
}

const insured = ({ statement, name }: Readable): Row[] => [
  ['Naam', name ?? 'niet bekend'],
  ['Geboortedatum', dutch(statement.subject.birthDate)],
  ['BSN', statement.subject.bsn],
];

const insurer = ({ iss, history }: HistoryStatement): Row[] => [
  ['UZOVI-nummer', iss],
  ['Verzekerd tot en met', history.insuredThrough === undefined ? 'loopt' : dutch(history.insuredThrough)],
];

const trajectory = (history: HistoryStatement['history']): Row[] => [
  ['DCSPH-diagnosecode', history.diagnosis],
  ['Alle codes van het traject', history.codes.join(', ')],
  ['Aandoening (bijlage 1 Bzv)', history.item ?? 'niet vastgesteld'],
  ['Zijde', history.side === undefined ? 'niet opgegeven' : SIDES[history.side]],
  ['Datum diagnose', dated(history.diagnosedOn)],
  ['Datum operatie', dated(history.operatedOn)],
  ['Datum ontslag', dated(history.dischargedOn)],
  ['Datum verwijzing', dated(history.referredOn)],
  ...(history.careClass === undefined ? [] : [['Klasse', history.careClass] as const]),
];

function counts(history: HistoryStatement['history']): Row[] {
  const years = Object.entries(history.perCalendarYear ?? {});
  return [
    ['Datum eerste behandeling', dutch(history.startedOn)],
    [`Aantal tot en met ${dutch(history.throughDate)}`, String(history.count)],
    ['Per kalenderjaar', years.length === 0 ? 'niet bekend' : years.map(([year, n]) => `${year}: ${n}`).join(', ')],
    ['Datum laatste behandeling', dated(history.lastSessionOn)],
    ['Omvat', SCOPES[history.scope]],
    ...history.rests.map((each, i): Row => [
      i === 0 ? 'Eerdere opgaven in dit aantal' : '',
      `${each.count} tot en met ${dutch(each.throughDate)}, ${each.insurer === undefined ? 'verzekeraar niet genoemd' : `verzekeraar ${each.insurer}`}, ${STATUSES[each.status]}`,
    ]),
  ];
}

const providers = ({ practices, severalTherapists }: HistoryStatement['history']): Row[] => [
  ['AGB-code praktijk', practices.length === 0 ? 'geen bij deze verzekeraar' : practices.join(', ')],
  ['Meer dan een therapeut', severalTherapists ? 'ja' : 'nee'],
];

function section(document: PDFKit.PDFDocument, title: string, rows: readonly Row[]): void {
  document.moveDown(0.9).font('Helvetica-Bold').fontSize(11).text(title, MARGIN);
  document.font('Helvetica').fontSize(9);
  const width = document.page.width - 2 * MARGIN - LABEL_WIDTH;
  for (const [label, value] of rows) {
    const height = document.heightOfString(printable(value), { width });
    if (document.y + height > document.page.height - MARGIN) document.addPage();
    const { y } = document;
    document.text(label, MARGIN, y, { width: LABEL_WIDTH - 8 });
    document.text(printable(value), MARGIN + LABEL_WIDTH, y, { width });
  }
}

/** The standard fonts have Latin letters of western Europe: of any other letter the accent is left out, and what remains is `?`. */
const printable = (text: string): string =>
  [...text]
    .map((each) => {
      if (/[\x20-\x7e\u00a0-\u00ff]/.test(each)) return each;
      const plain = each.normalize('NFD').replace(/\p{M}/gu, '');
      return /^[\x20-\x7e]+$/.test(plain) ? plain : '?';
    })
    .join('');

const dutch = (date: string): string => date.split('-').reverse().join('-');
const dated = (date: string | undefined): string => (date === undefined ? 'niet opgegeven' : dutch(date));
const dayOf = (seconds: number): string => dutch(new Date(seconds * 1000).toISOString().slice(0, 10));
