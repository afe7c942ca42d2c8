/**
 * Recorded decisions of a snapshot as rows of numbers. Most are only ever compared with what the engine decides anew, so a row is made
 * into an object when somebody asks for it, and compared as it is.
 */
import type { Booking, LineDecision, Purse } from '../decision';
import type { LineKey } from '../ids';

type Value = LineDecision['reason']['values'][string];

/** What decisions of many lines share: all but the line, cents, positions and the numbers of the reason. */
export interface DecisionForm extends Pick<
  LineDecision,
  'trajectory' | 'status' | 'condition' | 'codes' | 'deductible' | 'flags'
> {
  readonly rule: string;
  /** Values of the reason that are no numbers. */
  readonly fixed: Readonly<Record<string, Value>>;
  /** Names of its numbers, in the order of the row. */
  readonly numbers: readonly string[];
  readonly units: readonly { readonly purse: Purse | null; readonly rule: string }[];
}

/**
 * Ordinal of the session in the snapshot, or the key of a line that is there no longer; form; basic, supplementary, insured, refused, undecided;
 * paid to the provider, claimed from the insured; the reason's numbers; position and cents per unit.
 */
export type DecisionRow = readonly (number | null | LineKey)[];

const [BASIC, SUPPLEMENTARY, INSURED, REFUSED, UNDECIDED, PAID, CLAIMED, NUMBERS] = [2, 3, 4, 5, 6, 7, 8, 9] as const;

export class DecisionRowWriter {
  readonly forms: DecisionForm[] = [];
  readonly #index = new Map<string, number>();

  /** @param ordinals of the sessions in the snapshot */
  constructor(private readonly ordinals: ReadonlyMap<LineKey, number>) {}

  row(decision: LineDecision): DecisionRow {
    const { line, split, reason, trajectory, status, condition, codes, deductible, flags } = decision;
    const values = Object.entries(reason.values);
    const numbers = values.filter(([, value]) => typeof value === 'number');
    const form: DecisionForm = {
      ...{ trajectory, status, condition, codes, deductible, flags },
      rule: reason.rule,
      fixed: Object.fromEntries(values.filter(([, value]) => typeof value !== 'number')),
      numbers: numbers.map(([name]) => name),
      units: decision.units.map(({ purse, rule }) => ({ purse, rule })),
    };
    const text = JSON.stringify(form);
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.forms.push(form) - 1;
      this.#index.set(text, index);
    }
    return [
      this.ordinals.get(line) ?? line,
      index,
      ...[split.basic, split.supplementary, split.insured, split.refused, split.undecided],
      ...[decision.paidToProvider, decision.claimFromInsured],
      ...numbers.map(([, value]) => value as number),
      ...decision.units.flatMap(({ position, cents }) => [position, cents]),
    ];
  }
}

/** The rows of a snapshot by line, never changed. */
export class DecisionRows {
  constructor(
    private readonly rows: ReadonlyMap<LineKey, DecisionRow>,
    private readonly forms: readonly DecisionForm[],
  ) {}

  get size(): number {
    return this.rows.size;
  }

  has(line: LineKey): boolean {
    return this.rows.has(line);
  }

  lines(): MapIterator<LineKey> {
    return this.rows.keys();
  }

  decision(line: LineKey): LineDecision | undefined {
    const row = this.rows.get(line);
    if (row === undefined) return undefined;
    const { rule, fixed, numbers, units, ...form } = this.formOf(row);
    const cell = (i: number): number => row[i] as number;
    const values: Record<string, Value> = { ...fixed };
    numbers.forEach((name, i) => (values[name] = cell(NUMBERS + i)));
    const firstUnit = NUMBERS + numbers.length;
    return {
      line,
      ...form,
      units: units.map((unit, i) => ({
        position: row[firstUnit + 2 * i] as number | null,
        purse: unit.purse,
        cents: cell(firstUnit + 2 * i + 1),
        rule: unit.rule,
      })),
      split: {
        basic: cell(BASIC),
        supplementary: cell(SUPPLEMENTARY),
        insured: cell(INSURED),
        refused: cell(REFUSED),
        undecided: cell(UNDECIDED),
      },
      paidToProvider: cell(PAID),
      claimFromInsured: cell(CLAIMED),
      reason: { rule, values },
    };
  }

  /** What was booked of the line: of these rows it is always what was decided. */
  booking(line: LineKey): Booking | undefined {
    const row = this.rows.get(line);
    if (row === undefined) return undefined;
    const cell = (i: number): number => row[i] as number;
    return {
      basic: cell(BASIC),
      supplementary: cell(SUPPLEMENTARY),
      insured: cell(INSURED),
      paidToProvider: cell(PAID),
      claimFromInsured: cell(CLAIMED),
    };
  }

  /** Whether the line's row says just what the decision says. Runs for every line of a person at every command, hence by hand. */
  says(decision: LineDecision): boolean {
    const row = this.rows.get(decision.line);
    if (row === undefined) return false;
    const form = this.formOf(row);
    const { split, reason, units } = decision;
    if (
      row[BASIC] !== split.basic ||
      row[SUPPLEMENTARY] !== split.supplementary ||
      row[INSURED] !== split.insured ||
      row[REFUSED] !== split.refused ||
      row[UNDECIDED] !== split.undecided ||
      row[PAID] !== decision.paidToProvider ||
      row[CLAIMED] !== decision.claimFromInsured ||
      form.status !== decision.status ||
      form.trajectory !== decision.trajectory ||
      form.condition !== decision.condition ||
      form.deductible !== decision.deductible ||
      form.rule !== reason.rule ||
      form.units.length !== units.length ||
      !sameTexts(form.codes, decision.codes) ||
      !sameTexts(form.flags, decision.flags)
    )
      return false;
    let fixed = 0;
    for (const name in form.fixed) {
      if (form.fixed[name] !== reason.values[name]) return false;
      fixed += 1;
    }
    const { numbers } = form;
    for (let i = 0; i < numbers.length; i += 1) if (row[NUMBERS + i] !== reason.values[numbers[i] as string]) return false;
    let values = 0;
    for (const _ in reason.values) values += 1;
    if (values !== fixed + numbers.length) return false;
    for (let i = 0, at = NUMBERS + numbers.length; i < units.length; i += 1, at += 2) {
      const unit = units[i] as LineDecision['units'][number];
      const shared = form.units[i] as DecisionForm['units'][number];
      if (row[at] !== unit.position || row[at + 1] !== unit.cents || shared.purse !== unit.purse || shared.rule !== unit.rule)
        return false;
    }
    return true;
  }

  private formOf(row: DecisionRow): DecisionForm {
    return this.forms[row[1] as number] as DecisionForm;
  }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

export const NO_ROWS = new DecisionRows(new Map(), []);
