import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { absorbedBy, codeOf, lineageCodes, survivorOf, withAbsorbed, type PersonState } from '#libs/trajectory';
import { executeForPerson, unknownPerson, type CommandResult } from '../command-result';
import { DossierContext } from '../context';
import { FactsBuilder } from '../person/facts-builder';
import type { PlannedFacts } from '../person/command';
import type { Refusal } from '../refusal';
import { RevertAbsorption, type AbsorptionReversal } from './command';

@CommandHandler(RevertAbsorption)
export class RevertAbsorptionHandler implements ICommandHandler<RevertAbsorption> {
  constructor(private readonly context: DossierContext) {}

  execute({ base, input }: RevertAbsorption): Promise<CommandResult> {
    return executeForPerson(this.context, base, 'RevertAbsorption', (state) => {
      const refusals = unknownPerson(state);
      return refusals.length > 0 ? { refusals } : planReversal(state, input);
    });
  }
}

const refused = (code: string, field: string, problem: string): { readonly refusals: readonly Refusal[] } => ({
  refusals: [{ code, field, problem }],
});

/**
 * Where a code of the absorbed trajectory is in the lineage that goes on without it, letting it go would leave one code with two
 * trajectories, and no line could tell in which it counts. That is so as long as the remap that came with the absorption stands.
 */
function planReversal(
  state: PersonState,
  { trajectoryId, reason }: AbsorptionReversal,
): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  if (reason.trim() === '') return refused('reason-missing', 'reason', 'say why the absorption is taken back');
  const into = state.facts.trajectories.get(trajectoryId)?.absorbedInto ?? null;
  if (into === null)
    return refused('absorption-unknown', 'trajectoryId', 'no trajectory of this person with this id is absorbed into another');
  const leaving = withAbsorbed(state.facts, trajectoryId);
  const codes = new Set(leaving.flatMap(lineageCodes));
  const staying = absorbedBy(state.facts, survivorOf(state.facts, trajectoryId)).filter((each) => !leaving.includes(each));
  const carrying = staying.flatMap(({ remaps }) => remaps).find(({ from, to }) => codes.has(from) || codes.has(to));
  if (carrying !== undefined)
    return refused(
      'absorption-in-use',
      'trajectoryId',
      `the remap of ${carrying.from} to ${carrying.to} from ${carrying.effectiveDate} makes their codes one lineage; take that remap back (revert-remap), and the absorption goes with it`,
    );
  const stranded = staying.flatMap(({ sessions }) => [...sessions.values()]).filter((session) => codes.has(codeOf(session)));
  if (stranded.length > 0)
    return refused(
      'lines-under-code',
      'trajectoryId',
      `${stranded.length} lines under ${[...new Set(stranded.map(codeOf))].join(', ')} are stored in the other trajectory since; they would stay counted in it. Have them credited and declared again, or leave the absorption`,
    );
  const facts = new FactsBuilder(state);
  facts.trajectory(trajectoryId, { type: 'AbsorptionReverted.v1', data: { from: into, reason } });
  return facts.build();
}
