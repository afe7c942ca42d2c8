import { createHash } from 'node:crypto';
import { AccessEntryError, asName, contentOf, hashOf, isPurpose } from './entry';
import { anEntry } from './testing/entries';

const BSN = '123456782';

describe('an entry', () => {
  test('is stored as canonical JSON, whatever the order of its fields', () => {
    const entry = anEntry({ id: '11111111-1111-4111-8111-111111111111', request: '22222222-2222-4222-8222-222222222222' });
    const reversed = Object.fromEntries(Object.entries(entry).reverse()) as unknown as typeof entry;
    expect(contentOf(reversed)).toBe(contentOf(entry));
    expect(contentOf(entry)).toBe(
      '{"action":"read","event":"dossier","id":"11111111-1111-4111-8111-111111111111","object":"dossier","outcome":"success",' +
        '"person":"0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11","purpose":null,"request":"22222222-2222-4222-8222-222222222222",' +
        '"role":"reader","source":"machine/api/1","time":"2026-03-01T12:00:00.000Z","user":"someone"}',
    );
  });

  test.each([
    ['person', BSN],
    ['person', 'Aafke van Zonderen'],
    ['object', `line/${BSN}`],
    ['object', 'member born 1970-05-17'],
    ['event', 'Dossier of Aafke'],
    ['purpose', 'complaint of Aafke'],
    ['purpose', `a-${BSN}`],
    ['user', `user ${BSN}`],
    ['source', `machine ${BSN}`],
    ['request', 'R-1'],
    ['time', '2026-03-01'],
  ] as const)('whose %s is %j is refused, without repeating it', (field, value) => {
    expect(() => contentOf(anEntry({ [field]: value }))).toThrow(AccessEntryError);
    expect(() => contentOf(anEntry({ [field]: value }))).toThrow(new RegExp(`^access log: ${field} is not of its form`));
    expect(() => contentOf(anEntry({ [field]: value }))).not.toThrow(new RegExp(value));
  });

  test('may be about nobody, and without a purpose', () => {
    expect(contentOf(anEntry({ person: null, purpose: null }))).toContain('"person":null');
  });

  test('a random id is no BSN, whatever digits stand in it', () => {
    const id = `0b7f3c5e-6f0a-4a55-8f1d-a${BSN}bc`;
    const entry = anEntry({ id, person: id, object: `claim-file/${id}`, user: id, request: id });
    expect(contentOf(entry)).toContain(`"object":"claim-file/${id}"`);
    expect(asName(`subject ${id} ${BSN}`)).toBe(`subject ${id} [withheld]`);
  });

  test('names are masked, made printable and cut', () => {
    expect(asName(`robot ${BSN}`)).toBe('robot [withheld]');
    expect(asName('Zoë\n')).toBe('Zo??');
    expect(asName('x'.repeat(300))).toHaveLength(150);
    expect(contentOf(anEntry({ user: asName(`${'x'.repeat(141)}${BSN}9`) }))).not.toContain(BSN);
    expect(asName('')).toBe('unknown');
  });

  test.each([
    ['complaint-handling', true],
    ['audit', true],
    ['Complaint_47.11', true],
    ['x'.repeat(65), false],
    ['Because Aafke asked', false],
    [`p-${BSN}`, false],
    ['', false],
  ])('%j is a purpose: %s', (text, answer) => expect(isPurpose(text)).toBe(answer));

  test('its hash covers the row before, the number and the text', () => {
    const before = Buffer.alloc(32, 7);
    const number = Buffer.from([0, 0, 0, 0, 0, 0, 1, 2]);
    const expected = createHash('sha256')
      .update(Buffer.concat([before, number, Buffer.from('{"é":1}', 'utf8')]))
      .digest();
    expect(hashOf(before, 258, '{"é":1}')).toEqual(expected);
    expect(hashOf(Buffer.alloc(32, 8), 258, '{"é":1}')).not.toEqual(expected);
    expect(hashOf(before, 259, '{"é":1}')).not.toEqual(expected);
  });
});
