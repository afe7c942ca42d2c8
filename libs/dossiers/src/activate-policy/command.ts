import { Command } from '@nestjs/cqrs';

/** Makes a policy version take effect. Persons are decided anew by it at their next command. Answers whether it changed. */
export class ActivatePolicy extends Command<boolean> {
  constructor(
    readonly policy: { readonly digest: string; readonly version: string; readonly content: string },
    readonly actor: string,
  ) {
    super();
  }
}
