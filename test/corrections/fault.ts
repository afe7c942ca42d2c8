/** Something that must hold and did not. `check` names it in a few words, the same whatever the person. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly check: string,
    detail: string,
  ) {
    super(`${check}: ${detail}`);
  }
}

export function mustBe(holds: boolean, check: string, detail: () => string): asserts holds {
  if (!holds) throw new Fault(check, detail());
}

/** What was thrown, as a fault. */
export const faultOf = (error: unknown): Fault =>
  error instanceof Fault
    ? error
    : new Fault('something was thrown', error instanceof Error ? (error.stack ?? error.message) : String(error));
