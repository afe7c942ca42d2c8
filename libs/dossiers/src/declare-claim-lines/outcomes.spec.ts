/** What becomes of a claim line, and what is told of it: refused, invalid, held or decided. */
import { foldPerson, type PersonFold, type PersonId, type SessionDeclared } from '#libs/trajectory';
import { loadPersons } from '../person/load';
import { RegisterPersons } from '../register-person/command';
import { commandId, credit, debit, declare, give, personId, Policies, recordSwitch, register } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import type { ClaimLine } from './claim-line';
import { DeclareClaimLines, type PersonLinesResult } from './command';

const policies = new Policies();
const person: PersonId = personId('one');
const first = debit(1, '2024-01-08', '9372', '008');

describe('a claim line', () => {
  let store: InMemoryEventStore;
  let files: number;
  const send = async (...lines: readonly ClaimLine[]): Promise<PersonLinesResult['outcomes']> => {
    files += 1;
    const answer = await give(store, policies, declare(`file ${files}`, new Map([[person, lines]])));
    return (answer as readonly PersonLinesResult[])[0]?.outcomes ?? [];
  };
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  const facts = (): readonly unknown[] => store.log.filter((event) => event.type !== 'PersonDecided.v1');

  beforeEach(async () => {
    files = 0;
    policies.reset();
    store = new InMemoryEventStore(true);
    await give(store, policies, register(person));
  });

  it('[refused-1] that is refused is no fact', async () => {
    await send(first);
    const known = facts();
    const again = { ...first, source: { file: 'f-2' as never, record: 1 } };
    const refused = await send(
      again,
      { ...again, reference: 'R-9' },
      { ...again, declaredCents: 3999 },
      credit(1, debit(7, '2024-01-08', '9372', '008')),
    );
    expect(refused.map((each) => [each.outcome, ...each.codes, each.grantedCents])).toEqual([
      ['refused', '8067', 0],
      ['refused', '0587', 0],
      ['refused', '8021', 0],
      ['refused', '8017', 0],
    ]);
    const nobody = declare('nobody', new Map([[personId('nobody'), [first]]]));
    expect(await give(store, policies, nobody)).toMatchObject([{ outcomes: [{ outcome: 'refused', codes: ['0320'] }] }]);
    expect(facts()).toEqual(known);
  });

  it('[invalid-1] that is invalid is stored and decided anew with the facts', async () => {
    const member = { personId: person, diedOn: null, packages: [], switches: [] };
    const insured = (name: string, from: string) =>
      new RegisterPersons(
        [{ ...member, commandId: commandId(name), insurance: [{ insurer: '3343', from, through: null }] }],
        'test',
      );
    await give(store, policies, insured('later', '2024-06-01'));
    expect((await send(first)).map((each) => [each.outcome, ...each.codes])).toEqual([['invalid', '0320']]);
    await give(store, policies, insured('earlier', '2020-01-01'));
    expect([...(await fold()).decisions.values()]).toMatchObject([{ status: 'decided', units: [{ position: 1 }] }]);
  });

  it('[too-late-2] [deductible-3] carries the day on which its file came in, and its ages on its own date', async () => {
    const lines = [
      { personId: person, birthDate: '2006-05-10', commandId: commandId('ages'), lines: [debit(1, '2024-05-20', '9372', '008')] },
    ];
    await give(store, policies, new DeclareClaimLines(lines, '2024-11-20', 'test'));
    const declared = store.log.find((event) => event.type === 'SessionDeclared.v1')?.data as SessionDeclared['data'];
    expect(declared).toMatchObject({ receivedOn: '2024-11-20', ageYears: 18, deductibleAge: false });
  });

  it('[standard-3] of 2025 or later is taken in where no PM304 brings it', async () => {
    expect((await send({ ...debit(1, '2025-01-02', '9372', '008'), list: '073' })).map((each) => each.outcome)).toEqual([
      'decided',
    ]);
  });

  it('[money-4] is told with what the provider is paid: where the insurer bears the risk, the part of the insured too', async () => {
    expect(await send(first)).toEqual([{ outcome: 'decided', codes: [], grantedCents: 4000 }]);
    policies.activateCoveredOnly();
    expect(await send(debit(2, '2024-01-15', '9372', '008'))).toEqual([{ outcome: 'decided', codes: ['0613'], grantedCents: 0 }]);
  });

  it('[wire-1] that is held is told once, with nothing granted, 0613 and 8072', async () => {
    await give(store, policies, recordSwitch(person, '9372'));
    expect(await send(first)).toEqual([{ outcome: 'held', codes: ['0613', '8072'], grantedCents: 0 }]);
  });
});
