import type { PersonDecided, PersonId } from '#libs/trajectory';
import type { PersonLinesResult } from '../declare-claim-lines/command';
import {
  credit,
  debit,
  declare,
  give,
  importHistory,
  personId,
  Policies,
  recordSwitch,
  register,
  remap,
  statePackages,
} from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { killWhen } from '../testing/interruptions';
import { loadPersons } from './load';

const policies = new Policies();
const person: PersonId = personId('one');

const decisions = (store: InMemoryEventStore): PersonDecided['data'][] =>
  store
    .stream(`dossier-${person}`)
    .flatMap((event) => (event.type === 'PersonDecided.v1' ? [event.data as PersonDecided['data']] : []));
const typesOf = (store: InMemoryEventStore): string[] => store.log.map((event) => event.type.replace(/\.v\d+$/, ''));
const outcomes = (answer: unknown): unknown => (answer as readonly PersonLinesResult[])[0]?.outcomes;

describe('a command that was stopped between its streams', () => {
  let store: InMemoryEventStore;
  beforeEach(async () => {
    store = new InMemoryEventStore(false);
    await give(store, policies, register(person));
  });

  it('is finished when it is given again, though another command has booked what it had written', async () => {
    const history = importHistory(person, '9373', 14);
    await killWhen(store, policies, history, () => typesOf(store).includes('TrajectoryLinked'));
    expect(typesOf(store)).not.toContain('HistoryImported');
    await give(store, policies, statePackages(person));
    expect(decisions(store).map((each) => each.cause.command)).toContain(history.base.commandId);
    expect(await give(store, policies, history)).toMatchObject({ outcome: 'done', changed: true });
    expect(typesOf(store).filter((type) => type === 'HistoryImported')).toHaveLength(1);
    expect(decisions(store).at(-1)?.cause).toEqual({ command: history.base.commandId, type: 'ImportHistory' });
    const length = store.log.length;
    expect(await give(store, policies, history)).toMatchObject({ outcome: 'done', changed: false });
    expect(store.log).toHaveLength(length);
  });

  it('ends in one decision when it is given again before any other', async () => {
    const history = importHistory(person, '9373', 14);
    await killWhen(store, policies, history, () => typesOf(store).includes('TrajectoryLinked'));
    await give(store, policies, history);
    expect(typesOf(store).slice(-4)).toEqual(['TrajectoryLinked', 'TrajectoryStarted', 'HistoryImported', 'PersonDecided']);
  });

  it('absorbs, when it was stopped between the remap and the absorption', async () => {
    const lines = [debit(1, '2024-01-08', '9376', '008'), debit(2, '2024-07-08', '3176', '008')];
    await give(store, policies, declare('lines', new Map([[person, lines]])));
    const command = remap(person, '9376', '3176');
    await killWhen(store, policies, command, () => typesOf(store).includes('DiagnosisRemapped'));
    expect(typesOf(store)).not.toContain('TrajectoryAbsorbed');
    await give(store, policies, statePackages(person));
    await give(store, policies, command);
    expect(typesOf(store)).toContain('TrajectoryAbsorbed');
    const fold = (await loadPersons(store.asProcess(), [person])).get(person)?.fold;
    expect([...(fold?.decisions.values() ?? [])].map((each) => each.units[0]?.position)).toEqual([1, 2]);
  });

  it('facts without a decision are booked by the next command, under the cause of their own', async () => {
    const lines = declare('lines', new Map([[person, [debit(1, '2024-01-08', '9373', '008')]]]));
    await killWhen(store, policies, lines, () => typesOf(store).includes('SessionDeclared'));
    expect(decisions(store)).toHaveLength(1);
    await give(store, policies, recordSwitch(person, '9373'));
    expect(
      decisions(store)
        .slice(1)
        .map((each) => [each.cause.type, each.entries.length]),
    ).toEqual([
      ['DeclareClaimLines', 1],
      ['RecordSwitch', expect.any(Number) as number],
    ]);
    expect(decisions(store)[1]?.cause.command).toBe(lines.persons[0]?.commandId);
  });
});

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a declaration that is given again on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  beforeEach(async () => {
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
  });

  it('says the same of a credit that came before its debit', async () => {
    const late = debit(2, '2024-01-08', '9373', '008');
    const early = { ...credit(1, late), source: { file: 'f-1' as never, record: 1 } };
    const command = declare('lines', new Map([[person, [early, late]]]));
    const first = outcomes(await give(store, policies, command));
    expect(first).toMatchObject([{ outcome: 'refused', codes: ['8017'] }, { outcome: 'decided' }]);
    expect(outcomes(await give(store, policies, command))).toEqual(first);
  });

  it('does not take in a line that was refused, though what stood in its way is gone', async () => {
    const standing = debit(1, '2024-01-08', '9373', '008');
    await give(store, policies, declare('standing', new Map([[person, [standing]]])));
    const again = { ...debit(2, '2024-01-08', '9373', '008'), source: { file: 'f-2' as never, record: 2 } };
    const command = declare('lines', new Map([[person, [again, credit(3, standing)]]]));
    const first = outcomes(await give(store, policies, command));
    expect(first).toMatchObject([
      { outcome: 'refused', codes: ['0587'] },
      { outcome: 'credited', grantedCents: -4000 },
    ]);
    const length = store.log.length;
    expect(outcomes(await give(store, policies, command))).toEqual(first);
    expect(store.log).toHaveLength(length);
  });
});
