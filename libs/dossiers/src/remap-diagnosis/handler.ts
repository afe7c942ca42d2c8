import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isDate } from '../calendar';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import type { Refusal } from '../refusal';
import { RemapDiagnosis, type RemapInput } from './command';
import { planRemap } from './plan';

@CommandHandler(RemapDiagnosis)
export class RemapDiagnosisHandler implements ICommandHandler<RemapDiagnosis> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: RemapDiagnosis): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'RemapDiagnosis', (state) => {
      const refusals = [...unknownPerson(state), ...checkInput(input)];
      return refusals.length > 0 ? { refusals } : planRemap(state, input);
    });
  }
}

function checkInput(input: RemapInput): Refusal[] {
  const refusals: Refusal[] = [];
  for (const field of ['from', 'to'] as const)
    if (!/^\d{4}$/.test(input[field]))
      refusals.push({ code: 'diagnosis-invalid', field, problem: 'give the DCSPH code, four digits' });
  if (input.from === input.to)
    refusals.push({ code: 'remap-cycle', field: 'to', problem: 'a code cannot be remapped to itself' });
  if (!isDate(input.effectiveDate))
    refusals.push({ code: 'date-invalid', field: 'effectiveDate', problem: 'give a date that exists, as YYYY-MM-DD' });
  if (input.reason.trim() === '')
    refusals.push({ code: 'reason-missing', field: 'reason', problem: 'say why the code is remapped' });
  return refusals;
}
