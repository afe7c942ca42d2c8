/** One correction: looked at, made, looked at again; and everything that must hold around it. */
import { isDeepStrictEqual } from 'node:util';
import { digestOfBoth, type CorrectionKind, type CorrectionOutcome, type Preview } from '#libs/dossiers';
import type { RecordedEvent } from '#libs/event-store';
import type { LineKey, PersonDecided, PersonId } from '#libs/trajectory';
import type { PackageLimits } from '../oracle/oracle';
import type { Attempt } from './acts';
import { mustBeAsPreviewed } from './booked';
import { SECOND, type Asked, type Desk } from './desk';
import { mustBe } from './fault';
import { ledgerMustClose } from './ledger';
import { lookAt, redecidedByOracle, toldOf, type Look } from './look';
import type { Tally } from './tally';

/** What nobody was shown. */
const NO_EFFECTS = '0'.repeat(64);

type Previewed = Awaited<ReturnType<Desk['corrections']['preview']>>;

export class Trial {
  #look: Look | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly packages: readonly PackageLimits[],
    private readonly tally: Tally,
  ) {}

  /** The person as they stand; the oracle is asked once for each state. */
  async look(): Promise<Look> {
    this.#look ??= await lookAt(this.desk, this.packages);
    return this.#look;
  }

  async tryOut({ correction: act, between }: Attempt): Promise<void> {
    const { desk, tally } = this;
    const { kind } = act;
    tally.count(kind, 'asked');
    const correction = desk.read(act);
    if (correction === null) return tally.count(kind, 'refused by the form');
    const first = await this.#preview(correction);
    for (const other of between) await desk.give(other);
    if (between.length > 0) this.#look = null;
    const second = between.length > 0 ? await this.#preview(correction) : first;
    const id = desk.idOf(act);
    if (second.outcome === 'refused') {
      const effects = first.outcome === 'previewed' ? first.preview.digest : undefined;
      const outcome = await this.#writesNothing(() => desk.carryOut(correction, id, true, effects));
      mustBe(isDeepStrictEqual(outcome, second), 'what is refused is refused alike in its preview', () =>
        JSON.stringify({ outcome, preview: second }),
      );
      tally.refused(second.refusals.map(({ code }) => code));
      return tally.count(kind, 'refused');
    }
    const hasMoved = first.outcome !== 'previewed' || first.preview.digest !== second.preview.digest;
    const stale = hasMoved && first.outcome === 'previewed' ? first.preview.digest : NO_EFFECTS;
    const moved = await this.#writesNothing(() => desk.carryOut(correction, id, true, stale));
    const { preview } = second;
    this.#mustAnswer(moved, 'moved', preview);
    if (hasMoved) tally.count(kind, 'moved in between');
    const needsApproval = preview.needsApproval.length > 0;
    if (needsApproval) {
      const outcome = await this.#writesNothing(() => desk.carryOut(correction, id, false, preview.digest));
      this.#mustAnswer(outcome, 'needs-approval', preview);
      tally.count(kind, 'needed approval');
    }
    await this.#carryOut(kind, correction, id, needsApproval, preview);
  }

  async #carryOut(
    kind: CorrectionKind,
    correction: Asked,
    id: ReturnType<Desk['idOf']>,
    needsApproval: boolean,
    preview: Preview,
  ): Promise<void> {
    const { desk } = this;
    const before = await this.look();
    const { receiving } = preview;
    const otherBefore = receiving === null ? null : await lookAt(desk, this.packages, desk.other);
    const length = desk.log.length;
    const outcome = await desk.carryOut(correction, id, needsApproval, preview.digest);
    mustBe(outcome.outcome === 'done', 'what was agreed to is done', () => JSON.stringify(outcome));
    mustBe(
      outcome.changed === preview.recordsFacts,
      'facts are recorded as the preview says',
      () => `changed: ${outcome.changed}`,
    );
    const written = ownEvents(desk.log.slice(length));
    const decided = bookedOnce(written, desk.person, preview.recordsFacts);
    const theirs = bookedOnce(written, desk.other, receiving?.recordsFacts === true);
    for (const { metadata, type } of written)
      mustBe(
        metadata.commandId === id &&
          metadata.actor === correction.actor &&
          metadata.approvedBy === (needsApproval ? SECOND : undefined),
        'every event tells who made and who approved it',
        () => `${type} ${JSON.stringify(metadata)}`,
      );
    const booked = decided === undefined ? null : mustBeAsPreviewed(before.state, decided, preview);
    if (receiving === null || otherBefore === null) mustHaveDigest(preview, booked?.digest);
    else {
      const received = theirs === undefined ? null : mustBeAsPreviewed(otherBefore.state, theirs, receiving);
      mustHaveDigest(preview, booked && received && digestOfBoth(booked.digest, received.digest));
      await this.#mustHoldOfOther(kind, otherBefore, received?.lines ?? []);
    }
    mustBe(
      isDeepStrictEqual([...outcome.released].sort(), [...preview.released].sort()),
      'the lines that are released are those of the preview',
      () => JSON.stringify({ released: outcome.released, previewed: preview.released }),
    );
    if (decided === undefined) this.#mustHaveNoEffect(preview);
    else this.#look = null;
    const after = await this.look();
    this.#mustBeWhatTheOracleChanges(kind, before, after, booked?.lines ?? []);
    const { book } = await desk.policies.inEffect();
    ledgerMustClose(after.state, desk.log, book);
    const again = await this.#writesNothing(() => desk.carryOut(correction, id, needsApproval, preview.digest));
    mustBe(again.outcome === 'done' && !again.changed, 'a correction that is given twice is booked once', () =>
      JSON.stringify(again.outcome),
    );
    this.#count(kind, preview);
  }

  /** The second person's lines are decided as the oracle says, and their books close. */
  async #mustHoldOfOther(kind: CorrectionKind, before: Look, lines: readonly LineKey[]): Promise<void> {
    const { desk } = this;
    const after = await lookAt(desk, this.packages, desk.other);
    this.#mustBeWhatTheOracleChanges(kind, before, after, lines);
    ledgerMustClose(after.state, desk.log, (await desk.policies.inEffect()).book);
  }

  /** A preview appends nothing, and another look at the same shows the same. */
  async #preview(correction: Asked): Promise<Previewed> {
    const length = this.desk.log.length;
    const previewed = await this.desk.corrections.preview(correction, correction.actor);
    mustBe(this.desk.log.length === length, 'a preview appends nothing', () => `${this.desk.log.length - length} events`);
    return previewed;
  }

  /** What takes effect anew under another version of the policy is no part of the correction. */
  async #writesNothing(give: () => Promise<CorrectionOutcome>): Promise<CorrectionOutcome> {
    const length = this.desk.log.length;
    const outcome = await give();
    const written = ownEvents(this.desk.log.slice(length));
    mustBe(written.length === 0, 'nothing is written of what is not done', () => `${outcome.outcome}: ${written.length} events`);
    return outcome;
  }

  #mustAnswer(outcome: CorrectionOutcome, expected: 'moved' | 'needs-approval', preview: Preview): void {
    mustBe(outcome.outcome === expected, `it answers that it is ${expected}`, () => JSON.stringify(outcome));
    mustBe(isDeepStrictEqual(outcome.preview, preview), 'what it would do now is told as in a preview', () =>
      JSON.stringify({ told: outcome.preview, preview }),
    );
  }

  #mustHaveNoEffect(preview: Preview): void {
    mustBe(preview.lines.length === 0, 'what records nothing has no effect', () => `${preview.lines.length} lines`);
  }

  #mustBeWhatTheOracleChanges(kind: CorrectionKind, before: Look, after: Look, lines: readonly LineKey[]): void {
    if (before.disagreed.length > 0) return this.tally.count(kind, 'not compared');
    const byOracle = redecidedByOracle(before, after);
    const tooMany = lines.filter((line) => !byOracle.includes(line));
    const missing = byOracle.filter((line) => !lines.includes(line));
    mustBe(tooMany.length + missing.length === 0, 'exactly the lines are decided anew whose oracle result changes', () =>
      JSON.stringify({ tooMany, missing, example: compared(before, after, (missing[0] ?? tooMany[0]) as LineKey) }),
    );
    const [line] = after.disagreed;
    mustBe(line === undefined, 'engine and oracle agree after the correction', () =>
      JSON.stringify(compared(before, after, line as LineKey)),
    );
  }

  #count(kind: CorrectionKind, preview: Preview): void {
    const effect = !preview.recordsFacts ? 'recorded nothing' : preview.lines.length > 0 ? 'with effect' : 'without effect';
    this.tally.count(kind, effect);
    this.tally.count(kind, 'lines decided anew', preview.lines.length);
    this.tally.count(kind, 'newly held', preview.newlyHeld.length);
    this.tally.count(kind, 'released', preview.released.length);
  }
}

