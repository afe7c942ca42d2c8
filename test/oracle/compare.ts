/** Lays the engine's answer beside the oracle's: what both say of a line, and nothing of reasons and of flags but one. */
import type { LineDecision, PersonFacts } from '#libs/trajectory';
import type { OracleDecision } from './oracle';

export interface Difference {
  readonly line: string;
  readonly engine: string;
  readonly oracle: string;
}

/** An invalid line has no sessions worth naming: what is refused is compared as a whole. */
export function told(decision: LineDecision | OracleDecision): string {
  const { status, condition, split, codes, deductible, paidToProvider, claimFromInsured } = decision;
  const { basic, supplementary, insured, refused, undecided } = split;
  const units =
    status === 'invalid' ? [] : decision.units.map(({ position, purse, cents }) => `${position ?? '-'}:${purse ?? '-'}:${cents}`);
  return JSON.stringify({
    status,
    condition,
    units,
    split: { basic, supplementary, insured, refused, undecided },
    codes,
    deductible,
    paidToProvider,
    claimFromInsured,
    ...byHand(decision),
  });
}

/** Of the flags one is compared: it asks for work, and no cent hangs on it. */
const asks = (decision: LineDecision | OracleDecision): boolean =>
  'asksHistory' in decision ? decision.asksHistory : decision.flags.includes('new-insurance');
const toldWithFlag = (decision: LineDecision | OracleDecision): string =>
  JSON.stringify({ ...(JSON.parse(told(decision)) as object), asksHistory: asks(decision) });
/** Of a decision that was set by hand: until when, and what would be decided without. */
function byHand(decision: LineDecision | OracleDecision): object {
  if (!('reason' in decision)) return decision.byHand === undefined ? {} : { byHand: decision.byHand };
  const { rule, values } = decision.reason;
  if (rule !== 'overridden') return {};
  const split = {
    ...{ basic: values.derivedBasic, supplementary: values.derivedSupplementary, insured: values.derivedInsured },
    ...{ refused: values.derivedRefused, undecided: values.derivedUndecided },
  };
  return { byHand: { through: values.overriddenThrough, without: { status: values.derivedStatus, split } } };
}

export function firstDifference(engine: readonly LineDecision[], oracle: readonly OracleDecision[]): Difference | null {
  const ofEngine = new Map<string, string>(engine.map((decision) => [decision.line, toldWithFlag(decision)]));
  const ofOracle = new Map<string, string>(oracle.map((decision) => [decision.line, toldWithFlag(decision)]));
  for (const line of new Set([...ofOracle.keys(), ...ofEngine.keys()])) {
    const [one, other] = [ofEngine.get(line) ?? 'no decision', ofOracle.get(line) ?? 'no decision'];
    if (one !== other) return { line, engine: one, oracle: other };
  }
  return null;
}

/** What kind of difference it is: which of the answers differ, without the numbers; so that a survey names each kind once. */
export function kindOf({ engine, oracle }: Difference): string {
  const [one, other] = [engine, oracle].map((told) =>
    told.startsWith('{') ? (JSON.parse(told) as Record<string, unknown>) : {},
  );
  if (one === undefined || other === undefined || Object.keys(one).length === 0) return engine;
  const differing = Object.keys(one).filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
  const words = differing.map((name) =>
    ['status', 'codes', 'condition'].includes(name)
      ? `${name} ${JSON.stringify(one[name])}/${JSON.stringify(other[name])}`
      : name,
  );
  return `${words.join(', ')} (${JSON.stringify(one['condition'])})`;
}

/** The facts as JSON, maps as lists, for somebody to read. */
export function readable(facts: PersonFacts): string {
  const trajectories = [...facts.trajectories.values()].map((stream) => ({
    ...stream,
    sessions: [...stream.sessions.values()].sort((one, other) => (one.date < other.date ? -1 : 1)),
    withdrawn: [],
  }));
  return JSON.stringify({ ...facts, trajectories }, null, 2);
}
