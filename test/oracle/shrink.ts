/** Makes a failing person small: takes out one thing after another as long as the difference stays. */
import type { PersonFacts, TrajectoryFacts } from '#libs/trajectory';

const withoutOne = <T>(values: readonly T[]): T[][] => values.map((_, index) => values.filter((__, other) => other !== index));
const halves = <T>(values: readonly T[]): T[][] => {
  const middle = Math.floor(values.length / 2);
  return values.length < 4 ? [] : [values.slice(0, middle), values.slice(middle)];
};

function smallerStreams(stream: TrajectoryFacts): TrajectoryFacts[] {
  const lists = (['switches', 'histories', 'remaps', 'statements'] as const).flatMap((name) =>
    withoutOne<unknown>(stream[name]).map((rest) => ({ ...stream, [name]: rest })),
  );
  const sessions = [...halves([...stream.sessions]), ...withoutOne([...stream.sessions])];
  const overrides = withoutOne([...stream.overrides]).map((rest) => ({ ...stream, overrides: new Map(rest) }));
  return [...sessions.map((rest) => ({ ...stream, sessions: new Map(rest) })), ...lists, ...overrides];
}

/** Every person that has one thing less, the largest cuts first. */
function* smaller(facts: PersonFacts): Generator<PersonFacts> {
  const streams = [...facts.trajectories.values()];
  for (const rest of withoutOne(streams)) {
    const left = new Set(rest.map((stream) => stream.id));
    if (rest.every((stream) => stream.absorbedInto === null || left.has(stream.absorbedInto)))
      yield { ...facts, trajectories: new Map(rest.map((stream) => [stream.id, stream])) };
  }
  for (const stream of streams)
    for (const less of smallerStreams(stream)) yield { ...facts, trajectories: new Map(facts.trajectories).set(stream.id, less) };
  for (const packages of withoutOne(facts.packages)) yield { ...facts, packages };
  for (const insurance of withoutOne(facts.insurance)) yield { ...facts, insurance };
  if (facts.diedOn !== null) yield { ...facts, diedOn: null };
  for (const stream of streams)
    for (const [key, session] of stream.sessions)
      if (session.quantity > 1 && !stream.overrides.has(key)) {
        const { tariffCents } = session;
        const single = { ...session, quantity: 1, calculatedCents: tariffCents, declaredCents: tariffCents };
        const sessions = new Map(stream.sessions).set(key, single);
        yield { ...facts, trajectories: new Map(facts.trajectories).set(stream.id, { ...stream, sessions }) };
      }
}

export function shrink(facts: PersonFacts, stillFails: (candidate: PersonFacts) => boolean): PersonFacts {
  let smallest = facts;
  for (;;) {
    let found: PersonFacts | undefined;
    for (const candidate of smaller(smallest))
      if (stillFails(candidate)) {
        found = candidate;
        break;
      }
    if (found === undefined) return smallest;
    smallest = found;
  }
}
