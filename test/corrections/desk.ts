/**
 * The product's own command side over a store in memory: its module, its bus, its corrections. TEST DOUBLES are the event store
 * (`InMemoryEventStore`), the policies (the bundled one, under two digests), the vault (two persons and their birth dates) and the register of
 * line keys (no key is declared for two persons here).
 */
import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import {
  CORRECTIONS,
  Corrections,
  DeclareClaimLines,
  DossierContext,
  DossiersModule,
  historyImportId,
  RegisterPersons,
  type Correction,
  type CorrectionOutcome,
} from '#libs/dossiers';
import type { EventStore, RecordedEvent } from '#libs/event-store';
import type { IdentityVault } from '#libs/identity';
import type { CommandId, HistoryImportId, PersonId } from '#libs/trajectory';
import { commandId, personId, Policies } from '../../libs/dossiers/src/testing/commands';
import { InMemoryEventStore } from '../../libs/dossiers/src/testing/in-memory-event-store';
import type { Act, Case, Correct } from './acts';

/** Late enough for all that the random persons state. */
const TODAY = new Date('2026-11-22T12:00:00Z');

/** Who gives the corrections, who approves, and who verifies. */
export const CLERK = 'clerk';
export const SECOND = 'second clerk';
export const VERIFIER = 'verifier';

/** A correction as its form read it, and who gives it. */
export interface Asked extends Correction {
  readonly actor: string;
}

const idIn = (seed: number, key: string): CommandId => commandId(`seed ${seed}: ${key}`);

export type Person = Pick<Case, 'seed' | 'birthDate' | 'atomicUnits'>;

/** The second person of the case of a seed. */
export const otherOf = (seed: number): PersonId => personId(`other of seed ${seed}`);

export class Desk {
  readonly policies = new Policies();
  #memory = new InMemoryEventStore(true);
  #store: EventStore = this.#memory.asProcess();
  #app: INestApplicationContext | null = null;
  #person: Person = { seed: 0, birthDate: '1970-01-01', atomicUnits: true };

  /** Every case has a store of its own; the module is made once and asks for the store of the case at hand. */
  static async open(): Promise<Desk> {
    const desk = new Desk();
    const at = (): EventStore => desk.#store;
    const store: EventStore = {
      get capabilities() {
        return at().capabilities;
      },
      append: (units) => at().append(units),
      readStreams: (reads) => at().readStreams(reads),
      readLog: (after, limit) => at().readLog(after, limit),
      listStreams: (category, after, limit) => at().listStreams(category, after, limit),
      subscribe: (options) => at().subscribe(options),
      close: () => at().close(),
    };
    // a move to another person asks when that one was born
    const identityOf = (persons: readonly string[]) => Promise.resolve(desk.#identities(persons));
    const vault = { identityOf } as unknown as IdentityVault;
    const policies = desk.policies as unknown as DossierContext['policies'];
    const lineKeys = { takenByOthers: () => Promise.resolve(new Map()), follow: () => Promise.resolve() };
    const context = new DossierContext(store, vault, policies, lineKeys, null, null, () => TODAY);
    // nobody else writes here whom one would have to wait for
    const unhurried = Object.assign(context, { pause: () => Promise.resolve() });
    desk.#app = await NestFactory.createApplicationContext(DossiersModule.forContext(unhurried), { logger: false });
    return desk;
  }

  async close(): Promise<void> {
    await this.#app?.close();
  }

  /** An empty store for this person. */
  begin(person: Person): void {
    this.policies.reset();
    this.#person = person;
    this.#memory = new InMemoryEventStore(person.atomicUnits);
    this.#store = this.#memory.asProcess();
  }

  get store(): EventStore {
    return this.#store;
  }
  get memory(): InMemoryEventStore {
    return this.#memory;
  }
  get log(): readonly RecordedEvent[] {
    return this.#memory.log;
  }
  get person(): PersonId {
    return personId(`of seed ${this.#person.seed}`);
  }
  /** To whom lines may be moved; registered with the first one, at the same insurers. */
  get other(): PersonId {
    return otherOf(this.#person.seed);
  }
  /** A child in one case of four, not born yet in many of their lines. */
  get #otherBirthDate(): string {
    return this.#person.seed % 4 === 3 ? '2016-03-05' : '1961-06-07';
  }

  #identities(persons: readonly string[]): Map<string, { birthDate: string }> & { erased: Set<string> } {
    const born = new Map<string, string>([
      [this.person, this.#person.birthDate],
      [this.other, this.#otherBirthDate],
    ]);
    const known = persons.flatMap((id) => {
      const birthDate = born.get(id);
      return birthDate === undefined ? [] : [[id, { birthDate }] as const];
    });
    return Object.assign(new Map(known), { erased: new Set<string>() });
  }

  idOf({ key }: Pick<Act, 'key'>): CommandId {
    return idIn(this.#person.seed, key);
  }
  /** The import that an act of this key makes for the person of this seed. */
  importOf({ seed, key }: Pick<Person, 'seed'> & Pick<Act, 'key'>): HistoryImportId {
    return historyImportId(idIn(seed, key));
  }

  /** What the form of the kind makes of what was sent; null = the form refuses it. */
  read({ kind, sent, actor = CLERK }: Pick<Correct, 'kind' | 'sent' | 'actor'>): Asked | null {
    const form = CORRECTIONS[kind].input.safeParse(sent);
    return form.success ? { personId: this.person, kind, input: form.data, actor } : null;
  }

  get corrections(): Corrections {
    return this.#service(Corrections);
  }

  /** @param effects digest that was agreed to; left out = whatever it does */
  carryOut(correction: Asked, id: CommandId, isApproved: boolean, effects?: string): Promise<CorrectionOutcome> {
    return this.corrections.carryOut({
      ...correction,
      commandId: id,
      warrant: { reason: 'quality-check', ...(isApproved ? { approvedBy: SECOND } : {}) },
      ...(effects === undefined ? {} : { effects }),
    });
  }

  /** Does what the act says; what the product refuses does not happen. */
  async give(act: Act): Promise<void> {
    switch (act.act) {
      case 'register': {
        const { insurance, packages, diedOn } = act;
        const member = { personId: this.person, commandId: this.idOf(act), insurance, packages, diedOn, switches: [] };
        const other = { ...member, personId: this.other, commandId: this.idOf({ key: `${act.key} of the other` }), diedOn: null };
        for (const outcome of await this.#service(CommandBus).execute(new RegisterPersons([member, other], 'test')))
          if (outcome.outcome !== 'done') throw new Error(`the person cannot be registered: ${JSON.stringify(outcome)}`);
        return;
      }
      case 'declare': {
        const whose =
          act.ofOther === true
            ? { personId: this.other, birthDate: this.#otherBirthDate }
            : { personId: this.person, birthDate: this.#person.birthDate };
        const lines = { ...whose, commandId: this.idOf(act), lines: act.lines };
        await this.#service(CommandBus).execute(new DeclareClaimLines([lines], act.receivedOn, 'test'));
        return;
      }
      case 'activate':
        return this.policies.activate();
      case 'correct': {
        const correction = this.read(act);
        if (correction !== null) await this.carryOut(correction, this.idOf(act), true);
        return;
      }
    }
  }

  #service<T>(type: abstract new (...args: never[]) => T): T {
    if (this.#app === null) throw new Error('the desk is not open: begin with Desk.open()');
    return this.#app.get<T>(type);
  }
}
