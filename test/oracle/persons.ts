/** Random persons from a seed: small, but full of the days and numbers on which a rule turns. */
import type { PersonFacts, SessionFact, TrajectoryFacts } from '#libs/trajectory';
import { PersonBuilder } from './persons/builder';
import { addCourses, type Scenario } from './persons/courses';
import { withMoves } from './persons/moves';
import { withOverrides } from './persons/overrides';
import { addPaperwork } from './persons/paperwork';
import { Random } from './persons/random';
import type { PackageLimits } from './oracle';
import { addDays, dateOf, termEnd, yearOf } from './rules/calendar';
import { COPD_CODE, SEVERE_BY_PERFORMANCE_FROM, SEVERE_CODES } from './rules/diagnoses';

/** What can be left out of the persons, for an engine that does not know it yet. */
export const LEAVABLE = [
  'statements',
  'copd-2018',
  'long-sessions',
  'switches',
  'imports',
  'remaps',
  'packages',
  'quantity',
  'several-imports',
  'moves',
  'overrides',
] as const;
export type Leavable = (typeof LEAVABLE)[number];

export const INSURERS = ['3343', '3343', '3343', '3365', '7095', '7095', '0101', '3311', '3358', '9664'];

function birthDate(random: Random): string {
  const day = random.oneIn(12) ? '02-29' : undefined;
  const year = random.oneIn(3) ? random.between(1994, 2009) : random.between(1935, 1995);
  if (day !== undefined) return `${Math.floor(year / 4) * 4}-${day}`;
  return dateOf(year, random.between(1, 12), random.between(1, 28));
}

function addInsurance(builder: PersonBuilder, start: string, end: string): void {
  const { random } = builder;
  let from = addDays(start, -random.pick([800, 400, 100, 0]));
  const count = random.pick([1, 1, 2, 3, 4]);
  const days = Math.max(30, Math.round((Date.parse(end) - Date.parse(from)) / 86_400_000));
  for (let i = 0; i < count; i += 1) {
    const lasting = addDays(from, Math.round(days / count) - 1);
    const through = random.oneIn(2) ? dateOf(yearOf(lasting), 12, 31) : lasting;
    const last = i === count - 1;
    builder.insurance.push({ insurer: random.pick(INSURERS), from, through: last && !random.oneIn(6) ? null : through });
    from = addDays(through, random.oneIn(5) ? random.between(2, 60) : 1);
  }
}

function addPackages(builder: PersonBuilder, start: string, packages: readonly PackageLimits[]): void {
  const { random } = builder;
  for (let i = random.pick([0, 1, 1, 2, 3]); i > 0; i -= 1) {
    const chosen = random.pick(packages);
    const from = random.pick([
      addDays(start, -300),
      start,
      dateOf(yearOf(start) + 1, 1, 1),
      addDays(start, random.between(1, 300)),
    ]);
    const insurer = random.oneIn(4) ? random.pick(INSURERS) : chosen.insurer;
    const through = random.oneIn(2) ? null : random.pick([dateOf(yearOf(from), 12, 31), addDays(from, random.between(0, 500))]);
    builder.packages.push({ insurer, package: chosen.name, from, through });
    // the same package at the person's own insurer, so that units are used
    const own = builder.insurance[0]?.insurer;
    const ofOwn = packages.filter((each) => each.insurer === own);
    if (ofOwn.length > 0 && random.oneIn(2))
      builder.packages.push({ insurer: own ?? '3343', package: random.pick(ofOwn).name, from: addDays(from, -1), through });
  }
}

const map = (facts: PersonFacts, change: (stream: TrajectoryFacts) => TrajectoryFacts | null): PersonFacts => {
  const streams = [...facts.trajectories.values()].map(change).filter((each) => each !== null);
  return { ...facts, trajectories: new Map(streams.map((each) => [each.id, each])) };
};

const withLines = (stream: TrajectoryFacts, keep: (session: SessionFact) => boolean): TrajectoryFacts => ({
  ...stream,
  sessions: new Map([...stream.sessions].filter(([, session]) => keep(session))),
});
const isCopd = ({ regime, diagnosis, remaps }: TrajectoryFacts): boolean =>
  regime === 'copd' || diagnosis === COPD_CODE || diagnosis === '2054' || remaps.some((remap) => remap.to === COPD_CODE);
