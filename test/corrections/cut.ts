/** Makes a failing case small: leaves out one thing after another as long as the same check fails. */
import type { Act, Attempt, Case } from './acts';

/** More would take minutes and find little. */
const MOST_RUNS = 600;

const withoutOne = <T>(values: readonly T[]): T[][] => values.map((_, index) => values.filter((__, other) => other !== index));
const halves = <T>(values: readonly T[]): T[][] => {
  const middle = Math.floor(values.length / 2);
  return values.length < 4 ? [] : [values.slice(0, middle), values.slice(middle)];
};

function smallerActs(acts: readonly Act[]): Act[][] {
  const less = (act: Act): Act[] => {
    if (act.act === 'declare') return [...halves(act.lines), ...withoutOne(act.lines)].map((lines) => ({ ...act, lines }));
    if (act.act !== 'register') return [];
    return [
      ...withoutOne(act.packages).map((packages) => ({ ...act, packages })),
      ...withoutOne(act.insurance).map((insurance) => ({ ...act, insurance })),
      ...(act.diedOn === null ? [] : [{ ...act, diedOn: null }]),
    ];
  };
  // who is not registered has nothing
  const removable = withoutOne(acts).filter((rest) => rest[0]?.act === 'register');
  return [...removable, ...acts.flatMap((act, i) => less(act).map((each) => acts.map((other, j) => (i === j ? each : other))))];
}

const smallerAttempts = (attempts: readonly Attempt[]): Attempt[][] => [
  ...withoutOne(attempts),
  ...attempts.flatMap((attempt, i) =>
    withoutOne(attempt.between).map((between) => attempts.map((other, j) => (i === j ? { ...attempt, between } : other))),
  ),
];

/** Every case that has one thing less. */
const smaller = (given: Case): Case[] => [
  ...smallerAttempts(given.attempts).map((attempts) => ({ ...given, attempts })),
  ...smallerActs(given.before).map((before) => ({ ...given, before })),
];

export async function cutDown(given: Case, stillFails: (candidate: Case) => Promise<boolean>): Promise<Case> {
  let [smallest, runs] = [given, 0];
  for (;;) {
    let found: Case | undefined;
    for (const candidate of smaller(smallest)) {
      if (runs >= MOST_RUNS) return smallest;
      runs += 1;
      if (await stillFails(candidate)) {
        found = candidate;
        break;
      }
    }
    if (found === undefined) return smallest;
    smallest = found;
  }
}
