import { randomUUID } from 'node:crypto';
import type { AppendUnit, NewEvent } from '../port';
import { checkedUnits, MAX_STREAMS_PER_TRANSACTION, parametersOf, transactionsOf } from './transactions';

const event = (data: unknown = {}): NewEvent => ({
  id: randomUUID(),
  type: 'Tested.v1',
  data,
  metadata: { commandId: 'c', actor: 'spec' },
});
const unit = (...streams: string[]): AppendUnit => ({
  streams: streams.map((stream) => ({ stream, expectedRevision: -1, events: [event()] })),
});
const names = (count: number, prefix = 's') => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);
const split = (units: readonly AppendUnit[]) => transactionsOf(checkedUnits(units));

describe('splitting units over transactions', () => {
  it('puts all units into one transaction while their distinct streams fit', () => {
    const [only, ...none] = split(names(MAX_STREAMS_PER_TRANSACTION).map((name) => unit(name)));
    expect(none).toEqual([]);
    expect(only!.unitIndexes).toHaveLength(MAX_STREAMS_PER_TRANSACTION);
  });

  it('begins a new one before the unit that would lock one stream too many, never inside a unit', () => {
    const transactions = split([unit(...names(200, 'a')), unit(...names(57, 'b')), unit(...names(199, 'c'))]);
    expect(transactions.map(({ unitIndexes }) => unitIndexes)).toEqual([[0], [1, 2]]);
  });

  it('counts a stream that several units name once', () => {
    expect(split([unit(...names(200)), unit(...names(200)), unit(...names(56, 'x'))])).toHaveLength(1);
  });

  it('begins a new one after eight million characters of events', () => {
    const large = (): AppendUnit => ({
      streams: [{ stream: randomUUID(), expectedRevision: -1, events: [event('x'.repeat(5e6))] }],
    });
    expect(split([large(), large(), large()]).map(({ unitIndexes }) => unitIndexes)).toEqual([[0], [1], [2]]);
  });

  it('gives a unit its turn after the last earlier unit that names one of its streams', () => {
    const [only] = split([unit('a', 'b'), unit('c'), unit('b', 'c'), unit('a'), unit('d'), unit('c', 'a')]);
    expect(only!.unitTurns).toEqual([1, 1, 2, 2, 1, 3]);
  });

  it('numbers revisions on from the expected one, per stream', () => {
    const [only] = split([
      {
        streams: [
          { stream: 'a', expectedRevision: -1, events: [event(), event()] },
          { stream: 'b', expectedRevision: 7, events: [event()] },
        ],
      },
    ]);
    expect(only!.eventRevisions).toEqual([0, 1, 8]);
    expect(only!.eventSlots).toEqual([1, 1, 2]);
    expect(only!.unitEnds).toEqual([3]);
  });

  it('writes one line per event, whatever line breaks its texts hold', () => {
    const [only] = split([
      { streams: [{ stream: 'a', expectedRevision: -1, events: [event('1\n2\r\n3\u2028'), event('\\n')] }] },
    ]);
    const data = parametersOf(only!, false)[9] as string;
    expect(data.split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(['1\n2\r\n3\u2028', '\\n']);
  });
});

describe('refusing a unit before anything is sent', () => {
  const with_ = (changed: Partial<NewEvent>): AppendUnit => ({
    streams: [{ stream: 'dossier-1', expectedRevision: 3, events: [event(), { ...event(), ...changed }] }],
  });

  it.each([
    ['a NUL character', { data: { a: 'x\u0000y' } }],
    ['a NUL character in a key', { data: { 'x\u0000y': 1 } }],
    ['a NUL character after a backslash', { data: 'x\\\u0000' }],
    ['a high surrogate alone', { data: 'x\ud83dy' }],
    ['a low surrogate alone', { data: ['\udc00'] }],
    ['a NUL character in the metadata', { metadata: { commandId: '\u0000', actor: 'a' } }],
    ['a bigint', { data: { cents: 1n } }],
    ['nothing as data', { data: undefined }],
    ['a function as data', { data: () => 1 }],
    ['an id that is no UUID', { id: 'e1' }],
    ['an empty type', { type: '' }],
    ['a type with a line break', { type: 'A\nB' }],
  ] as const)('refuses %s, and names the stream and the event', (_, changed) => {
    const refused = () => checkedUnits([unit('fine'), with_(changed)]);
    expect(refused).toThrow(TypeError);
    expect(refused).toThrow(/Stream dossier-1, event 1/);
  });

  it.each([['\\u0000'], ['\\\\ud83d'], ['\ud83d\ude00'], ['C:\\users\\u0000'], ['"\\"']])(
    'takes the text %j as it is',
    (text) => {
      expect(checkedUnits([with_({ data: text })])[0]!.data[1]).toBe(JSON.stringify(text));
    },
  );

  it('does not repeat the refused data in its message', () => {
    expect(() => checkedUnits([with_({ data: { bsn: '123\u0000' } })])).toThrow(/^(?!.*123).*$/);
  });

  it.each([
    ['no stream', { streams: [] }],
    ['no event', { streams: [{ stream: 'a', expectedRevision: 0, events: [] }] }],
    ['a stream twice', unit('a', 'a')],
    ['more streams than a transaction takes', unit(...names(MAX_STREAMS_PER_TRANSACTION + 1))],
    ['an empty stream name', unit('')],
    ['a stream name with a line break', unit('a\nb')],
    ['a stream name that is too long', unit('a'.repeat(201))],
    ['a revision below no stream', { streams: [{ stream: 'a', expectedRevision: -2, events: [event()] }] }],
    ['a revision that is not whole', { streams: [{ stream: 'a', expectedRevision: 0.5, events: [event()] }] }],
  ])('refuses a unit with %s', (_, faulty) => {
    expect(() => checkedUnits([unit('fine'), faulty])).toThrow(TypeError);
  });
});
