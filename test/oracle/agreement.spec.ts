/** Engine and oracle on a few hundred random persons: the short form of `npm run test:oracle`. */
import { compilePolicy, decide } from '#libs/coverage';
import { loadPolicyFiles } from '#libs/policy-files';
import type { PersonFacts, TrajectoryFacts } from '#libs/trajectory';
import { firstDifference } from './compare';
import { oracle } from './oracle';
import { packageLimitsOf } from './package-limits';
import { randomPerson } from './persons';

const PERSONS_PER_TEST = 25;
const files = loadPolicyFiles();
const book = compilePolicy(files.document, files.digest);
const packages = packageLimitsOf(files.document);
const seeds = (first: number): number[] => Array.from({ length: PERSONS_PER_TEST }, (_, i) => first + i);

/** The same facts, as if they had arrived the other way round. */
function reversed(facts: PersonFacts): PersonFacts {
  const turned = (stream: TrajectoryFacts): TrajectoryFacts => ({
    ...stream,
    sessions: new Map([...stream.sessions].reverse()),
    switches: [...stream.switches].reverse(),
    histories: [...stream.histories].reverse(),
    statements: [...stream.statements].reverse(),
  });
  return {
    ...facts,
    insurance: [...facts.insurance].reverse(),
    packages: [...facts.packages].reverse(),
    trajectories: new Map([...facts.trajectories].reverse().map(([id, stream]) => [id, turned(stream)])),
  };
}

describe('engine and oracle', () => {
  it.each([1, 101, 201, 301, 401, 501, 601, 701, 801, 901, 1001, 1101])('agree on the persons from seed %i', (first) => {
    const differing = seeds(first).filter((seed) => {
      const facts = randomPerson(seed, packages, []);
      return firstDifference(decide(facts, book), oracle(facts, packages)) !== null;
    });
    expect(differing).toEqual([]);
  });

  it.each([1000099, 1003460, 3118709, 4118262])('agree on the person of seed %i, on whom they once differed', (seed) => {
    // as they were then: moved lines came later
    const facts = randomPerson(seed, packages, ['moves']);
    expect(firstDifference(decide(facts, book), oracle(facts, packages))).toBeNull();
  });

  it('the engine decides the same whatever the order of arrival', () => {
    for (const seed of seeds(2001)) {
      const facts = randomPerson(seed, packages, []);
      expect(decide(reversed(facts), book)).toEqual(decide(facts, book));
    }
  });
});
