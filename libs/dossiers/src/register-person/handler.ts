import { isDeepStrictEqual } from 'node:util';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { PersonState } from '#libs/trajectory';
import { isDate } from '../calendar';
import { DossierContext } from '../context';
import type { PersonCommand, PersonOutcome, Plan } from '../person/command';
import { executePersonCommands } from '../person/execute';
import { FactsBuilder } from '../person/facts-builder';
import type { Refusal } from '../refusal';
import { checkInsurance, checkPackages } from './checks';
import { RegisterPersons, type Member } from './command';

@CommandHandler(RegisterPersons)
export class RegisterPersonsHandler implements ICommandHandler<RegisterPersons> {
  constructor(private readonly context: DossierContext) {}

  /** Outcomes in the order of the members. */
  execute({ members, actor }: RegisterPersons): Promise<readonly PersonOutcome<void>[]> {
    const commands = members.map((member): PersonCommand => {
      const { personId, commandId } = member;
      return { personId, commandId, type: 'RegisterPerson', actor, plan: (state) => planMember(state, member) };
    });
    return executePersonCommands(this.context, commands);
  }
}

const checkSwitches = (member: Member): Refusal[] =>
  member.switches.flatMap((each, i) =>
    isDate(each.switchDate)
      ? []
      : [{ code: 'date-invalid', field: `switches[${i}].switchDate`, problem: 'give a date that exists, as YYYY-MM-DD' }],
  );

/** Adds only what differs from what is known, so that the same member file twice changes nothing. */
function planMember(state: PersonState, member: Member): Plan<void> {
  const refusals = [
    ...checkInsurance(member.insurance, member.diedOn),
    ...checkPackages(member.packages),
    ...checkSwitches(member),
  ];
  if (refusals.length > 0) return { refusals };
  const facts = new FactsBuilder(state);
  const known = state.facts;
  if (!state.registered) facts.dossier({ type: 'PersonRegistered.v1', data: { personId: member.personId } });
  if (!isDeepStrictEqual(known.insurance, member.insurance) || known.diedOn !== member.diedOn)
    facts.dossier({ type: 'InsuranceStated.v1', data: { periods: member.insurance, diedOn: member.diedOn } });
  if (!isDeepStrictEqual(known.packages, member.packages))
    facts.dossier({ type: 'PackagesStated.v1', data: { packages: member.packages } });
  for (const { switchDate, diagnosis, previousInsurer } of member.switches) {
    if (diagnosis !== undefined) facts.recordSwitch(diagnosis, switchDate, previousInsurer, 'member-administration');
    else if (!state.reportedSwitches.some((each) => each.switchDate === switchDate))
      facts.dossier({
        type: 'SwitchReported.v1',
        data: { switchDate, ...(previousInsurer === undefined ? {} : { previousInsurer }) },
      });
  }
  return { facts: facts.build(), result: undefined };
}
