/** One thing that is wrong with a policy, and where. */
export interface PolicyProblem {
  /** Path of the file below the policy folder, or `policy document` for stored content. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Where in the file's structure, e.g. `conditions[18].periods[0].term`. */
  readonly path: string;
  /** What is wrong and what to do. */
  readonly problem: string;
}

/** Every problem of a policy at once. Nothing of a policy with a problem is used. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';

  constructor(readonly problems: readonly PolicyProblem[]) {
    super(['The policy files cannot be used:', ...problems.map(lineOf)].join('\n'));
  }
}

const lineOf = (each: PolicyProblem): string =>
  `  ${each.file}:${each.line} ${each.path === '' ? '' : `${each.path}: `}${each.problem}`;

/** `['conditions', 3, 'id']` as `conditions[3].id`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`),
    '',
  );
}
