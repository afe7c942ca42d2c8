/** The acts that make one of the oracle's random persons out of nothing, as far as the product's commands allow it. */
import { createHash } from 'node:crypto';
import type { CorrectionKind, DebitLine } from '#libs/dossiers';
import type { HistoryImportId, PackagePeriod, PersonFacts, SessionFact, StatementFact, TrajectoryFacts } from '#libs/trajectory';
import type { Random } from '../../oracle/persons/random';
import { addDays } from '../../oracle/rules/calendar';
import type { Act, Declare } from '../acts';
import { VERIFIER } from '../desk';
import type { Paper } from './corrections';

const KIND_OF: Readonly<Record<StatementFact['type'], CorrectionKind>> = {
  'ClinicalFactsStated.v1': 'state-clinical-facts',
  'ConditionConfirmed.v1': 'confirm-condition',
  'NewEpisodeConfirmed.v1': 'confirm-new-episode',
  'CareClassChanged.v1': 'change-care-class',
  'TermExtended.v1': 'extend-term',
  'AuthorisationGranted.v1': 'grant-authorisation',
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A history that somebody verifies once it is recorded. */
interface PaperToKeep extends Paper {
  readonly isVerified?: boolean;
}

/** What staff would have sent in, for the stream to hold what it holds. */
function papersOf({
  diagnosis,
  regime,
  sessions,
  switches,
  histories,
  remaps,
  statements,
  overrides,
}: TrajectoryFacts): PaperToKeep[] {
  return [
    ...switches.map(({ recordedBy: _by, ...sent }): Paper => ({ kind: 'record-switch', sent: { diagnosis, ...sent } })),
    ...histories.map(({ importId: _id, document, status, ...sent }): PaperToKeep => ({
      kind: 'import-history',
      sent: { diagnosis, ...sent, document: { ...document, digest: sha256(document.digest ?? document.reference) } },
      isVerified: status === 'verified',
    })),
    ...remaps.map((sent): Paper => ({ kind: 'remap-diagnosis', sent: { ...sent, absorb: true } })),
    ...[...sessions.values()].flatMap(({ moved, practice, reference }): Paper[] =>
      moved === undefined ? [] : [{ kind: 'move-session', sent: { practice, reference, diagnosis: moved.under } }],
    ),
    ...statements.map(({ type, data: { statementId: _id, ...sent } }): Paper => ({
      kind: KIND_OF[type],
      sent: { diagnosis, regime, ...sent },
    })),
    ...[...overrides.values()].map(({ overrideId: _id, ...sent }): Paper => ({ kind: 'override-decision', sent })),
  ];
}

/** Twenty sessions elsewhere, up to the day before the first one here: then the basic insurance is at stake from the first line on. */
function twentyBefore({ diagnosis, sessions }: TrajectoryFacts): Paper {
  const [first = ''] = [...sessions.values()].map(({ date }) => date).sort();
  return {
    kind: 'import-history',
    sent: {
      ...{ diagnosis, startedOn: addDays(first, -6), count: 20, throughDate: addDays(first, -1), scope: 'elsewhere' },
      ...{ source: 'form', statedBy: 'practice', document: { reference: 'twenty before' } },
    },
  };
}

const shareDays = (one: PackagePeriod, other: PackagePeriod): boolean =>
  (other.through === null || one.from <= other.through) && (one.through === null || other.from <= one.through);

/** At one insurer one package holds on a date: of two that share days the first. */
const possible = (packages: readonly PackagePeriod[]): PackagePeriod[] =>
  packages.reduce<PackagePeriod[]>(
    (kept, each) => (kept.some((other) => other.insurer === each.insurer && shareDays(other, each)) ? kept : [...kept, each]),
    [],
  );

const debitOf = ({
  line: _key,
  ageYears: _age,
  deductibleAge: _deductible,
  receivedOn: _on,
  moved: _moved,
  ...line
}: SessionFact): DebitLine => ({
  kind: 'debit',
  ...line,
});

/** One command of each year, received when its last line was: the lines of one command share that day. */
function declarationsOf(facts: PersonFacts): Declare[] {
  const sessions = new Map([...facts.trajectories.values()].flatMap((stream) => [...stream.sessions]));
  const years = new Map<string, SessionFact[]>();
  for (const session of [...sessions.values()].sort((a, b) => (a.receivedOn < b.receivedOn ? -1 : 1))) {
    const year = session.receivedOn.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), session]);
  }
  return [...years].map(([year, lines]) => ({
    act: 'declare',
    key: `lines ${year}`,
    receivedOn: lines.at(-1)?.receivedOn ?? '',
    lines: lines.map(debitOf),
  }));
}

/** The second person mostly has lines of their own: some as the first one's, under other references and a few days later. */
function declaredForOther(acts: readonly Act[], random: Random): Declare[] {
  return acts.flatMap((act) => {
    if (act.act !== 'declare' || random.oneIn(3)) return [];
    const lines = act.lines.flatMap((line) =>
      line.kind === 'credit' || random.oneIn(2)
        ? []
        : [{ ...line, reference: `o${line.reference}`.slice(0, 20), date: random.oneIn(8) ? line.date : addDays(line.date, 3) }],
    );
    return lines.length === 0 ? [] : [{ ...act, key: `${act.key} of the other`, ofOther: true as const, lines }];
  });
}

/**
 * @returns the acts in their order, and papers that were laid aside: a part of what the person would hold, for corrections that fit. What the commands
 * refuse of it (a second stream of one code, two remaps that contradict each other) the person does not have.
 * @param importOf the import that the act of this key makes
 */
export function dossierOf(
  facts: PersonFacts,
  random: Random,
  importOf: (key: string) => HistoryImportId,
): { readonly acts: readonly Act[]; readonly aside: readonly Paper[] } {
  const register: Act = {
    ...{ act: 'register', key: 'register' },
    ...{ insurance: facts.insurance, packages: possible(facts.packages), diedOn: facts.diedOn },
  };
  const acts: Act[] = declarationsOf(facts);
  const aside: Paper[] = [];
  for (const stream of facts.trajectories.values())
    if (stream.regime === 'annex' && stream.sessions.size > 0 && stream.histories.length === 0 && random.oneIn(2))
      acts.push({ act: 'correct', key: `twenty before ${stream.id}`, ...twentyBefore(stream) });
  random.shuffled([...facts.trajectories.values()].flatMap(papersOf)).forEach(({ isVerified = false, ...paper }, i) => {
    const key = `paper ${i + 1}`;
    const verification: Act = {
      ...{ act: 'correct', key: `${key} verified`, kind: 'verify-history', actor: VERIFIER },
      sent: { importId: importOf(key) },
    };
    // a history puts the basic insurance at stake for all that follows, so most of them stay
    if (random.oneIn(paper.kind === 'import-history' ? 4 : 2)) aside.push(paper);
    // among the lines, but mostly once there is a trajectory to speak of
    else
      acts.splice(
        random.between(Math.min(1, acts.length), acts.length),
        0,
        { act: 'correct', key, ...paper },
        ...(isVerified ? [verification] : []),
      );
  });
  acts.push(...declaredForOther(acts, random));
  return { acts: [register, ...acts], aside };
}
