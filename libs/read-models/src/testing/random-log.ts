/** Random but coherent logs of many persons, with decisions that move as corrections come. Seeded: the same seed, the same log. */
import type { RecordedEvent } from '#libs/event-store';
import { OVERRIDDEN, type LineDecision, type PersonDecided, type SettlementEntry } from '#libs/trajectory';
import { idOf, LogBuilder, seeded, type Random } from './log-builder';

/** The one remap of these logs. */
const REMAP = { from: '9376', to: '3176', effectiveDate: '2024-07-01' };

interface Line {
  readonly key: string;
  stored: string;
  readonly date: string;
  readonly cents: number;
  readonly quantity: number;
  /** As it was declared. */
  readonly fact: object;
  moves: number;
}

interface Booked {
  readonly basic: number;
  readonly supplementary: number;
  readonly insured: number;
  readonly paidToProvider: number;
}
const NOTHING: Booked = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0 };

/** One person who acts at random; every act ends in a PersonDecided, as commands do. */
export class RandomPerson {
  readonly id: string;
  private readonly trajectories: { id: string; absorbedInto: string | null; hold: boolean; imports: string[] }[] = [];
  private readonly lines = new Map<string, Line>();
  private readonly decisions = new Map<string, LineDecision>();
  private readonly booked = new Map<string, Booked>();
  /** Lines that are with another person. */
  private readonly away: Line[] = [];
  private readonly overridden = new Set<string>();
  private isRegistered = false;
  private serial = 0;
  private acts = 0;
  /** Of the act under way: its command, and whether its lines came in a file. */
  private command = '';
  private isFile = false;

  constructor(
    private readonly log: LogBuilder,
    private readonly random: Random,
    name: string,
  ) {
    this.id = idOf(name);
  }

  private get dossier(): string {
    return `dossier-${this.id}`;
  }

