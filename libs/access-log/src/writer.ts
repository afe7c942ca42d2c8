/** Records what one caller does: who, in which role, for what, through what is said once; what is accessed, each time. */
import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { asName, type AccessAction, type AccessEntry, type AccessOutcome } from './entry';
import type { AccessRecorder } from './log';

export interface Accessor {
  readonly user: string;
  readonly roles: readonly string[];
  /** A code (see isPurpose); null = not stated. */
  readonly purpose: string | null;
  readonly source: string;
}

export interface Access {
  readonly event: string;
  readonly action: AccessAction;
  /** `dossier`, or with an id `claim-file/<uuid>`. */
  readonly object: string;
  /** Whose data it is; nobody = nobody was found. A line is recorded of each. */
  readonly persons: readonly string[];
}

/** Ids of the lines that are recorded, for what may be recorded again: from the person id and the user. Default: random. */
export type EntryIds = (person: string | null, user: string) => string;

const CLI_ROLE = 'operator';

/** Machine, process and its number. */
export const sourceOf = (processName: string): string => `${hostname()}/${processName}/${process.pid}`;

/** Whoever runs a process on this machine: the operating system knows the user. */
export function processAccessor(processName: string, purpose: string | null, role = CLI_ROLE): Accessor {
  return { user: userName(), roles: [role], purpose, source: sourceOf(processName) };
}

/** In a container a user may have a number only. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

export class AccessWriter {
  constructor(
    private readonly recorder: AccessRecorder,
    private readonly by: Accessor,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** The same log, for another caller. */
  as(by: Accessor): AccessWriter {
    return new AccessWriter(this.recorder, by, this.now);
  }

  /** Records an access with its outcome. `request`: lines of one request share it. Rejects with AccessLogUnavailableError. */
  record(
    access: Access,
    outcome: AccessOutcome,
    request: string = randomUUID(),
    ids: EntryIds = () => randomUUID(),
  ): Promise<void> {
    const persons = access.persons.length === 0 ? [null] : [...new Set(access.persons)];
    return this.recorder.record(persons.map((person) => this.entry(access, outcome, request, person, ids(person, this.by.user))));
  }

  /**
   * Records the attempt, carries it out, records the outcome. What is thrown is recorded and thrown on. `personsIn`: whose data it was,
   * where only the result tells.
   */
  async change<T>(
    access: Access,
    carryOut: () => Promise<T>,
    outcomeOf: (result: T) => AccessOutcome,
    outcomeOfError: (error: unknown) => AccessOutcome = () => 'failed',
    personsIn: (result: T) => readonly string[] = () => access.persons,
  ): Promise<T> {
    const request = randomUUID();
    await this.record(access, 'attempted', request);
    let result: T;
    try {
      result = await carryOut();
    } catch (error) {
      // the attempt is recorded: when the failure cannot be, it is still the failure that is told
      await this.record(access, outcomeOfError(error), request).catch(() => undefined);
      throw error;
    }
    await this.record({ ...access, persons: personsIn(result) }, outcomeOf(result), request);
    return result;
  }

  private entry(access: Access, outcome: AccessOutcome, request: string, person: string | null, id: string): AccessEntry {
    const { event, action, object } = access;
    const { user, roles, purpose, source } = this.by;
    return {
      ...{ id, time: this.now().toISOString(), event, action, outcome },
      user: asName(user),
      role: asName([...roles].sort().join(', ') || 'none'),
      ...{ purpose, person, object },
      source: asName(source),
      request,
    };
  }
}
