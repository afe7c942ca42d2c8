import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { lineKey, type LineDecision, type LineKey, type PersonState } from '#libs/trajectory';
import { DossierContext } from '../context';
import type { PersonCommand, PersonOutcome } from '../person/command';
import { executePersonCommands } from '../person/execute';
import { paymentChanges } from '../payment-specification/payment-changes';
import { DeclareClaimLines, type LineOutcome, type PersonLines, type PersonLinesResult } from './command';
import { planLines, wronglyBlocked, type Acceptance } from './plan';

/** What the lines were accepted as, and what had been granted of the debits that credits take out. */
interface DeclaredResult {
  readonly acceptances: readonly Acceptance[];
  readonly grantedBefore: ReadonlyMap<LineKey, number>;
}

@CommandHandler(DeclareClaimLines)
export class DeclareClaimLinesHandler implements ICommandHandler<DeclareClaimLines> {
  constructor(private readonly context: DossierContext) {}

  /** Answers in the order of the persons given. A refused line is an outcome, never an error. */
  async execute(command: DeclareClaimLines): Promise<readonly PersonLinesResult[]> {
    const taken = await this.context.lineKeys.takenByOthers(command.persons);
    return inGroups(command.persons, async (persons) => {
      const commands = persons.map((person) => personCommand(person, command, taken.get(person.personId) ?? NONE));
      const outcomes = await executePersonCommands(this.context, commands);
      return persons.map((person, i) => resultOf(person, outcomes[i] as PersonOutcome<DeclaredResult>));
    });
  }
}

/** What is told of a person's lines; the person as folded is let go of with the outcome. */
function resultOf(person: PersonLines, outcome: PersonOutcome<DeclaredResult>): PersonLinesResult {
  if (outcome.outcome === 'refused')
    return { personId: person.personId, outcomes: person.lines.map(() => refused(['0320'])), ...NOTHING_MOVED };
  const { state, decided, standing, position } = outcome;
  // Lines of this very command are told in their return message.
  const own = new Set(
    outcome.result.acceptances.flatMap((each) => (!each.accepted ? [] : each.kind === 'debit' ? [each.line] : [each.debit.line])),
  );
  const changes =
    decided === null ? [] : paymentChanges(state, decided).filter((each) => !own.has(lineKey(each.practice, each.reference)));
  return { personId: person.personId, outcomes: lineOutcomes(outcome), changes, standing, position };
}

/**
 * Persons that are read, decided and written together. Fewer would cost round trips; more would hold more histories in memory at a
 * time, which the garbage collector then copies around.
 */
const PERSONS_PER_GROUP = 16;

/** Works the groups of a list one after the other; the next batch of lines fills the waiting. */
async function inGroups<T, R>(list: readonly T[], work: (group: readonly T[]) => Promise<readonly R[]>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < list.length; i += PERSONS_PER_GROUP) results.push(...(await work(list.slice(i, i + PERSONS_PER_GROUP))));
  return results;
}

const NONE: ReadonlySet<LineKey> = new Set();
const NOTHING_MOVED = { changes: [], standing: [], position: null } as const;

function personCommand(
  person: PersonLines,
  command: DeclareClaimLines,
  takenByOthers: ReadonlySet<LineKey>,
): PersonCommand<DeclaredResult> {
  const knownInvalid = new Set<LineKey>();
  let acceptances: readonly Acceptance[] = [];
  return {
    personId: person.personId,
    commandId: person.commandId,
    type: 'DeclareClaimLines',
    actor: command.actor,
    plan(state: PersonState) {
      if (!state.registered) return { refusals: [{ code: 'person-unknown', field: 'personId', problem: 'no such person' }] };
      const subject = { birthDate: person.birthDate, receivedOn: command.receivedOn };
      const plan = planLines(state, person.lines, subject, knownInvalid, takenByOthers);
      acceptances = plan.acceptances;
      const grantedBefore = new Map<LineKey, number>();
      for (const each of acceptances)
        if (each.accepted && each.kind === 'credit')
          grantedBefore.set(each.debit.line, grantedBeforeCredit(state, person, each.debit.line));
      return { facts: plan.facts, result: { acceptances, grantedBefore } };
    },
    accepts(decisionOf) {
      const learnt = wronglyBlocked(acceptances, decisionOf);
      for (const line of learnt) knownInvalid.add(line);
      return learnt.length === 0;
    },
  };
}

/** What the provider had been granted of a line before this command took it out: what is booked, or what it booked back. */
function grantedBeforeCredit(state: PersonState, person: PersonLines, debit: LineKey): number {
  const done = state.decidedCommands.get(person.commandId);
  const bookedBack = done?.entries.find((entry) => entry.line === debit)?.paidToProvider;
  return bookedBack !== undefined ? -bookedBack : (state.booked.get(debit)?.paidToProvider ?? 0);
}

const refused = (codes: readonly string[]): LineOutcome => ({ outcome: 'refused', codes, grantedCents: 0 });

function lineOutcomes(outcome: Extract<PersonOutcome<DeclaredResult>, { outcome: 'done' }>): LineOutcome[] {
  // What this command decided, when it did decide (then a later correction does not change what the message says).
  const own = new Map<LineKey, LineDecision>((outcome.decided?.decisions ?? []).map((each) => [each.line, each]));
  return outcome.result.acceptances.map((each) => {
    if (!each.accepted) return refused(each.codes);
    if (each.kind === 'credit')
      return { outcome: 'credited', codes: [], grantedCents: 0 - (outcome.result.grantedBefore.get(each.debit.line) ?? 0) };
    const decision = own.get(each.line) ?? outcome.state.decisions.get(each.line);
    // Declared by this very line, and credited since: the message repeats what it had said, that it was accepted.
    if (decision === undefined) return { outcome: 'decided', codes: [], grantedCents: 0 };
    return { outcome: decision.status, codes: decision.codes, grantedCents: decision.paidToProvider };
  });
}
