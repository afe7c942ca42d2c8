/** Counts what became of the corrections, by kind: a kind with a low count is one that the run says little about. */
import { CORRECTION_KINDS, type CorrectionKind } from '#libs/dossiers';

export const COUNTED = [
  'asked',
  'refused by the form',
  'refused',
  'moved in between',
  'recorded nothing',
  'without effect',
  'with effect',
  'lines decided anew',
  'newly held',
  'released',
  'needed approval',
  'not compared',
] as const;
export type Counted = (typeof COUNTED)[number];

export class Tally {
  readonly #counts = new Map<CorrectionKind, Map<Counted, number>>(CORRECTION_KINDS.map((kind) => [kind, new Map()]));

  readonly #refusals = new Map<string, number>();

  count(kind: CorrectionKind, what: Counted, times = 1): void {
    const counts = this.#counts.get(kind);
    counts?.set(what, (counts.get(what) ?? 0) + times);
  }

  /** Why one was refused: the code of each refusal. */
  refused(codes: readonly string[]): void {
    for (const code of codes) this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  of(kind: CorrectionKind, what: Counted): number {
    return this.#counts.get(kind)?.get(what) ?? 0;
  }
  sum(what: Counted): number {
    return CORRECTION_KINDS.reduce((sum, kind) => sum + this.of(kind, what), 0);
  }

  table(): string {
    const row = (name: string, cells: readonly (string | number)[]): string =>
      name.padEnd(21) + cells.map((cell) => String(cell).padStart(9)).join('');
    const words = COUNTED.map((what) => what.split(' '));
    const heads = [0, 1, 2].map((i) =>
      row(
        '',
        words.map((each) => (i < 2 ? (each[i] ?? '') : each.slice(2).join(' '))),
      ),
    );
    const rows = CORRECTION_KINDS.map((kind) =>
      row(
        kind,
        COUNTED.map((what) => this.of(kind, what)),
      ),
    );
    const refusals = [...this.#refusals].sort(([, a], [, b]) => b - a).map(([code, times]) => `${code} ${times}`);
    return [
      ...heads,
      ...rows,
      row(
        'all',
        COUNTED.map((what) => this.sum(what)),
      ),
      `refused: ${refusals.join(', ')}`,
    ].join('\n');
  }
}
