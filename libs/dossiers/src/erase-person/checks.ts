import { isValidBsn } from '#libs/claims';
import { isDate } from '../calendar';
import type { Refusal } from '../refusal';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** One line without control characters. */
const LINE = /^[^\p{Cc}]*$/u;
const USER_LIMIT = 100;
const REASON_LIMIT = 200;

const namesBsn = (text: string): boolean => (text.match(/(?<!\d)\d{9}(?!\d)/g) ?? []).some(isValidBsn);

export const checkId = (id: string, field: string): Refusal[] =>
  UUID.test(id) ? [] : [{ code: 'id-invalid', field, problem: 'give an id as another command prints it, a UUID' }];

/** Who does it: kept with what was done, so a user and never a person of the dossiers. */
export const checkUser = (user: string): Refusal[] =>
  user.trim() !== '' && user.length <= USER_LIMIT && LINE.test(user) && !namesBsn(user)
    ? []
    : [{ code: 'user-invalid', field: 'by', problem: `name a user in 1 to ${USER_LIMIT} characters on one line` }];

/** It is kept after the erasure, so it must not say whom it was about. */
export function checkReason(reason: string): Refusal[] {
  if (namesBsn(reason))
    return [
      { code: 'reason-names-person', field: 'reason', problem: 'it holds what looks like a BSN; it is kept, leave that out' },
    ];
  return reason.trim() !== '' && reason.length <= REASON_LIMIT && LINE.test(reason)
    ? []
    : [{ code: 'reason-invalid', field: 'reason', problem: `give a reason in 1 to ${REASON_LIMIT} characters on one line` }];
}

/** A day that is not over. */
export function checkDay(day: string, field: string, today: string): Refusal[] {
  if (!isDate(day)) return [{ code: 'date-invalid', field, problem: 'give a date that exists, as YYYY-MM-DD' }];
  return day >= today ? [] : [{ code: 'date-past', field, problem: `the day is over; give ${today} or a later one` }];
}
