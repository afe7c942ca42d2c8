import { plant, Search } from './planted';

describe('The search for planted identities', () => {
  const planted = plant(50);
  const search = new Search(planted);
  const [person] = planted;
  if (person === undefined) throw new Error('nobody was planted');
  const { bsn, name, birthDate, relationNumber } = person;
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  const hex = (text: string): string => Buffer.from(text).toString('hex');

  it.each([
    ['a BSN', `person ${bsn}.`],
    ['a BSN within a record', `02000000000001${bsn}3343`],
    ['a BSN with separators', `${bsn.slice(0, 4)}.${bsn.slice(4, 6)}.${bsn.slice(6)}`],
    ['a BSN with spaces', `${bsn.slice(0, 3)} ${bsn.slice(3, 6)} ${bsn.slice(6)}`],
    ['a BSN as hex of its characters', `\\x${hex(bsn)}`],
    ['a BSN as upper-case hex within more', hex(`"bsn":"${bsn}"`).toUpperCase()],
    ['a BSN in base64', base64(bsn)],
    ['a BSN in base64 at any offset', base64(`x${bsn}`) + base64(`xx${bsn}yy`)],
    ['a name', `{"name":"${name}"}`],
    ['a name in capitals', name.toUpperCase()],
    ['a name in hex', hex(name)],
    ['a name in base64', base64(`...${name}`)],
    ['a relation number', relationNumber],
    ['a birth date', `"${birthDate}"`],
    ['a birth date without dashes', `:${birthDate.replaceAll('-', '')},`],
    ['a birth date with a time', `${birthDate}T00:00:00.000Z`],
    ['a birth date in a record', `${'0'.repeat(30)}${birthDate.replaceAll('-', '')}2100`],
    ['a birth date in base64', base64(`{"birthDate":"${birthDate}"}`)],
  ])('finds %s', (_what, text) => expect(search.in(text)).not.toEqual([]));

  it.each([
    ['dates of sessions', '2023-01-02 20240701'],
    ['uuids and digests', `4f1d2c3b-1234-5678-9012-${bsn}abc ${'a'.repeat(23)}${bsn}`],
    ['other numbers', '957136171 123456789'],
  ])('passes over %s', (_what, text) => expect(search.in(text)).toEqual([]));
});
