/** Counts how often the random persons were in each of a number of named situations, so that one sees what was tried. */
import type { PersonFacts, SessionFact } from '#libs/trajectory';
import type { OracleDecision, PackageLimits } from './oracle';
import { MATTER, matters } from './matters';
import { COPD_CODE, standingOf } from './rules/diagnoses';
import { isAnnexCsi } from './judge/validity';
import { concernOf } from './rules/insurers';
import { countsAsSession, isLongSession, isManual } from './rules/performances';

interface Seen {
  readonly session: SessionFact;
  readonly decision: OracleDecision;
}
type OfLine = (seen: Seen) => boolean;
type OfPerson = (facts: PersonFacts, seen: readonly Seen[]) => boolean;

const has =
  (code: string): OfLine =>
  ({ decision }) =>
    decision.codes.includes(code);
const paysAt = (condition: RegExp, position: number, purse: string): OfLine => ({ decision }) =>
  decision.condition !== null && condition.test(decision.condition) &&
  decision.units.some((unit) => unit.position === position && (purse === 'not basic' ? unit.purse !== 'basic' && unit.purse !== null : unit.purse === purse)); // prettier-ignore
const of =
  (condition: string): OfLine =>
  ({ decision }) =>
    decision.condition === condition;
const adult: OfLine = ({ session }) => session.ageYears >= 18;
const streams = (facts: PersonFacts) => [...facts.trajectories.values()];
const ANNEX = /^(1\.|annex)/;

const LINES: Readonly<Record<string, OfLine>> = {
  'decided: basic pays': ({ decision }) => decision.split.basic > 0,
  'decided: package pays': ({ decision }) => decision.split.supplementary > 0,
  'decided: insured pays': ({ decision }) => decision.split.insured > 0,
  'several purses in one line': ({ decision }) => new Set(decision.units.map((unit) => unit.purse)).size > 1,
  'annex, position 20 not basic': (seen) => adult(seen) && paysAt(ANNEX, 20, 'not basic')(seen),
  'annex, position 21 basic': (seen) => adult(seen) && paysAt(ANNEX, 21, 'basic')(seen),
  'annex, position 10 basic for an adult (started before 2011)': (seen) => adult(seen) && paysAt(ANNEX, 10, 'basic')(seen),
  'annex, position 13 basic for an adult (started before 2012)': (seen) => adult(seen) && paysAt(ANNEX, 13, 'basic')(seen),
  'annex, position 1 basic for a child': (seen) => !adult(seen) && paysAt(ANNEX, 1, 'basic')(seen),
  'pelvic, position 9 basic': paysAt(/^2\.6-3$/, 9, 'basic'),
  'pelvic, position 10 not basic': paysAt(/^2\.6-3$/, 10, 'not basic'),
  'peripheral arterial, position 37 basic': paysAt(/^2\.6-4$/, 37, 'basic'),
  'peripheral arterial, position 38 not basic': paysAt(/^2\.6-4$/, 38, 'not basic'),
  'osteoarthritis, position 12 basic': paysAt(/^2\.6-5$/, 12, 'basic'),
  'osteoarthritis, position 13 not basic': paysAt(/^2\.6-5$/, 13, 'not basic'),
  'recovery care, position 50 basic': paysAt(/^covid/, 50, 'basic'),
  'recovery care, position 51 not basic': paysAt(/^covid/, 51, 'not basic'),
  'recovery care from 2024-07-01 on': ({ session, decision }) =>
    /^covid/.test(decision.condition ?? '') && session.date >= '2024-07-01',
  'COPD basic': (seen) => of('2.6-6')(seen) && seen.decision.split.basic > 0,
  'COPD over its cap': (seen) => of('2.6-6')(seen) && seen.decision.status === 'decided' && seen.decision.split.basic === 0,
  'COPD before 2019 as an annex line': ({ session, decision }) =>
    session.diagnosis === COPD_CODE && isAnnexCsi(session.csi) && decision.status !== 'invalid',
  'child 2.6-8 over 18 a year': (seen) =>
    of('2.6-8')(seen) && seen.decision.status === 'decided' && seen.decision.split.basic === 0,
  'asks for the history before our insurance': ({ decision }) => decision.asksHistory,
  'held (0613 with 8072)': ({ decision }) => decision.status === 'held',
  'cap, term or package exhausted (0584)': has('0584'),
  'no cover (0613) told': (seen) => seen.decision.status === 'decided' && has('0613')(seen),
  'not insured (0320)': has('0320'),
  'after death (0328)': has('0328'),
  'unknown performance list (0581)': has('0581'),
  'unknown performance (0582)': has('0582'),
  'quantity (0638)': has('0638'),
  'amounts (8059)': has('8059'),
  'diagnosis (8009)': has('8009'),
  'indication code (3102)': has('3102'),
  'combination (8058)': has('8058'),
  'provider (0562)': has('0562'),
  'two codes or more for an invalid line': ({ decision }) => decision.status === 'invalid' && decision.codes.length > 1,
  'too late (0586)': has('0586'),
  'closed code accepted': ({ session, decision }) =>
    standingOf(session.diagnosis).kind === 'closed' && decision.status !== 'invalid',
  'annex-unspecified': of('annex-unspecified'),
  'long session, basic pays': ({ session, decision }) => isLongSession(session.performance) && decision.split.basic > 0,
  'long session, basic does not pay': ({ session, decision }) =>
    isLongSession(session.performance) && decision.status === 'decided' && decision.split.basic === 0,
  'item that does not count': ({ session, decision }) => !countsAsSession(session.performance) && decision.status !== 'invalid',
  'manual therapy from a package': ({ session, decision }) => isManual(session.performance) && decision.split.supplementary > 0,
  'insured charged at our debtor risk': ({ decision }) => decision.claimFromInsured > 0,
  'deductible applies': ({ decision }) => decision.deductible,
  'basic without deductible for an adult': ({ session, decision }) =>
    decision.split.basic > 0 && !decision.deductible && session.deductibleAge,
  'set by hand: otherwise than without': ({ decision }) =>
    decision.byHand !== undefined && JSON.stringify(decision.byHand.without.split) !== JSON.stringify(decision.split),
  'set by hand: held without': ({ decision }) => decision.byHand?.without.status === 'held',
  'set by hand: too late without': ({ decision }) => (decision.byHand?.without.split.refused ?? 0) > 0,
  'set by hand: several purses in one session': ({ decision }) =>
    decision.byHand !== undefined && decision.units.some((unit) => unit.purse === null && unit.cents > 0),
  'severe RA or axial SpA': ({ decision }) => decision.condition === 'ra-severe' || decision.condition === 'axspa-severe',
};

