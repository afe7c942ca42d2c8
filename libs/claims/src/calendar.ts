/** Dates as eight digits (CCYYMMDD) in messages and as `YYYY-MM-DD` outside them. */
const ZERO = 48;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function daysInMonth(year: number, month: number): number {
  if (month === 2 && (year % 4 === 0 ? year % 100 !== 0 || year % 400 === 0 : false)) return 29;
  return DAYS[month - 1] ?? 0;
}

/** The digits of a text as a number, or -1 when any character is not a digit. */
export function digitsOf(text: string): number {
  let value = 0;
  for (let index = 0; index < text.length; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return text.length === 0 ? -1 : value;
}

/** `YYYY-MM-DD` of eight digits that are a date of the calendar from 1800 to 2199; otherwise null. */
export function dateOf(text: string): string | null {
  const value = digitsOf(text);
  if (text.length !== 8 || value < 18000101) return null;
  const year = Math.floor(value / 10000);
  const month = Math.floor(value / 100) % 100;
  const day = value % 100;
  if (year > 2199 || day < 1 || day > daysInMonth(year, month)) return null;
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** Whether an N field that may stay empty is empty: zeros, or spaces, which some senders write. */
export function isEmptyNumber(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character !== ZERO && character !== 32) return false;
  }
  return true;
}
