/** Commands of made-up persons for the tests of the serial order, and a run of one of them in a process of its own. */
import { compilePolicy, type PolicyBook, type PolicyDocument } from '#libs/coverage';
import { loadPolicyFiles } from '#libs/policy-files';
import type { CommandId, PersonId } from '#libs/trajectory';
import { v5 as uuidV5 } from 'uuid';
import type { CommandBase, CommandResult } from '../command-result';
import type { DossierContext } from '../context';
import { DeclareClaimLines, type PersonLines } from '../declare-claim-lines/command';
import { DeclareClaimLinesHandler } from '../declare-claim-lines/handler';
import type { ClaimLine, DebitLine } from '../declare-claim-lines/claim-line';
import { ImportHistory } from '../import-history/command';
import { ImportHistoryHandler } from '../import-history/handler';
import type { PolicyInEffect } from '../policy/registry';
import { RecordSwitch } from '../record-switch/command';
import { RecordSwitchHandler } from '../record-switch/handler';
import { RegisterPersons } from '../register-person/command';
import { RegisterPersonsHandler } from '../register-person/handler';
import { RemapDiagnosis } from '../remap-diagnosis/command';
import { RemapDiagnosisHandler } from '../remap-diagnosis/handler';
import { ChangeCareClass } from '../change-care-class/command';
import { ChangeCareClassHandler } from '../change-care-class/handler';
import { ConfirmCondition } from '../confirm-condition/command';
import { ConfirmConditionHandler } from '../confirm-condition/handler';
import { ConfirmNewEpisode } from '../confirm-new-episode/command';
import { ConfirmNewEpisodeHandler } from '../confirm-new-episode/handler';
import { ExtendTerm } from '../extend-term/command';
import { ExtendTermHandler } from '../extend-term/handler';
import { GrantAuthorisation } from '../grant-authorisation/command';
import { GrantAuthorisationHandler } from '../grant-authorisation/handler';
import { RetractHistory } from '../retract-history/command';
import { RetractHistoryHandler } from '../retract-history/handler';
import { RetractStatement } from '../retract-statement/command';
import { RetractStatementHandler } from '../retract-statement/handler';
import { RevertRemap } from '../revert-remap/command';
import { RevertRemapHandler } from '../revert-remap/handler';
import { StateClinicalFacts } from '../state-clinical-facts/command';
import { StateClinicalFactsHandler } from '../state-clinical-facts/handler';
import { StateInsurance } from '../state-insurance/command';
import { StateInsuranceHandler } from '../state-insurance/handler';
import { StatePackages } from '../state-packages/command';
import { StatePackagesHandler } from '../state-packages/handler';
import { MoveSession } from '../move-session/command';
import { MoveSessionHandler } from '../move-session/handler';
import { MoveSessionToPerson } from '../move-session-to-person/command';
import { MoveSessionToPersonHandler } from '../move-session-to-person/handler';
import { VerifyHistory } from '../verify-history/command';
import { VerifyHistoryHandler } from '../verify-history/handler';
import { historyImportId } from '../person/event-ids';
import type { InMemoryEventStore, ProcessFaults } from './in-memory-event-store';

export const PRACTICE = '04012345';
const NAMESPACE = '1c1b0f0a-51b4-4f5e-8a7c-6f2d7f5c9b11';

export const commandId = (name: string): CommandId => uuidV5(name, NAMESPACE) as CommandId;
export const personId = (name: string): PersonId => uuidV5(`person ${name}`, NAMESPACE) as PersonId;

export type GivenStatement =
  | StateClinicalFacts
  | ConfirmCondition
  | ConfirmNewEpisode
  | ChangeCareClass
  | ExtendTerm
  | GrantAuthorisation
  | RetractStatement;
export type Given =
  | RegisterPersons
  | DeclareClaimLines
  | ImportHistory
  | RetractHistory
  | VerifyHistory
  | RecordSwitch
  | RemapDiagnosis
  | RevertRemap
  | MoveSession
  | MoveSessionToPerson
  | StateInsurance
  | StatePackages
  | GivenStatement;

