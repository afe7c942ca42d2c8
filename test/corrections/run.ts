/** Does a case from beginning to end, drawn from a seed or as it was told. */
import { verify } from '#libs/dossiers';
import type { PackageLimits } from '../oracle/oracle';
import { birthDateOf, randomPerson } from '../oracle/persons';
import { Random } from '../oracle/persons/random';
import type { Attempt, Case } from './acts';
import { Trial } from './attempt';
import { otherOf, type Desk } from './desk';
import { Drawer } from './draw/corrections';
import { dossierOf } from './draw/dossier';
import { Known } from './draw/known';
import { faultOf, mustBe, type Fault } from './fault';
import { readState } from './look';
import { Tally } from './tally';

export interface Ran {
  /** What was done: up to the fault, where there is one. */
  readonly case: Case;
  readonly fault: Fault | null;
  /** Lines of the person at the end. */
  readonly lines: number;
}

/** The next attempt; null = there is none. It may depend on how the person stands. */
type Next = (done: number) => Promise<Attempt | null>;

export class Runner {
  constructor(
    private readonly desk: Desk,
    private readonly packages: readonly PackageLimits[],
  ) {}

  /** The case of a seed: one of the oracle's persons, with one to four corrections. Stores with and without transactions take turns. */
  async drawn(seed: number, tally: Tally): Promise<Ran> {
    const random = new Random(seed * 31 + 5);
    const importOf = (key: string) => this.desk.importOf({ seed, key });
    const { acts, aside } = dossierOf(randomPerson(seed, this.packages), random, importOf);
    const drawer = new Drawer(this.packages, aside, otherOf(seed));
    const count = random.pick([1, 2, 2, 3, 4]);
    const start: Case = { seed, birthDate: birthDateOf(seed), atomicUnits: seed % 2 === 0, before: acts, attempts: [] };
    return this.#run(start, tally, async (done) =>
      done < count ? drawer.attempt(new Known(random, (await readState(this.desk)).facts)) : null,
    );
  }

  /** A case that was told, done again. */
  again(told: Case): Promise<Ran> {
    return this.#run({ ...told, attempts: [] }, new Tally(), (done) => Promise.resolve(told.attempts[done] ?? null));
  }

  async #run(start: Case, tally: Tally, next: Next): Promise<Ran> {
    const { desk } = this;
    const attempts: Attempt[] = [];
    const ran = (fault: Fault | null, lines = 0): Ran => ({ case: { ...start, attempts }, fault, lines });
    try {
      desk.begin(start);
      for (const act of start.before) await desk.give(act);
      const trial = new Trial(desk, this.packages, tally);
      for (let attempt = await next(0); attempt !== null; attempt = await next(attempts.length)) {
        attempts.push(attempt);
        await trial.tryOut(attempt);
      }
      const report = await verify(desk.store, desk.policies as unknown as Parameters<typeof verify>[1]);
      mustBe(report.findings.length === 0, 'verify finds nothing', () => JSON.stringify(report.findings.slice(0, 5)));
      return ran(null, report.lines);
    } catch (error) {
      return ran(faultOf(error));
    }
  }
}
