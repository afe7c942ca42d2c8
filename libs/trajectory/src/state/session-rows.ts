/**
 * Sessions of a snapshot as rows. Lines of one trajectory differ in reference, date, cents and record; everything else stands once, in a
 * form that many rows point to.
 */
import { lineKey, type ClaimFileId } from '../ids';
import type { SessionFact } from './facts';

/** The compiler holds this against the facts: a new field of a session must be listed here, and FOLD_VERSION raised. */
const FIELDS = {
  practice: 'form',
  reference: 'row',
  date: 'row',
  startTime: 'row',
  list: 'form',
  performance: 'form',
  quantity: 'form',
  diagnosis: 'form',
  csi: 'form',
  side: 'form',
  tariffCents: 'row',
  calculatedCents: 'row',
  declaredCents: 'row',
  insurer: 'form',
  invoice: 'form',
  therapist: 'form',
  authorisation: 'form',
  referralDate: 'form',
  ageYears: 'form',
  deductibleAge: 'form',
  receivedOn: 'form',
} as const satisfies Record<Exclude<keyof SessionFact, 'source' | 'line'>, 'form' | 'row'>;
type FieldOf<Place extends 'form' | 'row'> = {
  [Name in keyof typeof FIELDS]: (typeof FIELDS)[Name] extends Place ? Name : never;
}[keyof typeof FIELDS];
const FORM_FIELDS = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).filter(
  (name): name is FieldOf<'form'> => FIELDS[name] === 'form',
);

export interface SessionForm {
  readonly fields: Pick<SessionFact, FieldOf<'form'>>;
  /** The file of the lines; null for lines that came by command. */
  readonly file: ClaimFileId | null;
}

/** Form, reference, date, tariff, calculated, declared, record of the file or command; start time if given. */
export type SessionRow = readonly [number, string, string, number, number, number, number | string, string?];

export class SessionRowWriter {
  readonly forms: SessionForm[] = [];
  readonly #index = new Map<string, number>();

  row(session: SessionFact): SessionRow {
    const { reference, date, startTime, tariffCents, calculatedCents, declaredCents, source } = session;
    const fields = Object.fromEntries(FORM_FIELDS.map((name) => [name, session[name]])) as SessionForm['fields'];
    const form: SessionForm = { fields, file: 'file' in source ? source.file : null };
    const text = JSON.stringify(form);
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.forms.push(form) - 1;
      this.#index.set(text, index);
    }
    const origin = 'file' in source ? source.record : source.command;
    const cells = [index, reference, date, tariffCents, calculatedCents, declaredCents, origin] as const;
    return startTime === undefined ? cells : [...cells, startTime];
  }
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * The session of a row. Written field by field: an object that is made by spreading a form becomes a hash table in V8, and the engine
 * reads those three times slower.
 */
export function sessionOf(row: SessionRow, forms: readonly SessionForm[]): SessionFact {
  const { fields, file } = forms[row[0]] as SessionForm;
  const [reference, startTime] = [row[1], row[7]];
  const session: Mutable<SessionFact> = {
    practice: fields.practice,
    reference,
    date: row[2],
    list: fields.list,
    performance: fields.performance,
    quantity: fields.quantity,
    diagnosis: fields.diagnosis,
    csi: fields.csi,
    tariffCents: row[3],
    calculatedCents: row[4],
    declaredCents: row[5],
    insurer: fields.insurer,
    invoice: fields.invoice,
    ageYears: fields.ageYears,
    deductibleAge: fields.deductibleAge,
    receivedOn: fields.receivedOn,
    source: file === null ? { command: row[6] as string } : { file, record: row[6] as number },
    line: lineKey(fields.practice, reference),
  };
  if (startTime !== undefined) session.startTime = startTime;
  if (fields.side !== undefined) session.side = fields.side;
  if (fields.therapist !== undefined) session.therapist = fields.therapist;
  if (fields.authorisation !== undefined) session.authorisation = fields.authorisation;
  if (fields.referralDate !== undefined) session.referralDate = fields.referralDate;
  return session;
}
