/** Random corrections of a person as they stand, of every kind that there is. */
import { CORRECTION_KINDS, type ClaimLine, type CorrectionKind } from '#libs/dossiers';
import type { ClaimFileId, PersonId } from '#libs/trajectory';
import type { PackageLimits } from '../../oracle/oracle';
import { addDays } from '../../oracle/rules/calendar';
import type { Act, Attempt, Correct } from '../acts';
import { VERIFIER } from '../desk';
import {
  absorptionReversal,
  diagnosisRemap,
  historyImport,
  historyRetraction,
  historyVerification,
  insurerSwitch,
  remapReversal,
} from './histories';
import { FITS } from './fits';
import { insuranceStatement, packageStatement } from './insurance';
import type { Known } from './known';
import { sessionMove, sessionMoveToPerson } from './moves';
import { override, overrideEnd } from './overrides';
import * as statements from './statements';

export type Paper = Pick<Correct, 'kind' | 'sent' | 'actor'>;

/** Each kind has its way to be drawn, so that a new kind cannot be forgotten. */
const drawersOf = (
  packages: readonly PackageLimits[],
  other: PersonId,
): Readonly<Record<CorrectionKind, (known: Known) => unknown>> => ({
  'record-switch': insurerSwitch,
  'import-history': historyImport,
  'verify-history': historyVerification,
  'retract-history': historyRetraction,
  'remap-diagnosis': diagnosisRemap,
  'revert-remap': remapReversal,
  'move-session': sessionMove,
  'move-session-to-person': sessionMoveToPerson(other),
  'revert-absorption': absorptionReversal,
  'state-insurance': insuranceStatement,
  'state-packages': packageStatement(packages),
  'state-clinical-facts': statements.clinicalFacts,
  'confirm-condition': statements.condition,
  'confirm-new-episode': statements.newEpisode,
  'change-care-class': statements.careClass,
  'extend-term': statements.termExtension,
  'grant-authorisation': statements.authorisation,
  'retract-statement': statements.statementRetraction,
  'override-decision': override,
  'end-override': overrideEnd,
});

/** Few persons have a trajectory that these fit: those who have are given them more often. */
const RARE: readonly CorrectionKind[] = [
  'change-care-class',
  'extend-term',
  'grant-authorisation',
  'revert-remap',
  'end-override',
];

/** Draws attempts on one person; what is taken from `papers` is gone from them. */
export class Drawer {
  readonly #drawers: ReturnType<typeof drawersOf>;
  readonly #papers: Paper[];
  #acts = 0;

  constructor(
    packages: readonly PackageLimits[],
    /** What was laid aside for this person and fits it. */
    papers: readonly Paper[],
    /** To whom lines may be moved. */
    other: PersonId,
  ) {
    this.#drawers = drawersOf(packages, other);
    this.#papers = [...papers];
  }

  attempt(known: Known): Attempt {
    const { random } = known;
    const between = random.oneIn(4) ? Array.from({ length: random.pick([1, 1, 2]) }, () => this.#other(known)) : [];
    return { correction: this.#correction(known), between };
  }

  #key(): string {
    this.#acts += 1;
    return `attempt ${this.#acts}`;
  }

  #correction(known: Known): Correct {
    const { random } = known;
    const laidAside = random.oneIn(3) ? this.#papers.pop() : undefined;
    if (laidAside !== undefined) return { act: 'correct', key: this.#key(), ...laidAside };
    const kind = this.#kind(known);
    const sent = this.#drawers[kind](known.about(FITS[kind]));
    // mostly somebody else than the one who recorded it
    const actor = kind === 'verify-history' && !random.oneIn(6) ? { actor: VERIFIER } : {};
    return { act: 'correct', key: this.#key(), kind, sent, ...actor };
  }

  /** Any kind; one that fits no stream of the person is mostly drawn again. */
  #kind({ random, streams }: Known): CorrectionKind {
    const rare = RARE.filter((kind) => streams.some(FITS[kind] ?? (() => false)));
    if (rare.length > 0 && random.oneIn(4)) return random.pick(rare);
    for (;;) {
      const kind = random.pick(CORRECTION_KINDS);
      const fits = FITS[kind];
      if (fits === undefined || streams.some(fits) || random.oneIn(12)) return kind;
    }
  }

  /** Something else that happens to the person. */
  #other(known: Known): Act {
    const { random } = known;
    const what = random.pick(['line', 'line', 'credit', 'correct', 'correct', 'activate'] as const);
    if (what === 'activate') return { act: 'activate', key: this.#key() };
    if (what === 'correct' || known.sessions.length === 0) return this.#correction(known);
    const key = this.#key();
    const {
      line: _key,
      ageYears: _age,
      deductibleAge: _deductible,
      receivedOn,
      moved: _moved,
      ...session
    } = random.pick(known.sessions);
    const source = { file: `file of ${key}` as ClaimFileId, record: 1 };
    const date = random.near(session.date);
    const line: ClaimLine =
      what === 'line'
        ? { kind: 'debit', ...session, reference: `L-${key.slice(8)}`, date, source }
        : {
            ...{ kind: 'credit', source, practice: session.practice, reference: `C-${key.slice(8)}`, date: session.date },
            ...{ declaredCents: session.declaredCents, invoice: 'C', debitReference: session.reference },
          };
    return { act: 'declare', key, receivedOn: addDays(receivedOn, random.between(0, 60)), lines: [line] };
  }
}
