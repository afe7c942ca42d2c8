import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { RegisterPersons, type Member } from '#libs/dossiers';
import { IdentityVaultError } from '#libs/identity';
import type { CommandId, PersonId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { readEffect } from '../commands/command-effect';
import type { CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { refused } from '../commands/refused';
import { checkRegistration } from './checks';
import type { PersonRegistration, RegisteredPerson } from './schema';

/** Registers a person: identity in the vault, then the dossier under the person id that the vault gave. */
@Injectable()
export class PersonRegistrations {
  constructor(
    private readonly bus: CommandBus,
    private readonly commands: PersonCommands,
    private readonly runtime: ApiRuntime,
  ) {}

  register(request: CommandRequest, person: PersonRegistration): Promise<RegisteredPerson> {
    return this.commands.once(request, person, async (commandId, again) => {
      const refusals = checkRegistration(person, this.runtime.context.today());
      if (refusals.length > 0) throw refused(refusals);
      const personId = await this.putIntoVault(person);
      await this.commands.checkRevision(request, personId, commandId);
      // what an earlier run stated may have been superseded since: a command that was decided is done
      const isDone = again && (await readEffect(this.runtime.store, personId, commandId)).decision !== null;
      if (!isDone) await this.open(personId, commandId, request.actor, person);
      return { personId, ...(await this.commands.effectOf(personId, commandId)) };
    });
  }

  private async open(personId: PersonId, commandId: CommandId, actor: string, person: PersonRegistration): Promise<void> {
    const { insurance, packages, diedOn, switches } = person;
    const member: Member = { personId, commandId, insurance, packages, diedOn, switches };
    const [outcome] = await this.bus.execute(new RegisterPersons([member], actor));
    if (outcome?.outcome === 'refused') throw refused(outcome.refusals);
  }

  /** Idempotent: one BSN is one person. */
  private async putIntoVault({ bsn, birthDate, name, relationNumbers }: PersonRegistration): Promise<PersonId> {
    let personId: string | undefined;
    try {
      const identity = { bsn, birthDate, relationNumbers, ...(name === undefined ? {} : { name }) };
      personId = (await this.runtime.context.vault.registerPersons([identity])).get(bsn);
    } catch (error) {
      if (!(error instanceof IdentityVaultError) || error.code !== 'relation-number-taken') throw error;
      const problem = 'One of these numbers belongs to another person at that insurer; check them.';
      throw refused([{ code: 'relation-number-taken', field: 'relationNumbers', problem }]);
    }
    if (personId === undefined) throw new Error('the vault gave no person id for the only person');
    return personId as PersonId;
  }
}
