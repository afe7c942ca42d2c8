/** One line of the bench's output; `baseline` was measured in the same rounds, alternating. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: { readonly name: string; readonly value: number };
  readonly settings: Readonly<Record<string, unknown>>;
}

export const print = (result: BenchResult): void => void process.stdout.write(`${JSON.stringify(result)}\n`);
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
export const round = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** The flags with which package.json starts the command line. */
export const NODE_FLAGS = ['--max-semi-space-size=32'];
