/** Step 2 of the order in which a line is judged: what is a line sent again, and what a credit takes out. */
import { foldPerson, type PersonFold, type PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import { debit, credit, declare, give, personId, Policies, recordSwitch, register } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import type { ClaimLine, DebitLine } from './claim-line';
import type { PersonLinesResult } from './command';

const policies = new Policies();
const person: PersonId = personId('one');
const first = debit(1, '2024-01-08', '9372', '008');

/** The same line as another file brings it. */
const later = <Line extends ClaimLine>(line: Line, changes: Partial<DebitLine> = {}): Line => ({
  ...line,
  source: { file: 'f-2' as never, record: 1 },
  ...changes,
});

describe('claim lines of a person', () => {
  let store: InMemoryEventStore;
  let files: number;
  const send = async (...lines: readonly ClaimLine[]): Promise<PersonLinesResult['outcomes']> => {
    files += 1;
    const answer = await give(store, policies, declare(`file ${files}`, new Map([[person, lines]])));
    return (answer as readonly PersonLinesResult[])[0]?.outcomes ?? [];
  };
  const codes = async (...lines: readonly ClaimLine[]) => (await send(...lines)).map((each) => [each.outcome, ...each.codes]);
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  const positions = async () => [...(await fold()).decisions.values()].flatMap((each) => each.units.map((unit) => unit.position));

  beforeEach(async () => {
    files = 0;
    store = new InMemoryEventStore(true);
    await give(store, policies, register(person));
  });

  it('[duplicates-1] the same practice and reference is 8067, also after it was credited', async () => {
    await send(first);
    expect(await codes(later(first))).toEqual([['refused', '8067']]);
    await send(credit(1, first));
    expect(await codes(later(first))).toEqual([['refused', '8067']]);
    expect(await codes(later(first, { reference: ' R-1 ' }))).toEqual([['refused', '8067']]);
  });

  it('[duplicates-2] the same practice and reference with other content is 8021', async () => {
    await send(first);
    for (const changes of [
      { date: '2024-01-09' },
      { diagnosis: '9373' },
      { csi: '001' },
      { performance: '1001' },
      { list: '073' },
      { declaredCents: 3999 },
      { quantity: 2 },
    ])
      expect([changes, await codes(later(first, changes))]).toEqual([changes, [['refused', '8021']]]);
  });

  it('[duplicates-3] the same session under another reference is 0587, as long as the first stands', async () => {
    await send(first);
    const again = later(first, { reference: 'R-9' });
    expect(await codes(again)).toEqual([['refused', '0587']]);
    await send(credit(1, first));
    expect(await codes(again)).toEqual([['decided']]);
  });

  it('[duplicates-3] an invalid line does not stand in the way of the session declared well', async () => {
    expect(await codes(debit(1, '2024-01-08', '9372', '999'))).toEqual([['invalid', '3102']]);
    expect(await codes(later(first, { reference: 'R-9' }))).toEqual([['decided']]);
    expect(await positions()).toEqual([1]);
  });

  it('[duplicates-4] a held line that is sent again is 0587 too', async () => {
    await give(store, policies, recordSwitch(person, '9372'));
    expect((await send(first))[0]?.outcome).toBe('held');
    expect(await codes(later(first, { reference: 'R-9' }))).toEqual([['refused', '0587']]);
  });

  it('[duplicates-5] another practice, performance or diagnosis on one day is another session, and all count', async () => {
    await send(first);
    const others = [{ practice: '04099999' }, { performance: '1200' }].map((changes, i) =>
      later(first, { reference: `R-${10 + i}`, ...changes }),
    );
    expect(await codes(...others)).toEqual([['decided'], ['decided']]);
    expect(await positions()).toEqual([1, 2, 3]);
    expect(await codes(later(first, { reference: 'R-12', diagnosis: '9373' }))).toEqual([['decided']]);
    expect((await fold()).trajectories.size).toBe(2);
  });

  it('[credits-1] a credit that names no accepted line with practice, date and amount is 8017', async () => {
    await send(first);
    const taking = credit(1, first);
    for (const changes of [{ debitReference: 'R-9' }, { practice: '04099999' }, { date: '2024-01-09' }, { declaredCents: 3999 }])
      expect([changes, await codes({ ...taking, ...changes })]).toEqual([changes, [['refused', '8017']]]);
    expect(await positions()).toEqual([1]);
  });

  it('[credits-1] a line of another person is none of this one, so 8017', async () => {
    const other = personId('other');
    await give(store, policies, register(other));
    await give(store, policies, declare('of the other', new Map([[other, [first]]])));
    expect(await codes(credit(1, first))).toEqual([['refused', '8017']]);
  });

  it('[credits-2] a second credit of a line is 8084', async () => {
    await send(first);
    expect(await codes(credit(1, first))).toEqual([['credited']]);
    expect(await codes({ ...credit(2, first), source: { file: 'f-3' as never, record: 1 } })).toEqual([['refused', '8084']]);
  });

  it('[credits-3] an invalid line cannot be credited: 8017', async () => {
    const invalid = debit(1, '2024-01-08', '0000', '008');
    expect(await codes(invalid)).toEqual([['invalid', '8009']]);
    expect(await codes(credit(1, invalid))).toEqual([['refused', '8017']]);
  });

  it('[credits-4] a credit of a held line takes it out, and books nothing', async () => {
    await give(store, policies, recordSwitch(person, '9372'));
    await send(first);
    expect(await send(credit(1, first))).toEqual([{ outcome: 'credited', codes: [], grantedCents: 0 }]);
    const { decisions, booked } = await fold();
    expect([decisions.size, booked.size]).toEqual([0, 0]);
  });

  it('[credits-5] a line is credited whole or not at all', async () => {
    const two: DebitLine = { ...first, quantity: 2, calculatedCents: 8000, declaredCents: 8000 };
    await send(two);
    expect(await codes({ ...credit(1, two), declaredCents: 4000 })).toEqual([['refused', '8017']]);
    expect(await send(credit(1, two))).toEqual([{ outcome: 'credited', codes: [], grantedCents: -8000 }]);
  });

  it('[credits-6] a credit that comes before its debit is 8017, and stays it when the debit has come', async () => {
    const early = credit(1, first);
    expect(await codes(early)).toEqual([['refused', '8017']]);
    await send(first);
    expect(await positions()).toEqual([1]);
    expect((await fold()).trajectories.size).toBe(1);
  });

  it('[credits-7] a credit in the file of its own debit is 8062, and the debit stands', async () => {
    expect(await codes(first, { ...credit(2, first), source: { file: 'f-1' as never, record: 2 } })).toEqual([
      ['decided'],
      ['refused', '8062'],
    ]);
    expect(await positions()).toEqual([1]);
  });
});