  private pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T;
  }

  /** One command: facts, then what is decided on them. */
  act(): void {
    this.acts += 1;
    this.command = idOf(`${this.id} act ${this.acts}`);
    this.isFile = this.random() < 0.5;
    if (!this.isRegistered) this.register();
    const withdrawn: string[] = [];
    const choice = this.random();
    if (this.trajectories.length === 0 || choice < 0.08) this.start();
    else if (choice < 0.6) for (let i = Math.ceil(this.random() * 4); i > 0; i -= 1) this.declare();
    else if (choice < 0.7) this.credit(withdrawn);
    else if (choice < 0.78) this.fact('InsurerSwitched.v1', { switchDate: this.date(), recordedBy: 'command' });
    else if (choice < 0.84) this.importHistory();
    else if (choice < 0.88) this.append(this.dossier, 'SwitchReported.v1', { switchDate: this.date() });
    else if (choice < 0.92) this.absorb();
    else if (choice < 0.93) this.pick(this.trajectories).hold = this.random() < 0.5;
    else if (choice < 0.96) this.override();
    else this.move(withdrawn);
    this.decide(withdrawn);
    this.write();
  }

  /** Somebody who has not acted yet has no dossier to close. */
  erase(): void {
    if (this.isRegistered)
      this.log.append(this.dossier, 'PersonErased.v1', { personId: this.id, erasedAt: '2026-11-25T09:30:00.000Z' }, this.id);
  }

  /** Events of the command under way, in the order of their making. */
  private unit: { stream: string; type: string; data: unknown }[] = [];

  private append(stream: string, type: string, data: unknown): void {
    this.unit.push({ stream, type, data });
  }

  /** Writes the command's unit: as it was made, or stream by stream with the dossier first or last. */
  private write(): void {
    const order = this.random();
    const rank = ({ stream }: { stream: string }): number => (stream === this.dossier ? (order < 0.6 ? -1 : 1) : 0);
    const unit = order < 0.25 ? this.unit : [...this.unit].sort((a, b) => rank(a) - rank(b));
    for (const { stream, type, data } of unit) this.log.append(stream, type, data, this.id, this.command);
    this.unit = [];
  }

  private seen(): Record<string, number> {
    const streams = [this.dossier, ...this.trajectories.map(({ id }) => `trajectory-${id}`)];
    const pending = (name: string): number => this.unit.filter(({ stream }) => stream === name).length;
    return Object.fromEntries(streams.map((stream) => [stream, this.log.revisionOf(stream) + pending(stream)]));
  }

  private register(): void {
    this.isRegistered = true;
    this.append(this.dossier, 'PersonRegistered.v1', { personId: this.id });
    const periods = [{ insurer: '3343', from: '2023-01-01', through: null }];
    this.append(this.dossier, 'InsuranceStated.v1', { periods, diedOn: null });
    this.append(this.dossier, 'PackagesStated.v1', { packages: [{ ...periods[0], package: 'fit 9' }] });
  }

  private date(): string {
    return new Date(Date.UTC(2024, 0, 1) + Math.floor(this.random() * 300) * 86_400_000).toISOString().slice(0, 10);
  }

  private start(): void {
    const id = idOf(`${this.id} ${this.trajectories.length}`);
    const head = { trajectoryId: id, regime: 'annex', diagnosis: this.pick(['3176', '9376', '1723']) };
    const link = (): void => this.append(this.dossier, 'TrajectoryLinked.v1', head);
    const begin = (): void => this.append(`trajectory-${id}`, 'TrajectoryStarted.v1', { ...head, personId: this.id });
    if (this.random() < 0.5) [link, begin].forEach((each) => each());
    else [begin, link].forEach((each) => each());
    this.trajectories.push({ id, absorbedInto: null, hold: this.random() < 0.2, imports: [] });
  }

  private fact(type: string, data: unknown): void {
    this.append(`trajectory-${this.pick(this.trajectories).id}`, type, data);
  }

  private declare(): void {
    const { id } = this.pick(this.trajectories);
    this.serial += 1;
    const practice = this.serial % 3 === 0 ? '01000002' : '01000001';
    const reference = `${this.id.slice(0, 8)}-${this.serial}`;
    const quantity = this.random() < 0.1 ? 2 : 1;
    const [date, cents] = [this.date(), 3501 * quantity];
    const fact = {
      practice,
      reference,
      date,
      list: '012',
      performance: '1000',
      quantity,
      diagnosis: '3176',
      csi: this.pick(['001', '008']),
      tariffCents: 3501,
      calculatedCents: cents,
      declaredCents: cents,
      insurer: this.pick(['3343', '7095']),
      invoice: 'tab\there, "quoted" \\ and\nnew line',
      ageYears: 50,
      deductibleAge: true,
      receivedOn: '2025-01-01',
      source: this.source(),
    };
    const key = `${practice}/${reference}`;
    this.lines.set(key, { key, stored: id, date, cents, quantity, fact, moves: 0 });
    this.append(`trajectory-${id}`, 'SessionDeclared.v1', fact);
  }

  private source(): object {
    return this.isFile ? { file: idOf(`file of ${this.command}`), record: this.serial } : { command: 'test' };
  }

  /** A line goes to another trajectory, or to another person, or comes back from one. */
  private move(withdrawn: string[]): void {
    const [back] = this.away.splice(0, this.random() < 0.5 ? 1 : 0);
    const line = back ?? this.pick([...this.lines.values()]);
    if (line === undefined) return;
    const person = idOf('somebody else');
    const [practice = '', reference = ''] = line.key.split('/');
    const from = line.stored;
    line.moves += 1;
    const moved = { move: line.moves, under: '3176' };
    const leaves = back === undefined && this.random() < 0.4;
    if (!leaves) {
      const to = this.pick(this.trajectories).id;
      const origin = back === undefined ? { trajectory: from } : { person };
      this.append(`trajectory-${to}`, 'SessionMovedIn.v1', { session: line.fact, from: origin, ...moved });
      line.stored = to;
      this.lines.set(line.key, line);
    }
    if (back !== undefined || (line.stored === from) !== leaves) return;
    this.overridden.delete(line.key);
    const target = leaves ? { person } : { trajectory: line.stored };
    this.append(`trajectory-${from}`, 'SessionMovedOut.v1', { practice, reference, to: target, ...moved });
    if (!leaves) return;
    this.away.push(line);
    this.lines.delete(line.key);
    if (this.decisions.delete(line.key)) withdrawn.push(line.key);
  }

  private credit(withdrawn: string[]): void {
    const line = this.pick([...this.lines.values()]) as Line | undefined;
    if (line === undefined) return;
    const [practice = '', reference = ''] = line.key.split('/');
    this.append(`trajectory-${line.stored}`, 'SessionWithdrawn.v1', {
      practice,
      reference,
      creditReference: `${reference}C`,
      invoice: 'C',
      source: this.source(),
    });
    this.lines.delete(line.key);
    this.overridden.delete(line.key);
    if (this.decisions.delete(line.key)) withdrawn.push(line.key);
  }

  /** Sets a line by hand, one that is held where there is any, or ends that. */
  private override(): void {
    const lines = [...this.lines.values()];
    const held = lines.filter(({ key }) => this.decisions.get(key)?.status === 'held');
    const line = this.pick(held.length > 0 ? held : lines) as Line | undefined;
    if (line === undefined) return;
    const [practice = '', reference = ''] = line.key.split('/');
    const overrideId = idOf(`override of ${line.key}`);
    const stream = `trajectory-${line.stored}`;
    if (this.overridden.delete(line.key))
      this.append(stream, 'OverrideEnded.v1', { overrideId, practice, reference, because: 'ended' });
    else {
      this.overridden.add(line.key);
      const split = { basic: line.cents, supplementary: 0, insured: 0 };
      this.append(stream, 'DecisionOverridden.v1', { overrideId, practice, reference, split, endsOn: this.date() });
    }
  }

  private importHistory(): void {
    const trajectory = this.pick(this.trajectories);
    const last = trajectory.imports.at(-1);
    const stream = `trajectory-${trajectory.id}`;
    if (last !== undefined && this.random() < 0.4) {
      this.append(stream, 'HistoryRetracted.v1', { importId: last, reason: 'wrong' });
      return;
    }
    if (last !== undefined && this.random() < 0.3) {
      this.append(stream, 'HistoryVerified.v1', { importId: last });
      return;
    }
    const importId = idOf(`${trajectory.id} import ${trajectory.imports.length}`);
    trajectory.imports.push(importId);
    // one in two as an earlier version wrote it
    const isSigned = trajectory.imports.length % 2 === 0;
    this.append(stream, isSigned ? 'HistoryImported.v2' : 'HistoryImported.v1', {
      importId,
      startedOn: '2023-01-01',
      count: 14,
      throughDate: this.date(),
      scope: 'elsewhere',
      source: 'form',
      statedBy: 'practice',
      document: { reference: 'D1' },
      ...(isSigned ? { signedOn: '2024-12-01' } : {}),
      status: 'asserted',
      ...(last !== undefined && this.random() < 0.5 ? { supersedes: last } : {}),
    });
  }

  private absorb(): void {
    const free = this.trajectories.filter(({ absorbedInto }) => absorbedInto === null);
    const absorbed = this.trajectories.find(({ absorbedInto }) => absorbedInto !== null);
    if (absorbed !== undefined && this.random() < 0.5) {
      this.append(`trajectory-${absorbed.id}`, 'AbsorptionReverted.v1', { from: absorbed.absorbedInto, reason: 'mistake' });
      if (this.random() < 0.5)
        this.append(`trajectory-${absorbed.absorbedInto}`, 'RemapReverted.v1', { ...REMAP, reason: 'mistake' });
      absorbed.absorbedInto = null;
    } else if (free.length >= 2) {
      const [into, other] = free as [(typeof free)[0], (typeof free)[0]];
      this.append(`trajectory-${into.id}`, 'DiagnosisRemapped.v1', { ...REMAP, reason: 'closed' });
      this.append(`trajectory-${other.id}`, 'TrajectoryAbsorbed.v1', { into: into.id, reason: 'closed' });
      other.absorbedInto = into.id;
    }
  }

  private survivor(id: string): string {
    let current = this.trajectories.find((each) => each.id === id);
    while (current?.absorbedInto != null) {
      const { absorbedInto } = current;
      current = this.trajectories.find((each) => each.id === absorbedInto);
    }
    return current?.id ?? id;
  }

  /** A toy engine: positions by date, threshold 5, held after the trajectory's first three when it is on hold. */
  private decide(withdrawn: string[]): void {
    const counts = new Map<string, number>();
    const decisions: LineDecision[] = [];
    const entries: SettlementEntry[] = [];
    for (const key of withdrawn) this.book(entries, key, NOTHING);
    for (const line of [...this.lines.values()].sort((a, b) => (a.date + a.key < b.date + b.key ? -1 : 1))) {
      const trajectory = this.survivor(line.stored);
      const decision = this.decided(line, trajectory, counts);
      if (JSON.stringify(this.decisions.get(line.key)) === JSON.stringify(decision)) continue;
      this.decisions.set(line.key, decision);
      decisions.push(decision);
      const { basic, supplementary, insured } = decision.split;
      this.book(entries, line.key, { basic, supplementary, insured, paidToProvider: decision.paidToProvider });
    }
    this.append(this.dossier, 'PersonDecided.v1', {
      cause: { command: this.command as never, type: 'DeclareClaimLines' },
      seen: this.seen(),
      policy: { digest: 'd'.repeat(64), version: '2024.1' },
      engine: 'toy-1',
      decisions,
      withdrawn: withdrawn as never[],
      entries,
    } satisfies PersonDecided['data']);
  }

  /** The difference to what is booked on the line. */
  private book(entries: SettlementEntry[], key: string, wanted: Booked): void {
    const before = this.booked.get(key) ?? NOTHING;
    this.booked.set(key, wanted);
    const difference = (flow: keyof Booked): number => wanted[flow] - before[flow];
    const [basic, supplementary, insured] = [difference('basic'), difference('supplementary'), difference('insured')];
    entries.push({ line: key as never, basic, supplementary, insured, paidToProvider: difference('paidToProvider') });
  }

  private decided(line: Line, trajectory: string, counts: Map<string, number>): LineDecision {
    const split = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0 };
    const isInvalid = line.key.endsWith('7');
    const first = (counts.get(trajectory) ?? 0) + 1;
    const isHeld = !isInvalid && first > 3 && this.trajectories.find(({ id }) => id === trajectory)?.hold === true;
    const isByHand = !isInvalid && this.overridden.has(line.key);
    const units = Array.from({ length: line.quantity }, (_, i) => {
      const position = isInvalid ? null : first + i;
      const purse = isByHand
        ? ('basic' as const)
        : isInvalid || isHeld
          ? null
          : first + i > 5
            ? ('basic' as const)
            : first + i > 3
              ? ('supplementary' as const)
              : ('insured' as const);
      split[purse ?? (isInvalid ? 'refused' : 'undecided')] += 3501;
      return { position, purse, cents: 3501, rule: 'threshold' };
    });
    if (!isInvalid) counts.set(trajectory, first + line.quantity - 1);
    return {
      line: line.key as never,
      trajectory: trajectory as never,
      status: isInvalid ? 'invalid' : isHeld && !isByHand ? 'held' : 'decided',
      condition: isInvalid ? null : line.date < '2024-07-01' ? '1.b.7' : '1.b.8',
      units,
      split,
      codes: isHeld && !isByHand ? ['0613', '8072'] : [],
      deductible: split.basic > 0,
      paidToProvider: split.basic + split.supplementary,
      claimFromInsured: split.insured,
      flags: [...(first > 4 ? ['date-to-confirm', 'csi-differs'] : []), ...(isByHand ? [OVERRIDDEN] : [])],
      reason: isByHand
        ? { rule: OVERRIDDEN, values: { derivedStatus: isHeld ? 'held' : 'decided' } }
        : { rule: 'threshold', values: { threshold: 5, position: first } },
    };
  }
}

