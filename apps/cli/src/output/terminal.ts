/** What a command prints: text for people on standard output, or one JSON value with --json; progress on standard error. */
import { SingleBar, Presets } from 'cli-progress';
import Table from 'cli-table3';

export class Terminal {
  constructor(readonly json: boolean) {}

  /** A line for people; nothing with --json. */
  line(text = ''): void {
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** The result as a value; only with --json. */
  value(result: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  }

  /** A warning or error for people, on standard error in either mode. */
  problem(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Numbers are aligned right; plain borders where the output is no terminal. */
  table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    if (this.json) return;
    const right = head.map(
      (_, column) =>
        rows.length > 0 &&
        rows.every((row) => typeof row[column] === 'number' || /^-?[\d.,€ ]+$/.test(String(row[column] ?? ''))),
    );
    const table = new Table({
      head: [...head],
      colAligns: right.map((isNumber) => (isNumber ? 'right' : 'left')),
      style: { head: [], border: [] },
    });
    for (const row of rows) table.push(row.map(String));
    process.stdout.write(`${table.toString()}\n`);
  }

  /** A progress bar on a terminal; elsewhere a plain line every tenth of the way. */
  progress(label: string, unit: string): Progress {
    return process.stderr.isTTY && !this.json ? new Bar(label, unit) : new Lines(label, unit);
  }
}

export interface Progress {
  update(done: number, total: number | null): void;
  end(): void;
}

class Bar implements Progress {
  readonly #bar: SingleBar;
  #isStarted = false;
  constructor(label: string, unit: string) {
    this.#bar = new SingleBar(
      { format: `${label} {bar} {percentage}% {value}/{total} ${unit} {speed}`, stream: process.stderr, hideCursor: true },
      Presets.shades_classic,
    );
  }
  update(done: number, total: number | null): void {
    const end = total ?? Math.max(done, 1);
    if (!this.#isStarted) this.#bar.start(end, 0, { speed: '' });
    this.#isStarted = true;
    this.#bar.setTotal(end);
    this.#bar.update(done);
  }
  end(): void {
    if (this.#isStarted) this.#bar.stop();
  }
}

class Lines implements Progress {
  #tenth = 0;
  #last: string | null = null;
  constructor(
    private readonly label: string,
    private readonly unit: string,
  ) {}
  update(done: number, total: number | null): void {
    const tenth = total === null ? Math.floor(done / 10_000) : Math.floor((10 * done) / Math.max(1, total));
    this.#last = `${this.label}: ${done}${total === null ? '' : ` of ${total}`} ${this.unit}`;
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    process.stderr.write(`${this.#last}\n`);
    this.#last = null;
  }
  end(): void {
    if (this.#last !== null) process.stderr.write(`${this.#last}\n`);
  }
}

/** Cents as euros for people: `1,234.50`. */
export const euros = (cents: number): string =>
  (cents / 100).toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
