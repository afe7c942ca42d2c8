import type { CausedPaymentChanges, PersonDecided, PersonId } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import type { PersonLinesResult } from '../declare-claim-lines/command';
import { RegisterPersons, type Member } from '../register-person/command';
import {
  commandId,
  debit,
  declare,
  give,
  importHistory,
  personId,
  Policies,
  recordSwitch,
  register,
  statePackages,
  type Given,
} from '../testing/commands';
import { InMemoryEventStore, type ProcessFaults } from '../testing/in-memory-event-store';
import { verify } from '../verify/verify';
import type { PolicyRegistry } from '../policy/registry';

const policies = new Policies();
const person: PersonId = personId('one');
const first = declare('first', new Map([[person, [debit(1, '2024-01-08', '9373', '008')]]]));
const second = declare('second', new Map([[person, [debit(2, '2024-01-15', '9373', '008')]]]));
/** Nothing of it is taken in: the line is there, from another source. */
const sentAgain = declare(
  'again',
  new Map([[person, [{ ...debit(1, '2024-01-08', '9373', '008'), source: { file: 'f-9' as never, record: 1 } }]]]),
);

const INSURED: Member['insurance'] = [{ insurer: '3343', from: '2015-01-01', through: null }];

/** 0.5 keeps every process at a steady pace. */
const killedAt = (step: number): ProcessFaults => ({ random: () => 0.5, stepsUntilKilled: step, unknownPercent: 0 });

async function killWhen(store: InMemoryEventStore, command: Given, isReached: () => boolean): Promise<void> {
  for (let step = 1; step < 50; step += 1) {
    await expect(give(store, policies, command, killedAt(step))).rejects.toThrow();
    if (isReached()) return;
  }
  throw new Error('the command never came to that point');
}

const decisions = (store: InMemoryEventStore): PersonDecided['data'][] =>
  store
    .stream(`dossier-${person}`)
    .flatMap((event) => (event.type === 'PersonDecided.v1' ? [event.data as PersonDecided['data']] : []));
const lastCause = (store: InMemoryEventStore): string | undefined => decisions(store).at(-1)?.cause.type;

const ofLines = (answer: unknown): PersonLinesResult => (answer as readonly PersonLinesResult[])[0] as PersonLinesResult;
const standingOf = (answer: unknown): readonly CausedPaymentChanges[] =>
  Array.isArray(answer) ? ofLines(answer).standing : (answer as Extract<CommandResult, { outcome: 'done' }>).standing;

