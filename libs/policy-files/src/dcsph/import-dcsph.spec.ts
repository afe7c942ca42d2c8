import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { diffPolicies, importDcsph, loadPolicyFiles, PolicyFileError } from '../index';
import { BUNDLED, withCopy } from '../testing/spoil';
import { dcsphCells, workbookOf, zipOf, type Cell, type Cells } from '../testing/workbook';

const { document } = loadPolicyFiles();
const [present] = document.diagnoses;
if (present === undefined) throw new Error('the bundled policy has no diagnosis list');
const cells = dcsphCells(present);
const rowsByCode = (sheet: Cells): Map<string, string> =>
  new Map(
    [...sheet]
      .filter(([address]) => /^A\d+$/.test(address))
      .map(([address, code]) => [typeof code === 'object' ? '' : String(code).trim(), address.slice(1)]),
  );
const rows = rowsByCode(cells);
/** Row of a code on the sheet. */
const rowOf = (code: string, of = rows): string => of.get(code) ?? '?';

/** The list at four locations: enough for a fault, and read ten times as fast. */
const FEW = ['30', '39', '40', '93'];
const few = dcsphCells({
  ...present,
  locations: present.locations.filter((each) => FEW.includes(each.code)),
  rows: present.rows
    .map((row) => ({ ...row, locations: row.locations.filter((each) => FEW.includes(each)) }))
    .filter((row) => row.locations.length > 0),
});
const fewRows = rowsByCode(few);

const NAMING = { validFrom: '2027-01-01', release: '4.8' };
const read = (bytes: Buffer, naming = NAMING) => importDcsph(bytes, '/tmp/dcsph.xlsx', document, naming);
const changedTo = (changes: Readonly<Record<string, Cell | null>>, sheet = cells): Cells => {
  const copy = new Map(sheet);
  for (const [address, value] of Object.entries(changes))
    if (value === null) copy.delete(address);
    else copy.set(address, value);
  return copy;
};
const importOf = (changes: Readonly<Record<string, Cell | null>>) => read(workbookOf(changedTo(changes)));
/** What is wrong, as `cell: problem`. */
function problemsOf(bytes: Buffer): string[] {
  try {
    read(bytes);
  } catch (error) {
    if (error instanceof PolicyFileError) return error.problems.map(({ path, problem }) => `${path}: ${problem}`);
    throw error;
  }
  return [];
}
const faults = (changes: Readonly<Record<string, Cell | null>>) => problemsOf(workbookOf(changedTo(changes, few)));

