/** Builds the official workbook for tests, as a spreadsheet program writes it: shared texts, number cells, deflated parts. */
import { crc32, deflateRawSync } from 'node:zlib';
import type { DiagnosisRelease } from '#libs/coverage';
import { unfoldRows } from '../diagnosis-codes';

/** A text, a number, or an error such as `#REF!` given as `{ error }`. */
export type Cell = string | number | { readonly error: string };
/** Cells by address, `F4`. */
export type Cells = Map<string, Cell>;

export const SHEET_NAME = 'DCSPH Aanspraakcode ';
const STATUS: Readonly<Record<string, string>> = {
  all: 'open',
  pelvic: 'open voor Bekken FT',
  'pelvic-or-exercise': 'open voor Bekken FT en OT',
  cz: 'open voor CZ',
  skin: 'open voor HT',
  'skin-or-pelvic': 'open voor HT/open voor Bekken FT',
  child: 'open voor kinderFT',
};
const LETTERS = Array.from({ length: 38 }, (_, i) => (i < 26 ? '' : 'A') + String.fromCharCode(65 + (i % 26)));
const column = (name: string): number => LETTERS.indexOf(name);
const ADULT = ['001', '008', '009', '010', '011', '012', '013', '014', '015', '016', '017', '018', '019', '020', '021'];
const CHILD = ['001', '003', '009', '020', '021'];
/** N to AB, AC to AG, AH to AL. */
const GROUPS = [
  ['adult', column('N'), ADULT],
  ['childPhysiotherapy', column('AC'), CHILD],
  ['childExercise', column('AH'), CHILD],
] as const;

const official = (item: string): string => {
  const annex = /^1\.([a-d])\.(\d+)$/.exec(item);
  if (annex !== null) return `${annex[1]?.toUpperCase()}${annex[2]}°`;
  return item.startsWith('2.6-') ? `BZ 2.6.${item.slice(4)}` : '';
};

/** The sheet of a release: every code of its table, closed ones too, in the columns of the official workbook. */
export function dcsphCells(release: DiagnosisRelease): Cells {
  const cells: Cells = new Map();
  const open = unfoldRows(release.rows);
  const onlyAt = new Map(release.onlyAt.map((each) => [each.pathology, each.location]));
  cells.set('A1', 'DCSPH').set('N2', 'Volwassenen').set('AC2', 'Fysiotherapie tot 18').set('AH2', 'Oefentherapie tot 18');
  const headings =
    'Code,Locatie,Pathologie,Lichaamslocatie,Pathologie omschrijving,Status,Voorbeelden,Bekken,Maximale termijn,Overig,Besluit,Zijde,Aanspraak';
  headings.split(',').forEach((heading, i) => cells.set(`${LETTERS[i]}3`, heading));
  for (const [, first, codes] of GROUPS)
    codes.forEach((code, i) => cells.set(`${LETTERS[first + i]}3`, code === '010' ? '10' : code));
  let row = 4;
  for (const { code: location, name } of release.locations) {
    for (const { code: pathology, name: pathologyName } of release.pathologies) {
      if ((onlyAt.get(pathology) ?? location) !== location) continue;
      const at = row++;
      const entry = open.get(location + pathology);
      const put = (letter: string, value: Cell): unknown => cells.set(`${letter}${at}`, value);
      // codes as numbers lose their leading zeros, every other row has them as texts
      const asCell = (text: string): Cell => (at % 2 === 0 ? Number(text) : ` ${text} `);
      put('A', asCell(location + pathology));
      put('B', asCell(location));
      put('C', asCell(pathology));
      put('D', name);
      put('E', pathologyName);
      put('F', entry === undefined ? 'dicht' : (STATUS[entry.openTo] ?? entry.openTo));
      put('Q', ' ');
      if (entry === undefined) continue;
      const [first = '', ...others] = entry.items.map(official);
      if (first !== '') put('K', `${first} tekst van het besluit`);
      if (others.length > 0) put('I', `maximaal 12 maanden: ${others.join(' of ')}`);
      if (entry.laterality) put('L', at % 2 === 0 ? 1 : '1');
      put('M', 'aanspraak');
      for (const [group, start, codes] of GROUPS)
        for (const code of entry[group]) put(LETTERS[start + (codes as readonly string[]).indexOf(code)] ?? '', 'x');
    }
  }
  return cells;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** The .xlsx file with this sheet among others. */
export function workbookOf(cells: Cells, sheetName = SHEET_NAME): Buffer {
  const strings = new Map<string, number>();
  const rows = new Map<number, [number, string][]>();
  for (const [address, value] of cells) {
    const [, letters = '', number = ''] = /^([A-Z]+)(\d+)$/.exec(address) ?? [];
    const row = rows.get(Number(number)) ?? [];
    rows.set(Number(number), row);
    if (typeof value === 'string' && !strings.has(value)) strings.set(value, strings.size);
    const xml =
      typeof value === 'string'
        ? `<c r="${address}" t="s"><v>${strings.get(value)}</v></c>`
        : typeof value === 'number'
          ? `<c r="${address}"><v>${value}</v></c>`
          : `<c r="${address}" t="e"><v>${value.error}</v></c>`;
    row.push([column(letters), xml]);
  }
  const sheetData = [...rows]
    .sort(([a], [b]) => a - b)
    .map(
      ([number, row]) =>
        `<row r="${number}">${row
          .sort(([a], [b]) => a - b)
          .map(([, xml]) => xml)
          .join('')}</row>`,
    )
    .join('');
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const sheet = (data: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?><worksheet ${main}><sheetData>${data}</sheetData></worksheet>`;
  return zipOf({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    'xl/workbook.xml': `<workbook ${main} xmlns:r="${relations}"><sheets><sheet name="Toelichting" sheetId="1" r:id="rId1"/><sheet name="${escape(sheetName)}" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${relations}/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst ${main}>${[...strings.keys()].map((text) => `<si><r><t xml:space="preserve">${escape(text)}</t></r></si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>dicht</t></is></c></row>'),
    'xl/worksheets/sheet2.xml': sheet(sheetData),
  });
}

/** A ZIP archive of deflated texts. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text, 'utf8');
    const packed = deflateRawSync(data, { level: 1 });
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    local.copy(entry, 6, 4, 30);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), packed);
    directory.push(entry, Buffer.from(name));
    at += local.length + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(directory.length / 2, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