/** @returns the person's decision among what was written; undefined where nothing was to be decided */
function bookedOnce(
  written: readonly RecordedEvent[],
  person: PersonId,
  recordsFacts: boolean,
): PersonDecided['data'] | undefined {
  const own = written.filter(({ metadata }) => metadata.personId === person);
  const [decided, ...more] = own.filter(({ type }) => type === 'PersonDecided.v1');
  mustBe(
    more.length === 0 && (decided !== undefined) === recordsFacts && own.length > 0 === recordsFacts,
    'a correction that records facts is booked once',
    () => own.map(({ type }) => type).join(', '),
  );
  return decided?.data as PersonDecided['data'] | undefined;
}

/** @param booked digest of what was booked; nothing = nothing was */
function mustHaveDigest({ digest }: Preview, booked: string | null | undefined): void {
  if (booked == null) return;
  mustBe(booked === digest, 'the digest of what is booked is that of the preview', () => `${booked}, ${digest}`);
}

/** What both say of the line, before and after. */
const compared = (before: Look, after: Look, line: LineKey): object => ({
  line,
  engine: [before, after].map(({ state }) => toldOf(state, line)),
  oracle: [before, after].map((look) => look.oracle.get(line)),
});

/** What a command wrote itself: without the decision by which an activated policy takes effect for the person. */
const ownEvents = (events: readonly RecordedEvent[]): readonly RecordedEvent[] =>
  events.filter(
    ({ type, data }) => type !== 'PersonDecided.v1' || (data as PersonDecided['data']).cause.type !== 'ActivatePolicy',
  );