/** A version by which no insurer pays the provider what the insured owes. */
export const coveredOnly = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  version: `${document.version}-`,
  insurers: document.insurers.map((rule) => ({
    ...rule,
    paysProviderInFull: rule.paysProviderInFull.map((each) => ({ ...each, value: false })),
  })),
});

/** The bundled policy, twice: under its own digest, and as another version that says the same; then one that pays providers less. */
export class Policies {
  readonly books: readonly PolicyBook[];
  #active = 0;

  constructor() {
    const { document, digest } = loadPolicyFiles();
    this.books = [
      compilePolicy(document, digest),
      compilePolicy({ ...document, version: `${document.version}+` }, `${digest}+`),
      compilePolicy(coveredOnly(document), `${digest}-`),
    ];
  }

  reset(): void {
    this.#active = 0;
  }

  /** Makes the other version take effect, the one that says the same. */
  activate(): void {
    this.#active = 1;
  }

  /** Makes a version take effect by which the provider is no longer paid what the insured owes. Answers its digest. */
  activateCoveredOnly(): string {
    this.#active = 2;
    return (this.books[2] as PolicyBook).digest;
  }

  inEffect(): Promise<PolicyInEffect> {
    return Promise.resolve({ book: this.books[this.#active] as PolicyBook, activation: commandId(`activation ${this.#active}`) });
  }

  byDigest(digest: string): Promise<PolicyBook> {
    const book = this.books.find((each) => each.digest === digest);
    return book === undefined ? Promise.reject(new Error(`no policy ${digest}`)) : Promise.resolve(book);
  }
}

/** Doubles: a vault in which everybody was born on one day, and a register that knows nobody else's keys. */
export const contextOf = (
  store: InMemoryEventStore,
  policies: Policies,
  faults?: ProcessFaults,
  birthDate = '1970-05-05',
): DossierContext =>
  ({
    store: store.asProcess(faults),
    policies,
    vault: {
      identityOf: (persons: readonly string[]) =>
        Promise.resolve(Object.assign(new Map(persons.map((id) => [id, { birthDate }])), { erased: new Set() })),
    },
    lineKeys: { takenByOthers: () => Promise.resolve(new Map()), follow: () => Promise.resolve() },
    today: () => '2025-01-15',
    pause: () => Promise.resolve(),
  }) as unknown as DossierContext;

/** Carries the command out by its own handler, in a process with these faults. Rejects with ProcessKilled when it is killed. */
export function give(store: InMemoryEventStore, policies: Policies, command: Given, faults?: ProcessFaults): Promise<unknown> {
  const context = contextOf(store, policies, faults);
  if (command instanceof RegisterPersons) return new RegisterPersonsHandler(context).execute(command);
  if (command instanceof DeclareClaimLines) return new DeclareClaimLinesHandler(context).execute(command);
  if (command instanceof ImportHistory) return new ImportHistoryHandler(context).execute(command);
  if (command instanceof RetractHistory) return new RetractHistoryHandler(context).execute(command);
  if (command instanceof VerifyHistory) return new VerifyHistoryHandler(context).execute(command);
  if (command instanceof RecordSwitch) return new RecordSwitchHandler(context).execute(command);
  if (command instanceof RemapDiagnosis) return new RemapDiagnosisHandler(context).execute(command);
  if (command instanceof RevertRemap) return new RevertRemapHandler(context).execute(command);
  if (command instanceof MoveSession) return new MoveSessionHandler(context).execute(command);
  if (command instanceof MoveSessionToPerson) return new MoveSessionToPersonHandler(context).execute(command);
  if (command instanceof StateInsurance) return new StateInsuranceHandler(context).execute(command);
  if (command instanceof StatePackages) return new StatePackagesHandler(context).execute(command);
  return giveStatement(context, command);
}

function giveStatement(context: DossierContext, command: GivenStatement): Promise<CommandResult> {
  if (command instanceof ChangeCareClass) return new ChangeCareClassHandler(context).execute(command);
  if (command instanceof ConfirmCondition) return new ConfirmConditionHandler(context).execute(command);
  if (command instanceof ConfirmNewEpisode) return new ConfirmNewEpisodeHandler(context).execute(command);
  if (command instanceof ExtendTerm) return new ExtendTermHandler(context).execute(command);
  if (command instanceof GrantAuthorisation) return new GrantAuthorisationHandler(context).execute(command);
  if (command instanceof StateClinicalFacts) return new StateClinicalFactsHandler(context).execute(command);
  return new RetractStatementHandler(context).execute(command);
}

/** A line of 40 euros under performance 1000; `n` makes reference and record number. */
export const debit = (n: number, date: string, diagnosis: string, csi: string): DebitLine => ({
  kind: 'debit',
  source: { file: 'f-1' as never, record: n },
  practice: PRACTICE,
  reference: `R-${n}`,
  date,
  declaredCents: 4000,
  calculatedCents: 4000,
  tariffCents: 4000,
  invoice: 'I-1',
  list: '012',
  performance: '1000',
  quantity: 1,
  diagnosis,
  csi,
  insurer: '3343',
});

/** Takes a line back, by record `n` of a later file. */
export const credit = (n: number, line: DebitLine): ClaimLine => ({
  kind: 'credit',
  source: { file: 'f-2' as never, record: n },
  practice: line.practice,
  reference: `C-${n}`,
  date: line.date,
  declaredCents: line.declaredCents,
  invoice: 'I-2',
  debitReference: line.reference,
});

export const declare = (name: string, persons: ReadonlyMap<PersonId, readonly ClaimLine[]>): DeclareClaimLines =>
  new DeclareClaimLines(
    [...persons].map(([person, lines]): PersonLines => ({
      personId: person,
      birthDate: '1970-05-05',
      commandId: commandId(`${name} ${person}`),
      lines,
    })),
    '2025-01-03',
    'test',
  );

/** A member, insured at 3343; with a package of three sessions a year where the policy knows one of that name. */
export const register = (...persons: readonly PersonId[]): RegisterPersons =>
  new RegisterPersons(
    persons.map((person) => ({
      personId: person,
      commandId: commandId(`register ${person}`),
      insurance: [{ insurer: '3343', from: '2015-01-01', through: null }],
      diedOn: null,
      packages: [],
      switches: [],
    })),
    'test',
  );

export const base = (name: string, person: PersonId): CommandBase => ({
  personId: person,
  commandId: commandId(`${name} ${person}`),
  actor: 'test',
});

export const recordSwitch = (person: PersonId, diagnosis: string): RecordSwitch =>
  new RecordSwitch(base(`switch ${diagnosis}`, person), { switchDate: '2023-06-01', diagnosis, previousInsurer: '7095' });

export const importHistory = (person: PersonId, diagnosis: string, count: number): ImportHistory =>
  new ImportHistory(base(`history ${diagnosis}`, person), {
    diagnosis,
    startedOn: '2022-03-06',
    count,
    throughDate: '2023-05-18',
    scope: 'elsewhere',
    previousInsurer: '7095',
    source: 'treatment history form',
    statedBy: 'practice 04099999',
    document: { reference: `BH ${diagnosis}` },
    status: 'asserted',
  });

/** By another person than the one who gives all else here. */
export const verifyHistory = ({ base: { personId: person, commandId: imported } }: ImportHistory): VerifyHistory =>
  new VerifyHistory({ ...base(`verify ${imported}`, person), actor: 'second' }, { importId: historyImportId(imported) });

export const statePackages = (person: PersonId): StatePackages =>
  new StatePackages(base('packages', person), {
    packages: [{ insurer: '3343', package: 'Start', from: '2023-01-01', through: null }],
  });

export const remap = (person: PersonId, from: string, to: string): RemapDiagnosis =>
  new RemapDiagnosis(base(`remap ${from} ${to}`, person), {
    from,
    to,
    effectiveDate: '2024-07-01',
    reason: 'code closed on 1 July 2024',
    absorb: true,
  });
