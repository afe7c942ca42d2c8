import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { DossierContext } from '../context';
import { ActivatePolicy } from './command';

@CommandHandler(ActivatePolicy)
export class ActivatePolicyHandler implements ICommandHandler<ActivatePolicy> {
  constructor(private readonly context: DossierContext) {}

  execute({ policy, actor }: ActivatePolicy): Promise<boolean> {
    return this.context.policies.activate(policy, actor);
  }
}
