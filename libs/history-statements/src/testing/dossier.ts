/** A dossier as it is folded from its events, decided by the bundled policy: what statements are made of. */
import { compilePolicy, decide, type PolicyBook } from '#libs/coverage';
import { loadPolicyFiles } from '#libs/policy-files';
import {
  dossierStream,
  PersonFold,
  regimeOf,
  trajectoryStream,
  type ClinicalFactsStated,
  type DiagnosisRemapped,
  type DossierEvent,
  type OverrideId,
  type HistoryImported,
  type HistoryImportId,
  type InsurancePeriod,
  type InsurerSwitched,
  type PersonDecided,
  type PersonId,
  type SessionDeclared,
  type TrajectoryEvent,
  type TrajectoryId,
} from '#libs/trajectory';

export const PERSON = '3e0c7e86-2f5e-4c0b-9d5e-8b1d4c8f2a01' as PersonId;
export const TRAJECTORY = '8d1d1e0a-5a43-4f0e-a6c7-1f6e4ad0c902' as TrajectoryId;

let compiled: PolicyBook | null = null;
export function bundledPolicy(): PolicyBook {
  const { document, digest } = loadPolicyFiles();
  compiled ??= compilePolicy(document, digest);
  return compiled;
}

export interface Told {
  readonly diagnosis?: string;
  readonly csi?: string;
  readonly insurance?: readonly InsurancePeriod[];
  readonly facts?: readonly (HistoryImported | InsurerSwitched | DiagnosisRemapped | ClinicalFactsStated)[];
  readonly sessions?: readonly Partial<SessionDeclared['data']>[];
  /** Of the first line the basic insurance bears all, by hand. */
  readonly isFirstSetByHand?: boolean;
}

/** One trajectory of one person, insured at 3343 through 2024; each session a line of 40 euros. */
export function dossierOf({
  diagnosis = '9373',
  csi = '008',
  insurance,
  facts = [],
  sessions = [],
  isFirstSetByHand = false,
}: Told): PersonFold {
  const fold = new PersonFold(PERSON);
  const tell = (stream: string, event: DossierEvent | TrajectoryEvent): void =>
    fold.apply({ stream, revision: (fold.revisions.get(stream) ?? -1) + 1, type: event.type, data: event.data });
  const ofDossier = (event: DossierEvent): void => tell(dossierStream(PERSON), event);
  const ofTrajectory = (event: TrajectoryEvent): void => tell(trajectoryStream(TRAJECTORY), event);
  const link = { trajectoryId: TRAJECTORY, regime: regimeOf(csi), diagnosis };
  ofDossier({ type: 'PersonRegistered.v1', data: { personId: PERSON } });
  const periods = insurance ?? [{ insurer: '3343', from: '2020-01-01', through: '2024-12-31' }];
  ofDossier({ type: 'InsuranceStated.v1', data: { periods, diedOn: null } });
  ofDossier({ type: 'TrajectoryLinked.v1', data: link });
  ofTrajectory({ type: 'TrajectoryStarted.v1', data: { ...link, personId: PERSON } });
  for (const each of facts) ofTrajectory(each);
  sessions.forEach((each, i) => ofTrajectory({ type: 'SessionDeclared.v1', data: { ...line(i, diagnosis, csi), ...each } }));
  if (isFirstSetByHand) {
    const { practice, reference, declaredCents } = line(0, diagnosis, csi);
    const split = { basic: declaredCents, supplementary: 0, insured: 0 };
    const overrideId = '0d3a7c52-0000-4000-8000-000000000001' as OverrideId;
    ofTrajectory({ type: 'DecisionOverridden.v1', data: { overrideId, practice, reference, split, endsOn: '2025-06-30' } });
  }
  const book = bundledPolicy();
  const decided: PersonDecided['data'] = {
    cause: { command: '5b1c6e1e-0000-4000-8000-000000000001' as PersonDecided['data']['cause']['command'], type: 'Test' },
    seen: Object.fromEntries(fold.revisions),
    policy: { digest: book.digest, version: book.version },
    engine: 'test',
    decisions: decide(fold, book),
    withdrawn: [],
    entries: [],
  };
  ofDossier({ type: 'PersonDecided.v1', data: decided });
  return fold;
}

const line = (n: number, diagnosis: string, csi: string): SessionDeclared['data'] => ({
  practice: '04012345',
  reference: `R-${n}`,
  date: '2024-01-08',
  list: '012',
  performance: '1000',
  quantity: 1,
  diagnosis,
  csi,
  tariffCents: 4000,
  calculatedCents: 4000,
  declaredCents: 4000,
  insurer: '3343',
  invoice: 'I-1',
  therapist: '04054321',
  ageYears: 54,
  deductibleAge: true,
  receivedOn: '2024-12-02',
  source: { command: 'test' },
});

export const imported = (count: number, throughDate: string, over: Partial<HistoryImported['data']> = {}): HistoryImported => ({
  type: 'HistoryImported.v2',
  data: {
    importId: `import ${throughDate}` as HistoryImportId,
    startedOn: '2022-03-07',
    count,
    throughDate,
    scope: 'elsewhere',
    source: 'form',
    statedBy: 'practice',
    document: { reference: 'BH-1' },
    status: 'verified',
    ...over,
  },
});