const isSevere = ({ diagnosis, remaps }: TrajectoryFacts): boolean =>
  ['9390', '3993', '9093', '4090'].includes(diagnosis) || remaps.some((remap) => remap.to in SEVERE_CODES);

const NOTHING: Pick<TrajectoryFacts, 'sessions' | 'switches' | 'histories' | 'statements'> = {
  sessions: new Map(),
  switches: [],
  histories: [],
  statements: [],
};

function leaveOut(facts: PersonFacts, what: Leavable): PersonFacts {
  switch (what) {
    case 'statements':
      // without consents there is no severe RA or axial SpA before its performance codes
      return map(facts, (stream) => ({
        ...withLines(stream, ({ date }) => date >= SEVERE_BY_PERFORMANCE_FROM || !isSevere(stream)),
        statements: [],
      }));
    case 'switches':
      return map(facts, (stream) => ({ ...stream, switches: [] }));
    case 'imports':
      return map(facts, (stream) => ({ ...stream, histories: [] }));
    case 'remaps':
      return map(facts, (stream) =>
        stream.remaps.length > 0 || stream.absorbedInto !== null ? { ...stream, remaps: [], absorbedInto: null } : stream,
      );
    case 'packages':
      return { ...facts, packages: [] };
    case 'copd-2018':
      return map(facts, (stream) => (stream.regime === 'annex' && isCopd(stream) ? { ...stream, ...NOTHING } : stream));
    case 'long-sessions':
      return map(facts, (stream) => withLines(stream, ({ performance }) => !performance.startsWith('170')));
    case 'several-imports': {
      // one for all streams of a regime: what is counted together lies inside one
      const [seen, first] = [new Set<string>(), (stream: TrajectoryFacts) => stream.histories.slice(0, 1)];
      return map(facts, (stream) => {
        const regime = isCopd(stream) ? 'copd' : stream.regime;
        const histories = seen.has(regime) ? [] : first(stream);
        if (histories.length > 0) seen.add(regime);
        return { ...stream, histories };
      });
    }
    case 'moves':
      return facts; // never made: see randomPerson
    case 'overrides':
      return map(facts, (stream) => (stream.overrides.size === 0 ? stream : { ...stream, overrides: new Map() }));
    case 'quantity':
      return map(facts, (stream) => ({
        ...stream,
        sessions: new Map(
          [...stream.sessions].map(([key, session]) => [
            key,
            { ...session, quantity: 1, calculatedCents: session.tariffCents, declaredCents: session.tariffCents },
          ]),
        ),
        // they speak of the amount of the whole line
        overrides: new Map(),
      }));
  }
}

const span = (courses: readonly Scenario[]): [string, string] => {
  const dates = courses.flatMap((course) => [course.start, ...course.dates]).sort();
  return [dates[0] ?? '2024-01-01', dates.at(-1) ?? '2024-01-01'];
};

/** The birth date of the person of a seed: facts do not hold it. */
export const birthDateOf = (seed: number): string => birthDate(new Random(seed));

/** The person of a seed. `packages` are those that exist; the same seed needs the same ones. */
export function randomPerson(seed: number, packages: readonly PackageLimits[], without: readonly Leavable[] = []): PersonFacts {
  const random = new Random(seed);
  const birth = birthDate(random);
  // a first look at the dates, so that the insurance and the lines fit each other
  const rehearsal = new PersonBuilder(new Random(seed * 7 + 1), birth);
  const [start, end] = span(addCourses(rehearsal));
  const builder = new PersonBuilder(new Random(seed * 7 + 1), birth);
  const other = new PersonBuilder(random, birth);
  addInsurance(other, start, end);
  addPackages(other, start, packages);
  builder.insurance = other.insurance;
  builder.packages = other.packages;
  if (random.oneIn(15)) builder.diedOn = random.pick([end, addDays(end, -1), addDays(termEnd(start, 3), 0)]);
  addPaperwork(builder, addCourses(builder));
  // a person without moves is not one whose lines were put back: they are where they were declared
  const facts = without.includes('moves') ? builder.facts() : withMoves(builder.facts(), new Random(seed * 13 + 3));
  return without.reduce(leaveOut, withOverrides(facts, new Random(seed * 13 + 5)));
}
