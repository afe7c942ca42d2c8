import { toldOfParts, type CommandResult, type Refusal } from '#libs/dossiers';
import { ProblemError } from '../http/problem';
import { pointerOfField } from '../http/pointer';
import { toldChanges } from './command-answer';

const NOTHING_CHANGED = 'The command was refused and nothing was changed; every reason is listed.';
const TAKEN_BACK = 'The command could not be finished, and what it had begun was taken back; every reason is listed.';

/**
 * The business says no: 422 with every refusal, or 404 when it is the person of the path who is unknown.
 * @param within JSON pointer to the part of the body that the refusals' fields lie in
 * @param undone what a move between persons had moved, and what took that back
 */
export function refused(
  refusals: readonly Refusal[],
  within = '',
  undone: Extract<CommandResult, { outcome: 'refused' }>['undone'] = undefined,
): ProblemError {
  const unknown = refusals.find((each) => each.code === 'person-unknown');
  if (unknown !== undefined) return personUnknown();
  return new ProblemError(422, 'refused', undone === undefined ? NOTHING_CHANGED : TAKEN_BACK, {
    ...(undone === undefined ? {} : { members: { paymentChanges: toldChanges(toldOfParts(undone)) } }),
    errors: refusals.map(({ code, field, problem }) => ({
      code,
      in: 'body',
      pointer: `${within}${pointerOfField(field)}`,
      problem,
    })),
  });
}

export const personUnknown = (): ProblemError =>
  new ProblemError(404, 'person-unknown', 'No person is known by this; register the person first.');
