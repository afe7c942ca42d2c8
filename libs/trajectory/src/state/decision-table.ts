/**
 * Recorded decisions of a snapshot as numbers. Most are only ever compared with what the engine decides anew: they are compared as they
 * are, and made into an object when somebody asks for it.
 */
import type { Booking, LineDecision, Purse } from '../decision';
import type { LineKey } from '../ids';

type Value = LineDecision['reason']['values'][string];

/** What decisions of many lines share: all but the line, cents, positions and the numbers of the reason. */
interface DecisionForm extends Pick<LineDecision, 'trajectory' | 'status' | 'condition' | 'codes' | 'deductible' | 'flags'> {
  readonly rule: string;
  /** Values of the reason that are no numbers. */
  readonly fixed: Readonly<Record<string, Value>>;
  /** Names of its numbers, in the order of the cells. */
  readonly numbers: readonly string[];
  readonly units: readonly { readonly purse: Purse | null; readonly rule: string }[];
}

/** Recorded decisions as one array of numbers, with what many share beside it. */
export interface DecisionTable {
  readonly forms: DecisionForm[];
  /** Lines that are no session of the snapshot any longer. */
  readonly others: LineKey[];
  /**
   * Per decision: ordinal of its session, or beyond those of `others`; form; basic, supplementary, insured, refused, undecided; paid to the
   * provider, claimed from the insured; the reason's numbers; position (-1 = none) and cents per unit.
   */
  readonly cells: number[];
}

const [LINE, FORM, BASIC, SUPPLEMENTARY, INSURED, REFUSED, UNDECIDED, PAID, CLAIMED, NUMBERS] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
] as const;
const NO_POSITION = -1;

export class DecisionTableWriter {
  readonly table: DecisionTable = { forms: [], others: [], cells: [] };
  readonly #forms = new Map<string, number>();

  /** @param ordinals of the snapshot's sessions, of which there are `sessions`: two trajectories may hold one key */
  constructor(
    private readonly ordinals: ReadonlyMap<LineKey, number>,
    private readonly sessions: number,
  ) {}

  add(decision: LineDecision): void {
    const { forms, others, cells } = this.table;
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
    let index = this.#forms.get(text);
    if (index === undefined) {
      index = forms.push(form) - 1;
      this.#forms.set(text, index);
    }
    const ordinal = this.ordinals.get(line) ?? this.sessions + others.push(line) - 1;
    cells.push(ordinal, index, split.basic, split.supplementary, split.insured, split.refused, split.undecided);
    cells.push(decision.paidToProvider, decision.claimFromInsured);
    cells.push(...numbers.map(([, value]) => value as number));
    cells.push(...decision.units.flatMap(({ position, cents }) => [position ?? NO_POSITION, cents]));
  }
}

/** Where a decision's numbers begin in the table, by line; never changed. */
export class DecisionRows {
  readonly #starts = new Map<LineKey, number>();

  /** @param lines keys of the snapshot's sessions, by ordinal */
  constructor(
    private readonly table: DecisionTable,
    lines: readonly LineKey[],
  ) {
    const { cells, forms, others } = table;
    let at = 0;
    while (at < cells.length) {
      const ordinal = cells[at + LINE] as number;
      this.#starts.set((ordinal < lines.length ? lines[ordinal] : others[ordinal - lines.length]) as LineKey, at);
      const form = forms[cells[at + FORM] as number] as DecisionForm;
      at += NUMBERS + form.numbers.length + 2 * form.units.length;
    }
  }

  get size(): number {
    return this.#starts.size;
  }

  has(line: LineKey): boolean {
    return this.#starts.has(line);
  }

  lines(): MapIterator<LineKey> {
    return this.#starts.keys();
  }

  decision(line: LineKey): LineDecision | undefined {
    const start = this.#starts.get(line);
    if (start === undefined) return undefined;
    const cell = (i: number): number => this.table.cells[start + i] as number;
    const { rule, fixed, numbers, units, ...form } = this.table.forms[cell(FORM)] as DecisionForm;
    const values: Record<string, Value> = { ...fixed };
    numbers.forEach((name, i) => (values[name] = cell(NUMBERS + i)));
    const firstUnit = NUMBERS + numbers.length;
    return {
      line,
      ...form,
      units: units.map(({ purse, rule: unitRule }, i) => {
        const position = cell(firstUnit + 2 * i);
        return {
          position: position === NO_POSITION ? null : position,
          purse,
          cents: cell(firstUnit + 2 * i + 1),
          rule: unitRule,
        };
      }),
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
    const start = this.#starts.get(line);
    if (start === undefined) return undefined;
    const cell = (i: number): number => this.table.cells[start + i] as number;
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
    const start = this.#starts.get(decision.line);
    if (start === undefined) return false;
    const { cells, forms } = this.table;
    const form = forms[cells[start + FORM] as number] as DecisionForm;
    const { split, reason, units } = decision;
    if (
      cells[start + BASIC] !== split.basic ||
      cells[start + SUPPLEMENTARY] !== split.supplementary ||
      cells[start + INSURED] !== split.insured ||
      cells[start + REFUSED] !== split.refused ||
      cells[start + UNDECIDED] !== split.undecided ||
      cells[start + PAID] !== decision.paidToProvider ||
      cells[start + CLAIMED] !== decision.claimFromInsured ||
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
    for (let i = 0; i < numbers.length; i += 1)
      if (cells[start + NUMBERS + i] !== reason.values[numbers[i] as string]) return false;
    let values = 0;
    for (const _ in reason.values) values += 1;
    if (values !== fixed + numbers.length) return false;
    for (let i = 0, at = start + NUMBERS + numbers.length; i < units.length; i += 1, at += 2) {
      const unit = units[i] as LineDecision['units'][number];
      const shared = form.units[i] as DecisionForm['units'][number];
      if (
        cells[at] !== (unit.position ?? NO_POSITION) ||
        cells[at + 1] !== unit.cents ||
        shared.purse !== unit.purse ||
        shared.rule !== unit.rule
      )
        return false;
    }
    return true;
  }
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

export const NO_ROWS = new DecisionRows({ forms: [], others: [], cells: [] }, []);
