/** Decisions of some lines of a person set by hand. */
import { lineKey, type LineKey, type OverrideFact, type OverrideId, type PersonFacts, type SessionFact } from '#libs/trajectory';
import type { Random } from './random';

/** Cents of the basic insurance, the package and the insured: mostly one bears all, else a cut that need not fit the sessions. */
export function splitByHand(random: Random, declaredCents: number): OverrideFact['split'] {
  const nothing = { basic: 0, supplementary: 0, insured: 0 };
  const all = random.pick(['basic', 'supplementary', 'insured', null] as const);
  if (all !== null) return { ...nothing, [all]: declaredCents };
  const basic = random.between(0, declaredCents);
  const supplementary = random.oneIn(2) ? 0 : random.between(0, declaredCents - basic);
  return { basic, supplementary, insured: declaredCents - basic - supplementary };
}

const override = (random: Random, { practice, reference, declaredCents }: SessionFact): OverrideFact => ({
  overrideId: random.uuid() as OverrideId,
  practice,
  reference,
  split: splitByHand(random, declaredCents),
  ...(random.oneIn(3) ? { code: random.pick(['0584', '0613']) } : {}),
  endsOn: random.pick(['2026-12-31', '2027-06-30']),
});

/** One person in six has some; with draws of its own, so that the rest of a person is the same with and without. */
export function withOverrides(facts: PersonFacts, random: Random): PersonFacts {
  if (!random.oneIn(6)) return facts;
  const trajectories = [...facts.trajectories].map(([id, stream]) => {
    const overrides = new Map<LineKey, OverrideFact>();
    for (const session of stream.sessions.values())
      if (session.declaredCents > 0 && random.oneIn(5))
        overrides.set(lineKey(session.practice, session.reference), override(random, session));
    return [id, { ...stream, overrides }] as const;
  });
  return { ...facts, trajectories: new Map(trajectories) };
}