const PERSONS: Readonly<Record<string, OfPerson>> = {
  'turns 18 between sessions': (_, seen) => seen.some(adult) && !seen.every(adult),
  'switch recorded': (facts) => streams(facts).some((stream) => stream.switches.length > 0),
  'history of sessions elsewhere': (facts) =>
    streams(facts).some((stream) => stream.histories.some((each) => each.scope === 'elsewhere')),
  'history of everything': (facts) =>
    streams(facts).some((stream) => stream.histories.some((each) => each.scope === 'everything')),
  'two histories or more in one stream': (facts) => streams(facts).some((stream) => stream.histories.length > 1),
  'remap without absorption': (facts) =>
    streams(facts).some((one) => one.remaps.length > 0 && !streams(facts).some((other) => other.absorbedInto === one.id)),
  'absorbed stream': (facts) => streams(facts).some((stream) => stream.absorbedInto !== null),
  'two writers of one course': (facts) =>
    streams(facts).some((one) =>
      streams(facts).some((other) => one !== other && one.regime === other.regime && one.diagnosis === other.diagnosis),
    ),
  'one line in two streams': (facts, seen) => streams(facts).reduce((sum, stream) => sum + stream.sessions.size, 0) > seen.length,
  'a line that was moved': (_, seen) => seen.some(({ session }) => session.moved !== undefined),
  'two concerns of ours': (facts) =>
    new Set(facts.insurance.map((each) => concernOf(each.insurer)).filter((each) => each !== undefined)).size > 1,
  'two packages or more': (facts) => facts.packages.length > 1,
};

export class Situations {
  readonly #counts = new Map<string, number>(
    [...Object.keys(LINES), ...Object.keys(PERSONS), ...Object.keys(MATTER)].map((name) => [name, 0]),
  );

  #add(name: string, times: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  /** @param packages null = whether a fact mattered is not asked of this person */
  see(facts: PersonFacts, decisions: readonly OracleDecision[], packages: readonly PackageLimits[] | null): void {
    const seen = decisions.flatMap((decision) => {
      const stream = streams(facts).find((each) => each.sessions.has(decision.line));
      const session = stream?.sessions.get(decision.line);
      return session === undefined ? [] : [{ session, decision }];
    });
    for (const [name, test] of Object.entries(LINES)) this.#add(name, seen.filter(test).length);
    for (const [name, test] of Object.entries(PERSONS)) this.#add(name, test(facts, seen) ? 1 : 0);
    if (packages === null) return;
    for (const [name, leave] of Object.entries(MATTER)) this.#add(name, matters(facts, decisions, packages, leave) ? 1 : 0);
  }

  table(): string {
    const kind = (name: string): string => (name in LINES ? 'lines' : name in MATTER ? 'of 2000' : 'persons');
    return [...this.#counts].map(([name, count]) => `${String(count).padStart(8)} ${kind(name).padEnd(8)} ${name}`).join('\n');
  }
}
