/** Statements about trajectories of made-up persons; evidence that a test does not vary is filled in. */
import type { PersonId, StatementId } from '#libs/trajectory';
import { ChangeCareClass, type CareClassInput } from '../change-care-class/command';
import type { CommandResult } from '../command-result';
import { ConfirmCondition, type ConditionInput } from '../confirm-condition/command';
import { ConfirmNewEpisode, type NewEpisodeInput } from '../confirm-new-episode/command';
import { ExtendTerm, type TermExtensionInput } from '../extend-term/command';
import { GrantAuthorisation, type AuthorisationInput } from '../grant-authorisation/command';
import { statementId } from '../person/event-ids';
import { RetractStatement } from '../retract-statement/command';
import { StateClinicalFacts, type ClinicalFactsInput } from '../state-clinical-facts/command';
import { base, type GivenStatement } from './commands';

const EVIDENCE = {
  statedOn: '2024-12-02',
  source: 'letter',
  statedBy: 'practice 04099999',
  document: { reference: 'LETTER-1' },
};
type Evidenced = keyof typeof EVIDENCE;
type Given<Input> = Omit<Input, Evidenced> & Partial<Pick<Input, Evidenced & keyof Input>>;

/** Each `key` is a command of its own; the same one again is the same command. */
export const statementsOf = (person: PersonId) => ({
  clinicalFacts: (given: Given<ClinicalFactsInput>, key = 'facts') =>
    new StateClinicalFacts(base(key, person), { ...EVIDENCE, ...given }),
  condition: (given: Given<ConditionInput>, key = 'condition') =>
    new ConfirmCondition(base(key, person), { ...EVIDENCE, ...given }),
  newEpisode: (given: Given<NewEpisodeInput>, key = 'episode') =>
    new ConfirmNewEpisode(base(key, person), { ...EVIDENCE, ...given }),
  careClass: (given: Given<CareClassInput>, key = 'class') => new ChangeCareClass(base(key, person), { ...EVIDENCE, ...given }),
  extension: (given: Given<TermExtensionInput>, key = 'extension') =>
    new ExtendTerm(base(key, person), { ...EVIDENCE, ...given }),
  authorisation: (given: Given<AuthorisationInput>, key = 'authorisation') =>
    new GrantAuthorisation(base(key, person), { ...EVIDENCE, ...given }),
  retraction: (statement: StatementId, reason = 'of somebody else', key = 'retraction') =>
    new RetractStatement(base(`${key} ${statement}`, person), { statementId: statement, reason }),
});

export const idOf = (command: GivenStatement): StatementId => statementId(command.base.commandId);

/** `code field` of each refusal; what a command answers that was not refused is told as its outcome. */
export const refusalsOf = (answer: unknown): string[] => {
  const result = answer as CommandResult;
  return result.outcome === 'refused' ? result.refusals.map(({ code, field }) => `${code} ${field}`) : [result.outcome];
};