describe('a release of the diagnosis list out of its workbook', () => {
  it('is the very table it was made of, code by code', () => {
    const { files, counts, comparison, carried } = importOf({});
    expect(files?.csv[1]).toBe(readFileSync(join(BUNDLED, 'diagnoses/dcsph-2024-07-01.csv'), 'utf8'));
    expect(counts).toMatchObject({ codes: 4824, open: 1492, closed: 3332, openTo: { pelvic: 24, skin: 12, child: 5, cz: 1 } });
    expect(comparison).toEqual({ with: '4.7', opened: [], closed: [], changed: [], table: [] });
    // items of our own stand in no workbook
    expect(carried).toEqual([
      { code: '3993', items: ['axspa-severe'] },
      { code: '9390', items: ['ra-severe'] },
    ]);
  });

  it('comes as a pair of files that a policy folder takes in', () => {
    const { files } = importOf({});
    if (files === null) throw new Error('no files');
    expect([files.yaml[0], files.csv[0]]).toEqual(['diagnoses/dcsph-2027-01-01.yaml', 'diagnoses/dcsph-2027-01-01.csv']);
    const other = withCopy((folder) => {
      mkdirSync(join(folder, 'diagnoses'), { recursive: true });
      for (const [path, text] of Object.values(files)) writeFileSync(join(folder, path), text);
      return loadPolicyFiles(folder).document;
    });
    expect(diffPolicies(document, other)).toMatchObject([
      { kind: 'added', address: 'diagnoses/4.8', to: { from: '2027-01-01' } },
    ]);
    const { release: _r, from: _f, source: _s, ...content } = other.diagnoses[1] ?? present;
    // what codes admitted formerly was before the new release: the one before says it
    const { release: _pr, from: _pf, source: _ps, formerly: _pa, ...before } = present;
    expect(content).toEqual(before);
  });

  it('says what opened, closed and changed', () => {
    const [frozen, whiplash, closed] = [rowOf('4021'), rowOf('3038'), rowOf('9376')];
    const { comparison, counts } = importOf({
      [`F${closed}`]: 'Open', [`K${closed}`]: 'A2°', [`N${closed}`]: 'X', [`O${closed}`]: 'x ',
      [`F${whiplash}`]: 'dicht',
      [`K${frozen}`]: 'b7° en B 18 °', [`P${frozen}`]: null, [`L${frozen}`]: null, [`F${frozen}`]: 'open voor  bekkenFT',
    }); // prettier-ignore
    expect(comparison).toMatchObject({ opened: ['9376'], closed: ['3038'] });
    expect(counts).toMatchObject({ open: 1492, closed: 3332 });
    expect(comparison.changed).toEqual([
      { code: '4021', what: 'items', from: '1.b.7', to: '1.b.7 1.b.18' },
      {
        code: '4021',
        what: 'indications',
        from: 'adults 001 008 009; physiotherapy under 18 001 003 009; exercise therapy under 18 001 003 009',
        to: 'adults 001 008; physiotherapy under 18 001 003 009; exercise therapy under 18 001 003 009',
      },
      { code: '4021', what: 'availability', from: 'all', to: 'pelvic' },
      { code: '4021', what: 'side', from: 'needed', to: 'not needed' },
    ]);
  });

  it('follows the headings of row 3: columns of indication codes may be in another order', () => {
    const swapped = new Map(cells);
    for (const [address, value] of cells) {
      const [, letter = '', row = ''] = /^([A-Z]+)(\d+)$/.exec(address) ?? [];
      if (letter !== 'N' && letter !== 'P') continue;
      const other = `${letter === 'N' ? 'P' : 'N'}${row}`;
      if (!cells.has(other)) swapped.delete(address);
      swapped.set(other, value);
    }
    expect(swapped.get('N3')).toBe('009');
    expect(read(workbookOf(swapped)).comparison.changed).toEqual([]);
  });

  it('reads headings that are numbers, and the sheet under its name with or without spaces', () => {
    expect(importOf({ N3: 1, O3: 8, AD3: 3 }).comparison.changed).toEqual([]);
    expect(read(workbookOf(cells, 'DCSPH aanspraakcode')).counts.codes).toBe(4824);
  });

  it('is compared only while nobody says from when it holds', () => {
    expect(importDcsph(workbookOf(cells), 'x.xlsx', document, { validFrom: null, release: null }).files).toBeNull();
    expect(() => read(workbookOf(cells), { ...NAMING, validFrom: '2024-07-01' })).toThrow(
      /would hold from 2024-07-01, not after release 4\.7/,
    );
    expect(() => read(workbookOf(cells), { ...NAMING, release: '4.7' })).toThrow(/release 4\.7 stands here twice/);
  });

  it('calls a new location by the text of the workbook', () => {
    const wide = new Map(cells);
    let row = 5000;
    for (const { code } of present.pathologies.filter((each) => each.code !== '63')) {
      for (const [letter, value] of Object.entries({ A: `38${code}`, B: '38', C: code, D: " 'nieuw'  deel ", F: 'dicht' }))
        wide.set(`${letter}${row}`, value);
      row++;
    }
    const { comparison, files } = read(workbookOf(wide));
    expect(comparison.table).toEqual(['+location 38']);
    expect(files?.yaml[1]).toContain("  - { code: '38', name: '''nieuw'' deel' }\n");
  });
});