const moved = (n: number, date: string, grantedBeforeCents: number, grantedNowCents: number) => ({
  practice: '04012345',
  reference: `R-${n}`,
  invoice: 'I-1',
  date,
  grantedBeforeCents,
  grantedNowCents,
});

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('money that moved before a command and that nobody told of, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  let byActivation: readonly CausedPaymentChanges[];
  beforeEach(async () => {
    policies.reset();
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
    await give(store, policies, first);
    const digest = policies.activateCoveredOnly();
    byActivation = [{ cause: { type: 'ActivatePolicy', id: digest }, changes: [moved(1, '2024-01-08', 4000, 0)] }];
  });
  afterEach(async () => {
    const { findings } = await verify(store.asProcess(), policies as unknown as PolicyRegistry);
    expect(findings).toEqual([]);
  });

  it('by an activated policy is told with the next claim lines, under the activation, and not again after', async () => {
    const answer = ofLines(await give(store, policies, second));
    expect(answer).toMatchObject({ outcomes: [{ outcome: 'decided', grantedCents: 0 }], changes: [], standing: byActivation });
    expect(standingOf(await give(store, policies, statePackages(person)))).toEqual([]);
  });

  it('is told with the next correction, which tells its own beside it', async () => {
    expect(await give(store, policies, statePackages(person))).toMatchObject({ standing: byActivation });
  });

  it.each([
    ['claim lines', second],
    ['a correction', statePackages(person)],
    ['lines of which none was taken in', sentAgain],
  ])('is told again in the same words by %s', async (_what, command) => {
    expect(standingOf(await give(store, policies, command))).toEqual(byActivation);
    await give(store, policies, importHistory(person, '9376', 3));
    const length = store.log.length;
    expect(standingOf(await give(store, policies, command))).toEqual(byActivation);
    expect(store.log).toHaveLength(length);
  });

  it('is told by the same command, when its process was killed after it had booked it', async () => {
    await killWhen(store, second, () => lastCause(store) === 'ActivatePolicy');
    expect(standingOf(await give(store, policies, second))).toEqual(byActivation);
    expect(standingOf(await give(store, policies, second))).toEqual(byActivation);
  });

  it('is told by another command, once, when the process that booked it was killed', async () => {
    await killWhen(store, second, () => lastCause(store) === 'ActivatePolicy');
    expect(store.log.filter((event) => event.type === 'SessionDeclared.v1')).toHaveLength(1);
    expect(standingOf(await give(store, policies, statePackages(person)))).toEqual(byActivation);
    expect(standingOf(await give(store, policies, second))).toEqual([]);
    expect(standingOf(await give(store, policies, statePackages(person)))).toEqual(byActivation);
  });

  it('is told by the command after one that was refused', async () => {
    const refused = importHistory(person, '9373', -1);
    expect(await give(store, policies, refused)).toMatchObject({ outcome: 'refused' });
    expect(lastCause(store)).toBe('ActivatePolicy');
    expect(standingOf(await give(store, policies, second))).toEqual(byActivation);
  });

  it('is told by lines of which none is taken in: an empty decision records that it was told', async () => {
    const answer = ofLines(await give(store, policies, sentAgain));
    expect(answer).toMatchObject({ outcomes: [{ outcome: 'refused', codes: ['8067'] }], changes: [], standing: byActivation });
    expect(decisions(store).at(-1)).toMatchObject({ cause: { type: 'DeclareClaimLines' }, decisions: [], entries: [] });
    expect(standingOf(await give(store, policies, second))).toEqual([]);
  });

  it('by a member import is told with the next command, for an import tells nobody', async () => {
    policies.reset();
    const command = commandId('no longer insured');
    const member: Member = { personId: person, commandId: command, insurance: [], diedOn: null, packages: [], switches: [] };
    await give(store, policies, new RegisterPersons([member], 'test'));
    policies.activateCoveredOnly();
    await give(
      store,
      policies,
      new RegisterPersons([{ ...member, commandId: commandId('insured again'), insurance: INSURED }], 'test'),
    );
    expect(lastCause(store)).toBe('RegisterPerson');
    expect(standingOf(await give(store, policies, second))).toEqual([
      { cause: { type: 'RegisterPerson', id: command }, changes: [moved(1, '2024-01-08', 4000, 0)] },
    ]);
  });

  it('is not booked by a command that was done already, where that would leave it untold', async () => {
    const length = store.log.length;
    expect(ofLines(await give(store, policies, first))).toMatchObject({ outcomes: [{ grantedCents: 4000 }], standing: [] });
    if (atomic) expect(store.log).toHaveLength(length);
    expect(standingOf(await give(store, policies, second))).toEqual(byActivation);
  });

  it('leaves a dossier as it was when no grant moved', async () => {
    policies.reset();
    policies.activate();
    expect(standingOf(await give(store, policies, sentAgain))).toEqual([]);
    expect(lastCause(store)).toBe('ActivatePolicy');
  });
});

describe('facts that another command found without a decision', () => {
  it('are told with that command, under the cause of their own, but for the lines that their own command answers', async () => {
    policies.reset();
    const store = new InMemoryEventStore(false);
    await give(store, policies, register(person));
    await give(store, policies, recordSwitch(person, '9373'));
    await give(store, policies, first);
    const history = importHistory(person, '9373', 14);
    await killWhen(store, history, () => store.log.at(-1)?.type === 'HistoryImported.v2');
    const answer = ofLines(await give(store, policies, second));
    const told = [{ cause: { type: 'ImportHistory', id: history.base.commandId }, changes: [moved(1, '2024-01-08', 0, 4000)] }];
    expect(answer.standing).toEqual(told);
    expect(standingOf(await give(store, policies, second))).toEqual(told);

    const third = declare('third', new Map([[person, [debit(3, '2024-01-22', '9373', '008')]]]));
    await killWhen(store, third, () => store.log.at(-1)?.type === 'SessionDeclared.v1');
    expect(standingOf(await give(store, policies, statePackages(person)))).toEqual([]);
    expect(ofLines(await give(store, policies, third)).outcomes).toMatchObject([{ outcome: 'decided', grantedCents: 4000 }]);
  });
});
