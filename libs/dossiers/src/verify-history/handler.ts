import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PersonState } from '#libs/trajectory';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { isSameActor } from '../actors';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import type { PlannedFacts } from '../person/command';
import type { Refusal } from '../refusal';
import { VerifyHistory, type HistoryVerification } from './command';

@CommandHandler(VerifyHistory)
export class VerifyHistoryHandler implements ICommandHandler<VerifyHistory> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: VerifyHistory): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'VerifyHistory', (state) => {
      const refusals = unknownPerson(state);
      return refusals.length > 0 ? { refusals } : planVerification(state, input, base.actor);
    });
  }
}

function planVerification(
  state: PersonState,
  { importId, documentDigest }: HistoryVerification,
  actor: string,
): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const refused = (code: string, field: string, problem: string) => ({ refusals: [{ code, field, problem }] });
  for (const { id, histories } of state.facts.trajectories.values()) {
    const history = histories.find((each) => each.importId === importId);
    if (history === undefined) continue;
    if (history.status === 'verified') return refused('history-verified', 'importId', 'this import was verified before');
    if (isSameActor(state.importedBy.get(importId) ?? '', actor))
      return refused('own-import', 'importId', 'you recorded this import yourself; another person has to verify it');
    if (documentDigest !== undefined && documentDigest !== history.document.digest)
      return refused(
        'document-differs',
        'documentDigest',
        history.document.digest === undefined
          ? 'the import was recorded without a digest of its document; leave it out, or supersede the import by one that has it'
          : 'this is not the document that the import rests on; look at the one that it names',
      );
    const facts = new FactsBuilder(state);
    const data = documentDigest === undefined ? { importId } : { importId, documentDigest };
    facts.trajectory(id, { type: 'HistoryVerified.v1', data });
    return facts.build();
  }
  return refused('history-unknown', 'importId', 'this person has no import with this id in effect');
}
