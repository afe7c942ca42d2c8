import type { Refusal } from '#libs/dossiers';
import { ProblemError } from '../http/problem';
import { pointerOfField } from '../http/pointer';

/**
 * The business says no: 422 with every refusal, or 404 when it is the person of the path who is unknown.
 * @param within JSON pointer to the part of the body that the refusals' fields lie in
 */
export function refused(refusals: readonly Refusal[], within = ''): ProblemError {
  const unknown = refusals.find((each) => each.code === 'person-unknown');
  if (unknown !== undefined) return personUnknown();
  return new ProblemError(422, 'refused', 'The command was refused and nothing was changed; every reason is listed.', {
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
