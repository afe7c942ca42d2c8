import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ClinicalFactsStated } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { makeStatement, type StatementKind } from '../statements/make-statement';
import { StateClinicalFacts } from './command';

const DATES = [
  'diagnosedOn',
  'dischargedOn',
  'operatedOn',
  'lastRadiationOn',
  'conservativeTreatmentEndedOn',
  'referredOn',
] as const satisfies readonly (keyof ClinicalFactsStated['data'])[];
const FINDINGS = ['side', 'longSession'] as const satisfies readonly (keyof ClinicalFactsStated['data'])[];

const KIND: StatementKind<ClinicalFactsStated> = {
  command: 'StateClinicalFacts',
  checkForm(input, refusals, today) {
    for (const field of DATES) refusals.pastDate(field, input[field], today);
    refusals.date('episodeFrom', input.episodeFrom);
    if ([...DATES, ...FINDINGS].every((field) => input[field] === undefined))
      refusals.add('nothing-stated', '', `it states nothing; give at least one of ${[...DATES, ...FINDINGS].join(', ')}`);
  },
  checkRules({ item, episodeFrom }, refusals, trajectory) {
    trajectory.checkItem(item, refusals);
    trajectory.checkEpisode(episodeFrom, refusals);
  },
  event: (evidence, input) => {
    const { diagnosis: _routedBy, regime: _regime, ...stated } = input;
    return { type: 'ClinicalFactsStated.v1', data: { ...stated, ...evidence } };
  },
};

@CommandHandler(StateClinicalFacts)
export class StateClinicalFactsHandler implements ICommandHandler<StateClinicalFacts> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: StateClinicalFacts): Promise<CommandResult> {
    return makeStatement(this.context, base, KIND, input);
  }
}
