/** What was recorded in the access log, a look at a time. */
import type { AccessEntry } from '#libs/access-log';
import type { TestApi } from './test-api';

export class RecordedAccesses {
  #seen = 0;

  constructor(private readonly api: TestApi) {}

  /** Since the last look. */
  async since(): Promise<AccessEntry[]> {
    const { rows } = await this.api.runtime.pool.query<{ seq: string; content: string }>(
      'select seq, content from access.entry where seq > $1 order by seq',
      [this.#seen],
    );
    this.#seen = Number(rows.at(-1)?.seq ?? this.#seen);
    return rows.map(({ content }) => JSON.parse(content) as AccessEntry);
  }
}

/** Event, action, outcome, object and whose it is, in a line each. */
export const briefly = (entries: readonly AccessEntry[], thePerson: string): string[] =>
  entries.map(({ event, action, outcome, object, person }) =>
    [event, action, outcome, object, person === thePerson ? 'the person' : (person ?? 'nobody')].join(' '),
  );
