/** Builds the facts of one person for the engine's tests: short to write, in any order. */
import {
  lineKey,
  regimeOf,
  type Evidence,
  type HistoryFact,
  type InsurancePeriod,
  type OverrideFact,
  type OverrideId,
  type PackagePeriod,
  type PersonFacts,
  type PersonId,
  type Regime,
  type RemapFact,
  type SessionFact,
  type StatementFact,
  type StatementId,
  type SwitchFact,
  type TrajectoryFacts,
  type TrajectoryId,
} from '#libs/trajectory';

export interface TrajectorySpec {
  readonly id?: string;
  readonly regime?: Regime;
  readonly diagnosis?: string;
  readonly sessions?: readonly SessionFact[];
  readonly switches?: readonly string[];
  readonly histories?: readonly HistoryFact[];
  readonly statements?: readonly StatementFact[];
  readonly remaps?: readonly Omit<RemapFact, 'reason'>[];
  readonly overrides?: readonly OverrideFact[];
  readonly absorbedInto?: string;
}

export interface PersonSpec {
  readonly insurance?: readonly InsurancePeriod[];
  readonly diedOn?: string;
  readonly packages?: readonly PackagePeriod[];
  readonly trajectories: readonly TrajectorySpec[];
}

/** Insured at 3343 since 2000 unless said. Lines are addressed to who insures on their date, unless they name another than 3343. */
export function person(spec: PersonSpec): PersonFacts {
  const addressed = (line: SessionFact): SessionFact => {
    const insurer = spec.insurance?.find((each) => each.from <= line.date && (each.through ?? line.date) >= line.date)?.insurer;
    return insurer === undefined || line.insurer !== '3343' ? line : { ...line, insurer };
  };
  const trajectories = spec.trajectories.map((each, i): [TrajectoryId, TrajectoryFacts] => {
    const first = each.sessions?.[0];
    const id = (each.id ?? `t${i + 1}`) as TrajectoryId;
    const facts: TrajectoryFacts = {
      id,
      regime: each.regime ?? regimeOf(first?.csi ?? '001'),
      diagnosis: each.diagnosis ?? first?.diagnosis ?? '9373',
      sessions: new Map((each.sessions ?? []).map((line) => [line.line, addressed(line)])),
      withdrawn: new Map(),
      departed: new Map(),
      switches: (each.switches ?? []).map((switchDate): SwitchFact => ({ switchDate, recordedBy: 'command' })),
      histories: each.histories ?? [],
      statements: each.statements ?? [],
      overrides: new Map((each.overrides ?? []).map((given) => [lineKey(given.practice, given.reference), given])),
      remaps: (each.remaps ?? []).map((remap) => ({ ...remap, reason: 'test' })),
      absorbedInto: (each.absorbedInto ?? null) as TrajectoryId | null,
    };
    return [id, facts];
  });
  return {
    personId: 'p' as PersonId,
    insurance: spec.insurance ?? [{ insurer: '3343', from: '2000-01-01', through: null }],
    diedOn: spec.diedOn ?? null,
    packages: spec.packages ?? [],
    trajectories: new Map(trajectories),
  };
}

export const packageOf = (name: string, from = '2000-01-01', through: string | null = null, insurer = '3343'): PackagePeriod => ({
  insurer,
  package: name,
  from,
  through,
});

/** One line of EUR 40.00: multiple sclerosis, practice session, adult of 50, unless said. */
export function session(reference: string, date: string, changes: Partial<SessionFact> = {}): SessionFact {
  const practice = changes.practice ?? '04000001';
  const quantity = changes.quantity ?? 1;
  const tariffCents = changes.tariffCents ?? 4000;
  const amount = tariffCents * quantity;
  return {
    practice,
    reference,
    line: lineKey(practice, reference),
    date,
    list: '012',
    performance: '1000',
    quantity,
    diagnosis: '9373',
    csi: '008',
    tariffCents,
    calculatedCents: amount,
    declaredCents: amount,
    insurer: '3343',
    invoice: 'inv',
    ageYears: 50,
    deductibleAge: true,
    receivedOn: date,
    source: { command: 'test' },
    ...changes,
  };
}

/** `count` lines a week apart, references `<prefix>01` and so on. */
export function weekly(prefix: string, from: string, count: number, changes: Partial<SessionFact> = {}): SessionFact[] {
  return Array.from({ length: count }, (_, i) =>
    session(`${prefix}${String(i + 1).padStart(2, '0')}`, plusDays(from, 7 * i), changes),
  );
}

export const plusDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export function history(count: number, throughDate: string, changes: Partial<HistoryFact> = {}): HistoryFact {
  return {
    importId: (changes.importId ?? `h-${throughDate}`) as HistoryFact['importId'],
    startedOn: '2023-01-02',
    count,
    throughDate,
    scope: 'elsewhere',
    source: 'form',
    statedBy: 'provider',
    document: { reference: 'doc' },
    status: 'asserted',
    ...changes,
  };
}

/** A statement of one kind; its evidence is made up. */
export function statement<Type extends StatementFact['type']>(
  type: Type,
  data: Omit<Extract<StatementFact, { type: Type }>['data'], keyof Evidence>,
  { id = 'statement-1', statedOn = '2024-01-01' }: { readonly id?: string; readonly statedOn?: string } = {},
): StatementFact {
  const evidence = {
    statementId: `${type}/${id}` as StatementId,
    statedOn,
    source: 'letter',
    statedBy: 'practice',
    document: { reference: 'doc' },
  };
  return { type, data: { ...evidence, ...data } } as StatementFact;
}

/** Sets the money of a line by hand: cents of the basic insurance, the package and the insured. */
export const override = (
  { practice, reference }: Pick<SessionFact, 'practice' | 'reference'>,
  [basic, supplementary, insured]: readonly [number, number, number],
  changes: Partial<OverrideFact> = {},
): OverrideFact => ({
  overrideId: 'override' as OverrideId,
  practice,
  reference,
  split: { basic, supplementary, insured },
  endsOn: '2026-12-31',
  ...changes,
});
