/** Where statements of a history leave the house and come in: the one place that knows key, trusted insurers, vault and dossier. */
import { v4 as randomUuid } from 'uuid';
import { historyImportId, loadPersons, type DossierContext, type HistoryInput, type Refusal } from '#libs/dossiers';
import type { TrajectConfig } from '#libs/platform';
import {
  lineageCodes,
  regimeOf,
  routeOf,
  type CommandId,
  type HistoryImportId,
  type PersonId,
  type PersonState,
  type TrajectoryId,
} from '#libs/trajectory';
import { acceptStatement } from './accept';
import { issueStatement } from './issue';
import { readableStatement } from './readable';
import { digestOf, signStatement, verifyStatement } from './signature';
import { loadSigningKey, type PublicKeySet } from './signing-key';
import type { HistoryStatement } from './statement';
import { loadTrustedInsurers } from './trusted-insurers';

interface Refused {
  readonly outcome: 'refused';
  readonly refusals: readonly Refusal[];
}

export interface IssuedStatement {
  readonly outcome: 'issued';
  /** Compact JWS. It names the person by BSN: for the next insurer and for nobody else. */
  readonly signed: string;
  readonly statement: HistoryStatement;
  readonly digest: string;
  readonly keyId: string;
  /** The same for people, in Dutch. */
  readonly pdf: Buffer;
}

/** What is to be imported, and of whom: give it to `ImportHistory`. */
export interface StatementImport {
  readonly outcome: 'accepted';
  readonly personId: PersonId;
  readonly input: HistoryInput;
}

export interface StatementToImport {
  readonly signed: string;
  /** The person that the caller has in mind; null = whoever the statement names. */
  readonly personId: PersonId | null;
  readonly commandId: CommandId;
  readonly supersedes?: HistoryImportId;
}

const refused = (code: string, field: string, problem: string): Refused => ({
  outcome: 'refused',
  refusals: [{ code, field, problem }],
});

export class HistoryStatementDesk {
  constructor(
    private readonly context: DossierContext,
    private readonly config: TrajectConfig['historyStatements'],
  ) {}

  /** The public keys by which others check our statements. Throws PrivateFileError. */
  static async publicKeysOf({ signingKey }: Pick<TrajectConfig['historyStatements'], 'signingKey'>): Promise<PublicKeySet> {
    return { keys: [(await loadSigningKey(signingKey)).publicJwk] };
  }

  publicKeys(): Promise<PublicKeySet> {
    return HistoryStatementDesk.publicKeysOf(this.config);
  }

  /**
   * States the history of a trajectory, named by its id or by one of its codes, up to a date. Nothing is recorded in the dossier.
   * Throws PrivateFileError when there is no key to sign with.
   */
  async issue(
    personId: PersonId,
    of: { readonly trajectory: TrajectoryId } | { readonly diagnosis: string },
    through: string,
  ): Promise<IssuedStatement | Refused> {
    const { store, vault, policies } = this.context;
    const loaded = (await loadPersons(store, [personId])).get(personId);
    const identity = (await vault.identityOf([personId])).get(personId);
    const state = loaded?.fold;
    if (state === undefined || identity === undefined || state.lastDecided === null)
      return refused('person-unknown', 'person', 'no such person, or nothing of them is decided yet');
    if (loaded?.unseen.length !== 0)
      return refused(
        'facts-unbooked',
        'person',
        'facts of this person are not booked yet; the next command books them, then ask again',
      );
    const trajectory = 'trajectory' in of ? of.trajectory : trajectoryUnder(state, of.diagnosis);
    if (trajectory === null)
      return refused('trajectory-unknown', 'diagnosis', 'no trajectory under this code has begun; check the code');
    const book = await policies.byDigest(state.lastDecided.policy.digest);
    const { now, today } = { now: this.context.now(), today: this.context.today() };
    const issued = issueStatement({ state, book, identity, trajectory, through, statementId: randomUuid(), now, today });
    if (issued.outcome === 'refused') return issued;
    const { statement } = issued;
    const key = await loadSigningKey(this.config.signingKey);
    const signed = await signStatement(statement, key);
    const digest = digestOf(signed);
    const pdf = await readableStatement({ statement, name: identity.name, digest, keyId: key.keyId });
    return { outcome: 'issued', signed, statement, digest, keyId: key.keyId, pdf };
  }

  /**
   * Checks a statement and makes it into the import of a history. The number in it leads to a person in the vault alone and goes
   * nowhere else. Throws TrustedInsurersError.
   */
  async accept({ signed, personId, commandId, supersedes }: StatementToImport): Promise<StatementImport | Refused> {
    const trusted = await loadTrustedInsurers(this.config.trustedInsurersFile);
    const verified = await verifyStatement(signed, trusted, this.context.now().getTime());
    if (verified.outcome === 'refused') return verified;
    const { statement, digest } = verified;
    const { bsn } = statement.subject;
    const found = (await this.context.vault.resolveByBsn([bsn])).get(bsn);
    if (personId !== null && found?.personId !== personId)
      return refused(
        'statement-other-person',
        'statement',
        'it is about another person; look that person up, or ask the insurer',
      );
    if (found === undefined)
      return refused('person-not-here', 'statement', 'nobody is known here by the number in it; import the member first');
    const id = found.personId as PersonId;
    const loaded = (await loadPersons(this.context.store, [id])).get(id);
    if (loaded === undefined || !loaded.fold.registered)
      return refused('person-not-here', 'statement', 'nobody is known here by the number in it; import the member first');
    const accepted = acceptStatement({
      ...{ statement, digest, state: loaded.fold, birthDate: found.birthDate, ownImport: historyImportId(commandId) },
      ...(supersedes === undefined ? {} : { supersedes }),
    });
    return accepted.outcome === 'refused' ? accepted : { ...accepted, personId: id };
  }
}

/** That of Annex 1 first: the only regime whose count goes on elsewhere. */
function trajectoryUnder(state: PersonState, diagnosis: string): TrajectoryId | null {
  const other = [...state.facts.trajectories.values()].find((each) => lineageCodes(each).includes(diagnosis));
  return routeOf(state.facts, regimeOf('001'), diagnosis) ?? other?.id ?? null;
}
