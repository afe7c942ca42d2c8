import { Command } from '@nestjs/cqrs';
import type { CommandId, InsurancePeriod, IsoDate, PackagePeriod, PersonId } from '#libs/trajectory';
import type { PersonOutcome } from '../person/command';

/** A switch as the member administration reports it; without a code it holds nothing and a history is to be asked for. */
export interface ReportedSwitch {
  readonly switchDate: IsoDate;
  readonly diagnosis?: string;
  readonly previousInsurer?: string;
}

/** One member as the member administration knows them; identity is in the vault already. */
export interface Member {
  readonly personId: PersonId;
  readonly commandId: CommandId;
  readonly insurance: readonly InsurancePeriod[];
  readonly diedOn: IsoDate | null;
  readonly packages: readonly PackagePeriod[];
  readonly switches: readonly ReportedSwitch[];
}

/** Registers members, or states anew what is known of them; many persons at once, at most once each. */
export class RegisterPersons extends Command<readonly PersonOutcome<void>[]> {
  constructor(
    readonly members: readonly Member[],
    readonly actor: string,
  ) {
    super();
  }
}
