import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ConditionConfirmed } from '#libs/trajectory';
import type { CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { makeStatement, type StatementKind } from '../statements/make-statement';
import { ConfirmCondition } from './command';

const KIND: StatementKind<ConditionConfirmed> = {
  command: 'ConfirmCondition',
  checkForm: () => undefined,
  checkRules: ({ item }, refusals, trajectory) => trajectory.checkItem(item, refusals),
  event: (evidence, { item }) => ({ type: 'ConditionConfirmed.v1', data: { ...evidence, item } }),
};

@CommandHandler(ConfirmCondition)
export class ConfirmConditionHandler implements ICommandHandler<ConfirmCondition> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: ConfirmCondition): Promise<CommandResult> {
    return makeStatement(this.context, base, KIND, input);
  }
}
