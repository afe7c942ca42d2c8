import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PersonId, SessionFact, SessionMovedOut } from '#libs/trajectory';
import { unknownPerson, type CommandBase, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { findLine } from '../move-session/line';
import type { PersonCommand, Plan, PlannedEffects } from '../person/command';
import { executePersonCommands } from '../person/execute';
import { FactsBuilder } from '../person/facts-builder';
import { loadPersons } from '../person/load';
import { lookAhead } from '../person/look-ahead';
import type { Refusal } from '../refusal';
import { arrive, birthDateOf, MOVE_TYPE } from './arrive';
import { MoveSessionToPerson, type SessionMoveToPerson } from './command';
import { partsOfMove } from './payments';
import { codeThere, planArrival } from './receive';

/** The line as it leaves. */
interface Leaving {
  readonly session: SessionFact;
  readonly move: number;
}
type Refused = Extract<CommandResult, { outcome: 'refused' }>;
/** What would happen to both persons, and the code under which the line would count with the second. */
interface Both {
  readonly leaving: PlannedEffects;
  readonly receiving: PlannedEffects;
  readonly under: string;
}

/** Ends a look before anything is booked in the fold that was looked at; never told to anybody. */
const LOOKED: readonly Refusal[] = [{ code: 'looked-at', field: '', problem: 'this was a look; nothing was written' }];
/** The line is with the one whom it was sent to: nobody else may be told that it came to them. */
const OTHER_RECEIVER: Refusal = {
  code: 'moved-to-other',
  field: 'toPerson',
  problem: 'this command has sent the line to another person already; give it again for that person, or move the line from there',
};
const receiverOf = ({ to }: SessionMovedOut['data']): PersonId | null => ('person' in to ? to.person : null);
const refused = (refusals: readonly Refusal[]): Refused => ({ outcome: 'refused', refusals });

/**
 * Two persons, and each is booked by itself: first the line leaves, then it arrives. A process that is killed in between leaves a line that
 * counts nowhere and is paid by nobody, with all that it needs to arrive: the same command finishes it, and so does whoever looks for such
 * lines (`unfinishedMoves`).
 *
 * Both persons are looked at, and both must agree, before anything is written; once the line has left it arrives whatever else came to
 * the second person in between, as with the later facts of any command that has begun.
 */
@CommandHandler(MoveSessionToPerson)
export class MoveSessionToPersonHandler implements ICommandHandler<MoveSessionToPerson> {
  constructor(private readonly context: DossierContext) {}

  async execute({ base, input }: MoveSessionToPerson): Promise<CommandResult> {
    const begun = base.isPreview === true ? null : await this.begunBy(base);
    const to = begun === null ? input.toPerson : receiverOf(begun);
    if (to !== input.toPerson) return refused([OTHER_RECEIVER]);
    let both: Both | null = null;
    if (begun === null) {
      const looked = await this.look(base, input);
      if ('outcome' in looked) return looked;
      if (base.isPreview === true) return refused(base.review?.({ ...looked.leaving, receiving: looked.receiving }) ?? LOOKED);
      both = looked;
    }
    const under = begun?.under ?? both?.under ?? '';
    const receiving = both?.receiving;
    const { review } = base;
    const [left] = await executePersonCommands<Leaving>(this.context, [
      {
        ...leaving(base, input, under),
        ...(base.warrant === undefined ? {} : { warrant: base.warrant }),
        ...(review === undefined || receiving === undefined
          ? {}
          : { review: (effects: PlannedEffects) => review({ ...effects, receiving }) }),
      },
    ]);
    if (left === undefined) throw new Error('no outcome for the only command');
    if (left.outcome === 'refused') return left;
    const { commandId, actor, warrant = {} } = base;
    const transit = { ...left.result, under, from: base.personId, to, commandId, actor, warrant };
    const arrival = await arrive(this.context, transit);
    if (arrival.outcome === 'returned')
      return { ...refused(arrival.refusals), undone: await partsOfMove(this.context.store, transit, arrival) };
    const { done } = arrival;
    return {
      outcome: 'done',
      commandId,
      changed: left.changed || done.changed,
      released: left.released,
      decided: left.decided,
      standing: left.standing,
      state: left.state,
      position: done.position ?? left.position,
      receiving: {
        personId: to,
        ...{ released: done.released, decided: done.decided, standing: done.standing, state: done.state },
      },
    };
  }

  /** What the command wrote when it was given before; then it was agreed to. */
  private async begunBy({ personId, commandId }: CommandBase): Promise<SessionMovedOut['data'] | null> {
    const loaded = (await loadPersons(this.context.store, [personId])).get(personId);
    const sent = loaded?.events.find(
      ({ type, metadata }) => type.startsWith('SessionMovedOut.') && metadata.commandId === commandId,
    );
    return sent === undefined ? null : (sent.data as SessionMovedOut['data']);
  }

  /** What it would do to both, read now; writes nothing. */
  private async look(base: CommandBase, input: SessionMoveToPerson): Promise<Both | Refused> {
    if (input.toPerson === base.personId)
      return refused([
        {
          code: 'same-person',
          field: 'toPerson',
          problem: 'the line is with this person already; name the one whose session it was',
        },
      ]);
    let line: Leaving | null = null;
    const first = leaving(base, input, '');
    const sender = await this.effectsOn({
      ...first,
      plan: (state, book, again) => {
        const plan = first.plan(state, book, again);
        if ('facts' in plan) line = plan.result;
        return plan;
      },
    });
    if ('outcome' in sender) return sender;
    const born = await birthDateOf(this.context, input.toPerson);
    if ('refusals' in born) return refused(born.refusals);
    const left = line as Leaving | null;
    if (left === null) throw new Error('a line was looked at that was not planned');
    let under = '';
    const receiver = await this.effectsOn({
      ...{ personId: input.toPerson, commandId: base.commandId, type: MOVE_TYPE, actor: base.actor },
      plan: (state, book) => {
        const arriving = { ...left, from: base.personId };
        const there = codeThere(state, book, arriving, input, born.birthDate);
        if ('refusals' in there) return there;
        under = there.under;
        return { facts: planArrival(state, { ...arriving, under }, born.birthDate), result: undefined };
      },
    });
    if ('outcome' in receiver) return refused(receiver.refusals.map(ofReceiver));
    return { leaving: sender, receiving: receiver, under };
  }

  private async effectsOn<R>(command: PersonCommand<R>): Promise<PlannedEffects | Refused> {
    const seen: PlannedEffects[] = [];
    const { refusals } = await lookAhead(this.context, {
      ...command,
      review: (effects) => {
        seen.push(effects);
        return LOOKED;
      },
    });
    return refusals === LOOKED && seen[0] !== undefined ? seen[0] : refused(refusals);
  }
}

/** The first half: the line is let go of, from every stream that it stands in. */
function leaving({ personId, commandId, actor }: CommandBase, input: SessionMoveToPerson, under: string): PersonCommand<Leaving> {
  return {
    ...{ personId, commandId, type: MOVE_TYPE, actor },
    plan(state): Plan<Leaving> {
      const unknown = unknownPerson(state);
      if (unknown.length > 0) return { refusals: unknown };
      const found = findLine(state, input);
      if ('refusal' in found) return { refusals: [found.refusal] };
      const { session, holders } = found;
      const move = (session.moved?.move ?? 0) + 1;
      const facts = new FactsBuilder(state);
      const { practice, reference } = session;
      for (const id of holders)
        facts.trajectory(id, {
          type: 'SessionMovedOut.v1',
          data: { practice, reference, move, to: { person: input.toPerson }, under },
        });
      return { facts: facts.build(), result: { session, move } };
    },
  };
}

/** What is refused of the receiver as a person is about the field that names them. */
const ofReceiver = (refusal: Refusal): Refusal => (refusal.field === 'personId' ? { ...refusal, field: 'toPerson' } : refusal);
