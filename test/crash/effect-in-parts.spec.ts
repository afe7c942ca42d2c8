/** What the API answers of a command that was stopped between its streams, and that others booked in parts. */
import { readEffect } from '../../apps/api/src/commands/command-effect';
import { answerOf } from '../../apps/api/src/commands/command-answer';
import type { CommandId } from '#libs/trajectory';
import { debit, declare, give, personId, Policies, register } from '../../libs/dossiers/src/testing/commands';
import { InMemoryEventStore } from '../../libs/dossiers/src/testing/in-memory-event-store';
import { killWhen } from '../../libs/dossiers/src/testing/interruptions';

const policies = new Policies();
const person = personId('one');
const lines = [debit(1, '2024-01-11', '9373', '008'), debit(2, '2024-02-12', '7022', '009')];
const command = declare('both', new Map([[person, lines]]));
const commandId = command.persons[0]?.commandId as CommandId;
const later = declare('later', new Map([[person, [debit(3, '2024-02-13', '7022', '009')]]]));

describe('a command that was decided in parts', () => {
  const effectOf = async (store: InMemoryEventStore) =>
    answerOf(commandId, await readEffect(store.asProcess(), person, commandId));

  it('answers what all of its decisions did, as if it had been decided once', async () => {
    const [whole, inParts] = [new InMemoryEventStore(true), new InMemoryEventStore(false)];
    for (const store of [whole, inParts]) await give(store, policies, register(person));
    const facts = () =>
      inParts.log.filter(({ type, metadata }) => type === 'SessionDeclared.v1' && metadata.commandId === commandId);
    await killWhen(inParts, policies, command, () => facts().length === 1);
    await give(inParts, policies, later);
    await give(inParts, policies, command);
    await give(whole, policies, command);
    const decisions = inParts.log.filter(({ type, metadata }) => type === 'PersonDecided.v1' && metadata.commandId === commandId);
    expect(decisions).toHaveLength(2);
    const [one, other] = [await effectOf(whole), await effectOf(inParts)];
    expect(other.decided).toMatchObject({ changedDecisions: 2, entries: one.decided?.entries });
    expect(other.decided?.revision).toBe(decisions.at(-1)?.revision);
    expect(other.paymentChanges).toEqual(one.paymentChanges);
    expect(other.position).toBe(decisions.at(-1)?.position);
  });
});
