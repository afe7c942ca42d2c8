import type { RecordedEvent } from '#libs/event-store';
import { lineKey, type CommandId, type LineKey, type PersonDecided, type PersonId } from '#libs/trajectory';
import type { DeclareClaimLines } from '../declare-claim-lines/command';
import type { DebitLine } from '../declare-claim-lines/claim-line';
import { RecordSwitch } from '../record-switch/command';
import {
  commandId,
  credit,
  debit,
  declare,
  give,
  personId,
  Policies,
  recordSwitch,
  register,
  statePackages,
} from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { killWhen, whileUnread } from '../testing/interruptions';
import { closingIds } from './event-ids';

const policies = new Policies();
const person: PersonId = personId('one');
const dossier = `dossier-${person}`;
/** Lines of two trajectories, which the command `first` begins. */
const [ofBack, ofLungs] = [
  (n: number): DebitLine => debit(n, `2024-01-${10 + n}`, '9373', '008'),
  (n: number): DebitLine => debit(n, `2024-02-${10 + n}`, '7022', '009'),
];
const first = declare('first', new Map([[person, [ofBack(1), ofLungs(2)]]]));
const both = declare('both', new Map([[person, [ofBack(3), ofLungs(4)]]]));
const lungs = declare('lungs', new Map([[person, [ofLungs(5)]]]));

const idOf = (command: DeclareClaimLines): CommandId => command.persons[0]?.commandId as CommandId;
const keyOf = (line: DebitLine): LineKey => lineKey(line.practice, line.reference);

describe('commands that meet on a store without transactions over streams', () => {
  let store: InMemoryEventStore;
  beforeEach(async () => {
    store = new InMemoryEventStore(false);
    await give(store, policies, register(person));
    await give(store, policies, first);
  });

  const factsOf = (command: CommandId): RecordedEvent[] =>
    store.log.filter((event) => event.metadata.commandId === command && event.stream !== dossier);
  const decisionsOf = (command: CommandId): RecordedEvent[] =>
    store.stream(dossier).filter((event) => event.type === 'PersonDecided.v1' && event.metadata.commandId === command);
  const linesOf = (command: CommandId): LineKey[] =>
    decisionsOf(command).flatMap((event) => (event.data as PersonDecided['data']).decisions.map(({ line }) => line));
  const closingsOf = (command: CommandId): RecordedEvent[] =>
    decisionsOf(command).filter((event) => closingIds(command, dossier).includes(event.id));

  it('each decide their own lines, though one was stopped before the stream that the other then wrote to', async () => {
    await killWhen(store, policies, both, () => factsOf(idOf(both)).length === 1);
    await whileUnread(
      store,
      (event) => event.metadata.commandId === idOf(both),
      () => killWhen(store, policies, lungs, () => factsOf(idOf(lungs)).length === 1),
    );
    expect([...decisionsOf(idOf(both)), ...decisionsOf(idOf(lungs))]).toEqual([]);
    await give(store, policies, both);
    expect(linesOf(idOf(both))).toEqual([keyOf(ofBack(3)), keyOf(ofLungs(4))]);
    expect(linesOf(idOf(lungs))).toEqual([keyOf(ofLungs(5))]);
    expect([closingsOf(idOf(both)), closingsOf(idOf(lungs))]).toEqual([[expect.anything()], [expect.anything()]]);
  });

  it('answer the same again, though their lines have been credited since', async () => {
    await killWhen(store, policies, both, () => factsOf(idOf(both)).length === 1);
    await whileUnread(
      store,
      (event) => event.metadata.commandId === idOf(both),
      () => killWhen(store, policies, lungs, () => factsOf(idOf(lungs)).length === 1),
    );
    const answers = [await give(store, policies, both), await give(store, policies, lungs)].map(outcomesOf);
    expect(answers[1]).toMatchObject([{ outcome: 'decided', grantedCents: 4000 }]);
    const credits = [credit(1, ofLungs(5)), credit(2, ofLungs(4))];
    await give(store, policies, declare('credits', new Map([[person, credits]])));
    expect([await give(store, policies, both), await give(store, policies, lungs)].map(outcomesOf)).toEqual(answers);
  });

  it('are closed once, though the last fact was read without one that was written before it', async () => {
    await killWhen(store, policies, both, () => factsOf(idOf(both)).length === 2);
    const [earlier] = factsOf(idOf(both));
    await whileUnread(
      store,
      (event) => event.id === earlier?.id,
      () => give(store, policies, statePackages(person)),
    );
    await give(store, policies, both);
    expect(closingsOf(idOf(both))).toHaveLength(1);
    expect(closingsOf(idOf(both))).toEqual(decisionsOf(idOf(both)).slice(-1));
  });

  it('are closed, though another has done meanwhile what was left to do', async () => {
    const stopped = recordSwitch(person, '9376');
    const other = new RecordSwitch({ ...stopped.base, commandId: commandId('the same switch') }, stopped.input);
    await killWhen(store, policies, stopped, () => store.stream(dossier).at(-1)?.metadata.commandId === stopped.base.commandId);
    expect(factsOf(stopped.base.commandId)).toEqual([]);
    await give(store, policies, other);
    expect(closingsOf(stopped.base.commandId)).toEqual([]);
    await give(store, policies, stopped);
    expect(closingsOf(stopped.base.commandId)).toHaveLength(1);
    const length = store.log.length;
    expect(await give(store, policies, stopped)).toMatchObject({ outcome: 'done', changed: false });
    expect(store.log).toHaveLength(length);
  });
});

const outcomesOf = (answer: unknown): unknown => (answer as readonly { outcomes: unknown }[])[0]?.outcomes;
