import { InvalidArgumentError } from 'commander';
import { FIELDS } from '#libs/dossiers';

/** An option that takes a day. */
export function dateOf(text: string): string {
  const parsed = FIELDS.date.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('give a date that exists, as YYYY-MM-DD');
  return parsed.data;
}
