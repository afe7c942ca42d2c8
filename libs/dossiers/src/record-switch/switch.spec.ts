/** From where a switch of insurer is known, and what it begins. */
import { foldPerson, type PersonFold, type PersonId } from '#libs/trajectory';
import type { PersonLinesResult } from '../declare-claim-lines/command';
import { loadPersons } from '../person/load';
import { RegisterPersons, type Member } from '../register-person/command';
import { commandId, debit, declare, give, personId, Policies, recordSwitch, register } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';

const policies = new Policies();
const person: PersonId = personId('one');
const member = (name: string, changes: Partial<Member>): RegisterPersons => {
  const insurance = [{ insurer: '3343', from: '2015-01-01', through: null }];
  return new RegisterPersons(
    [{ personId: person, commandId: commandId(name), insurance, diedOn: null, packages: [], switches: [], ...changes }],
    'test',
  );
};

describe('a switch of insurer', () => {
  let store: InMemoryEventStore;
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  const send = async (n: number, date: string): Promise<string | undefined> => {
    const answer = await give(store, policies, declare(`line ${n}`, new Map([[person, [debit(n, date, '9372', '008')]]])));
    return (answer as readonly PersonLinesResult[])[0]?.outcomes[0]?.outcome;
  };
  beforeEach(async () => {
    store = new InMemoryEventStore(true);
    await give(store, policies, register(person));
  });

  it('[switch-1] is recorded by a command, and by the member administration', async () => {
    await give(store, policies, recordSwitch(person, '9372'));
    await give(
      store,
      policies,
      member('moved', { switches: [{ switchDate: '2024-01-01', diagnosis: '9373', previousInsurer: '7095' }] }),
    );
    const recorded = [...(await fold()).trajectories.values()].map(({ diagnosis, switches }) => [
      diagnosis,
      switches.map(({ switchDate, recordedBy }) => [switchDate, recordedBy]),
    ]);
    expect(recorded).toEqual([
      ['9372', [['2023-06-01', 'command']]],
      ['9373', [['2024-01-01', 'member-administration']]],
    ]);
  });

  it('[switch-2] of a code without a trajectory here begins it, and holds its first line', async () => {
    await give(store, policies, recordSwitch(person, '9372'));
    expect([...(await fold()).trajectories.values()]).toMatchObject([{ regime: 'annex', diagnosis: '9372' }]);
    expect([await send(1, '2023-05-31'), await send(2, '2023-06-01')]).toEqual(['decided', 'held']);
  });

  it('[hold-7] an insurance period that begins, alone, holds nothing', async () => {
    await give(store, policies, member('returned', { insurance: [{ insurer: '3343', from: '2024-01-01', through: null }] }));
    expect(await send(1, '2024-01-08')).toBe('decided');
  });

  it('[insurance-3] insurance periods that overlap are refused', async () => {
    const periods = [
      { insurer: '3343', from: '2015-01-01', through: '2024-01-01' },
      { insurer: '7095', from: '2024-01-01', through: null },
    ];
    const length = store.log.length;
    const [answer] = (await give(store, policies, member('overlap', { insurance: periods }))) as readonly {
      refusals: readonly { code: string; field: string }[];
    }[];
    expect(answer?.refusals).toMatchObject([{ code: 'periods-overlap', field: 'insurance[1]' }]);
    expect(store.log).toHaveLength(length);
  });
});