/**
 * A log of so many persons and acts, the persons interleaved, with a claim file and a policy between them. The first `erased` of the
 * persons are erased after half of the acts, and act no more.
 */
export function randomLog(seed: number, persons: number, acts: number, erased = 0): RecordedEvent[] {
  const random = seeded(seed);
  const log = new LogBuilder();
  log.append('policy-book', 'PolicyActivated.v1', { digest: 'd'.repeat(64), version: '2024.1' });
  const everyone = Array.from({ length: persons }, (_, i) => new RandomPerson(log, random, `person ${seed} ${i}`));
  const fileId = idOf(`file ${seed}`);
  const file = `claim-file-${fileId}`;
  log.append(file, 'ClaimFileReceived.v1', {
    fileId,
    digest: 'a'.repeat(64),
    bytes: 5_000_000_000,
    standard: 'PM304',
    version: '3.2',
    insurer: '3343',
    practice: '01000001',
    invoice: '2024-1',
    invoiceDate: '2024-12-31',
    receivedOn: '2025-01-01',
    performanceRecords: 2,
  });
  for (let i = 0; i < acts; i += 1) {
    const first = i < acts / 2 ? 0 : erased;
    if (i === Math.ceil(acts / 2)) for (const person of everyone.slice(0, erased)) person.erase();
    (everyone[first + Math.floor(random() * (persons - first))] as RandomPerson).act();
    if (i === Math.floor(acts / 2))
      // one as an earlier version wrote it
      for (const [chunk, type, line] of [
        [0, 'LinesProcessed.v1', { record: 2, outcome: 'decided', codes: [], grantedCents: 3501 }],
        [1, 'LinesProcessed.v2', { record: 3, outcome: 'held', codes: ['0613', '8072'], grantedCents: 0 }],
      ] as const)
        log.append(file, type, { chunk, lines: [line], changes: [], ...(chunk === 0 ? {} : { standing: [] }) });
  }
  log.append(file, 'ClaimFileCompleted.v1', {
    lines: 2,
    declaredCents: 7002,
    grantedCents: 3501,
    returnDigest: 'b'.repeat(64),
  });
  log.append('policy-book', 'PolicyActivated.v1', { digest: 'e'.repeat(64), version: '2024.2' });
  return log.events;
}