describe('what is not understood is refused with its cell', () => {
  const S = 'DCSPH Aanspraakcode !';
  const frozen = rowOf('4021', fewRows);
  const closed = rowOf('9376', fewRows);

  it.each<[string, Record<string, Cell | null>, string]>([
    ['an unknown status', { [`F${frozen}`]: 'half open' }, `${S}F${frozen}: "half open" is a status that is not known here`],
    ['no status', { [`F${closed}`]: ' ' }, `${S}F${closed}: has no status`],
    ['a code that is none', { [`A${frozen}`]: '40a1' }, `${S}A${frozen}: "40a1" is not 4 digits`],
    ['no code', { [`A${frozen}`]: null }, `${S}A${frozen}: is empty: 4 digits are needed`],
    ['a code that is not its parts', { [`C${frozen}`]: 22 }, `${S}A${frozen}: 4021 is not location 40 with pathology 22`],
    ['a mark that is none', { [`N${frozen}`]: 'ja' }, `${S}N${frozen}: "ja" is no mark: x or empty`],
    ['a mark without a heading', { [`AL3`]: null, [`AL${frozen}`]: 'x' }, `${S}AL${frozen}: "x" stands in a column without a heading in row 3`],
    ['a side that is none', { [`L${frozen}`]: 'links' }, `${S}L${frozen}: "links" is neither 1 nor empty`],
    ['an item that does not exist', { [`K${frozen}`]: 'B99°' }, `${S}K${frozen}: names 1.b.99, which is no condition of the policy (conditions.yaml)`],
    ['a paragraph that does not exist', { [`I${frozen}`]: 'art 2.6.9' }, `${S}I${frozen}: names 2.6-9, which is no condition of the policy (conditions.yaml)`],
    ['an item that cannot be read', { [`K${frozen}`]: 'X7°' }, `${S}K${frozen}: "X7°" has a ° without an item of Annex 1 before it, such as B18°`],
    ['001 without an item', { [`K${frozen}`]: null }, `${S}K${frozen}: names no item of Annex 1, but 001 or 008 is marked`],
    ['open without a mark', { [`F${closed}`]: 'open' }, `${S}F${closed}: is open, but no indication code is marked`],
    ['an error in a cell', { [`K${frozen}`]: { error: '#REF!' } }, `${S}K${frozen}: holds an error (#REF!)`],
    ['a heading that is no code', { P3: 'aanspraak' }, `${S}P3: "aanspraak" is no indication code of the policy (indications.yaml)`],
    ['an unknown indication code', { P3: '099' }, `${S}P3: "099" is no indication code of the policy (indications.yaml)`],
    ['codes in a text column', { M3: '001' }, `${S}M3: is headed by the indication code 001: they begin at N, so columns have moved`],
    ['a group that is cut', { AC3: null }, `${S}AD3: 003 stands among the codes of adults: columns are missing or have moved`],
    ['no headings', Object.fromEntries([...few.keys()].filter((key) => /^[A-Z]+3$/.test(key)).map((key) => [key, null])), `${S}N3: the headings of row 3 have no groups of indication codes: adults, physiotherapy and exercise therapy of children are needed`],
  ])('%s', (_, changes, problem) => {
    expect(faults(changes)).toContain(problem);
  }); // prettier-ignore

  it('a code that stands twice, with the row of the first', () => {
    const found = faults({ A5000: '4021', B5000: '40', C5000: '21', F5000: 'dicht' });
    expect(found).toEqual([`${S}A5000: 4021 stands here twice: also in row ${frozen}`]);
  });

  it('a code that is missing in the table', () => {
    const found = faults(
      Object.fromEntries([...few.keys()].filter((key) => key.replace(/^[A-Z]+/, '') === closed).map((key) => [key, null])),
    );
    expect(found[0]).toMatch(/pathology 76 stands at 3 of 4 locations: it must stand at all or at one; missing 9376$/);
  });

  it('everything that is wrong at once, and nothing comes out', () => {
    expect(faults({ [`F${frozen}`]: '?', [`F${closed}`]: '?' })).toHaveLength(2);
  });
});

describe('a file that is no such workbook', () => {
  const whole = workbookOf(cells);

  it.each<[string, Buffer, RegExp]>([
    ['another sheet', workbookOf(few, 'Blad1'), /^: has no sheet named "DCSPH Aanspraakcode"; its sheets are "Toelichting", "Blad1"$/],
    ['no ZIP archive', Buffer.from('code;status\n4021;open\n'), /^: is no \.xlsx file \(no ZIP archive\)/],
    ['an empty file', Buffer.alloc(0), /^: is no \.xlsx file/],
    ['cut off', whole.subarray(0, whole.length / 2), /^: is cut off: copy or download the file again$/],
    ['another archive', zipOf({ 'a.txt': 'a' }), /^: is a ZIP archive, but no workbook/],
    ['without its sheet', zipOf({ 'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="DCSPH Aanspraakcode" r:id="a"/></sheets></workbook>', 'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="a" Target="s.xml"/></Relationships>' }), /^: has no xl\/s\.xml$/],
    ['no XML', zipOf({ 'xl/workbook.xml': '<workbook>' }), /^: xl\/workbook\.xml is no sound XML: /],
    ['entities', zipOf({ 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>' }), /declares a document type/],
    ['too large', Buffer.alloc(20_000_001), /^: is larger than 20000000 bytes$/],
  ])('%s', (_, bytes, problem) => {
    expect(problemsOf(bytes).join('\n')).toMatch(problem);
  }); // prettier-ignore

  it('a changed byte is found by the checksum', () => {
    const damaged = Buffer.from(whole);
    damaged.writeUInt8(damaged.readUInt8(damaged.length / 2) ^ 0xff, damaged.length / 2);
    expect(problemsOf(damaged)[0]).toMatch(/is damaged: copy or download the file again$/);
  });

  it('a part that is far larger than it says is not unpacked', () => {
    const bomb = zipOf({ 'xl/workbook.xml': ' '.repeat(110_000_000) });
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(problemsOf(bomb)).toEqual([': xl/workbook.xml is larger unpacked than 100000000 bytes']);
    // its directory may lie about the size
    const at = bomb.length - 22 - 'xl/workbook.xml'.length - 46;
    bomb.writeUInt32LE(10, at + 24);
    bomb.writeUInt32LE(crc32(Buffer.from('0123456789')), at + 16);
    expect(problemsOf(bomb)).toEqual([': xl/workbook.xml is larger unpacked than 100000000 bytes']);
  });

  it('a row beyond the end of any sheet is refused, not filled up', () => {
    expect(faults({ A999999: 4021 })[0]).toMatch(/is row 999999 after row \d+: rows must ascend, up to 20000$/);
  });
});
