/**
 * Sessions of a snapshot as a table of few, long columns: JSON reads one array of a thousand numbers much faster than three hundred short
 * ones. Lines of one trajectory differ in reference, date, cents and record; everything else stands once, in a form that many share.
 */
import { lineKey, type ClaimFileId } from '../ids';
import type { SessionFact } from './facts';

/** The compiler holds this against the facts: a new field of a session must be listed here and in `sessionAt`, and FOLD_VERSION raised. */
const FIELDS = {
  practice: 'form',
  reference: 'column',
  date: 'column',
  startTime: 'column',
  list: 'form',
  performance: 'form',
  quantity: 'form',
  diagnosis: 'form',
  csi: 'form',
  side: 'form',
  tariffCents: 'column',
  calculatedCents: 'column',
  declaredCents: 'column',
  insurer: 'form',
  invoice: 'form',
  therapist: 'form',
  authorisation: 'form',
  referralDate: 'form',
  ageYears: 'form',
  deductibleAge: 'form',
  receivedOn: 'form',
  moved: 'form',
} as const satisfies Record<Exclude<keyof SessionFact, 'source' | 'line'>, 'form' | 'column'>;
type FieldOf<Place extends 'form' | 'column'> = {
  [Name in keyof typeof FIELDS]: (typeof FIELDS)[Name] extends Place ? Name : never;
}[keyof typeof FIELDS];
const FORM_FIELDS = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter(
  (name): name is FieldOf<'form'> => FIELDS[name] === 'form',
);

interface SessionForm {
  readonly fields: Pick<SessionFact, FieldOf<'form'>>;
  readonly source: { readonly file: ClaimFileId } | { readonly command: string };
}

export interface SessionTable {
  readonly forms: SessionForm[];
  readonly references: string[];
  readonly dates: string[];
  /** Form, tariff, calculated, declared, record of the file (0 for a command): five numbers a session. */
  readonly cells: number[];
  /** Ordinal and start time, of the few sessions that have one. */
  readonly startTimes: [number, string][];
}

const CELLS = 5;

export class SessionTableWriter {
  readonly table: SessionTable = { forms: [], references: [], dates: [], cells: [], startTimes: [] };
  readonly #forms = new Map<string, number>();

  add(session: SessionFact): void {
    const { table } = this;
    const { source } = session;
    const fields = Object.fromEntries(FORM_FIELDS.map((name) => [name, session[name]])) as SessionForm['fields'];
    const form: SessionForm = { fields, source: 'file' in source ? { file: source.file } : { command: source.command } };
    const text = JSON.stringify(form);
    let index = this.#forms.get(text);
    if (index === undefined) {
      index = table.forms.push(form) - 1;
      this.#forms.set(text, index);
    }
    if (session.startTime !== undefined) table.startTimes.push([table.dates.length, session.startTime]);
    table.references.push(session.reference);
    table.dates.push(session.date);
    const record = 'file' in source ? source.record : 0;
    table.cells.push(index, session.tariffCents, session.calculatedCents, session.declaredCents, record);
  }
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** The sessions of a table, in its order. */
export function sessionsOf(table: SessionTable): SessionFact[] {
  const sessions: Mutable<SessionFact>[] = table.references.map((reference, i) => sessionAt(table, reference, i));
  for (const [i, time] of table.startTimes) (sessions[i] as Mutable<SessionFact>).startTime = time;
  return sessions;
}

/**
 * Written field by field: an object that is made by spreading a form becomes a hash table in V8, and the engine reads those three
 * times slower.
 */
function sessionAt({ forms, dates, cells }: SessionTable, reference: string, i: number): Mutable<SessionFact> {
  const at = CELLS * i;
  const { fields, source } = forms[cells[at] as number] as SessionForm;
  const session: Mutable<SessionFact> = {
    practice: fields.practice,
    reference,
    date: dates[i] as string,
    list: fields.list,
    performance: fields.performance,
    quantity: fields.quantity,
    diagnosis: fields.diagnosis,
    csi: fields.csi,
    tariffCents: cells[at + 1] as number,
    calculatedCents: cells[at + 2] as number,
    declaredCents: cells[at + 3] as number,
    insurer: fields.insurer,
    invoice: fields.invoice,
    ageYears: fields.ageYears,
    deductibleAge: fields.deductibleAge,
    receivedOn: fields.receivedOn,
    source: 'file' in source ? { file: source.file, record: cells[at + 4] as number } : source,
    line: lineKey(fields.practice, reference),
  };
  if (fields.side !== undefined) session.side = fields.side;
  if (fields.therapist !== undefined) session.therapist = fields.therapist;
  if (fields.authorisation !== undefined) session.authorisation = fields.authorisation;
  if (fields.referralDate !== undefined) session.referralDate = fields.referralDate;
  if (fields.moved !== undefined) session.moved = fields.moved;
  return session;
}
