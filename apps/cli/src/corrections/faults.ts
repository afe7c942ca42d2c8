/** What is wrong with the form of a correction, without what stood there: that may be identity. */
import type { z } from 'zod';
import { UsageError } from '../errors';

export interface InputFault {
  /** Path in the input, e.g. `document.reference`. */
  readonly field: string;
  readonly problem: string;
}

/** An input that is not of its form, with every fault. */
export class CorrectionInputError extends UsageError {
  constructor(readonly faults: readonly InputFault[]) {
    super(faults.map(({ field, problem }) => `${field}: ${problem}`).join('; '));
  }
}

/** The name of a field may be told, not everything that stands where a name should. */
const isName = (key: string): boolean => /^[A-Za-z][A-Za-z_-]{0,39}$/.test(key);

/** @param whole what to call the input itself */
export function faultsOf(error: z.ZodError, whole: string): InputFault[] {
  return error.issues.flatMap((issue): InputFault[] => {
    const path = issue.path.map((part) => (typeof part === 'number' || isName(String(part)) ? String(part) : '?'));
    if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.') || whole, problem: issue.message }];
    return issue.keys.map((key) => ({
      field: [...path, isName(key) ? key : '?'].join('.'),
      problem: 'there is no such field; take it out or correct its name',
    }));
  });
}
