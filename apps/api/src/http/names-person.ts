import { isValidBsn } from '#libs/claims';

/** Whether the text holds what looks like a BSN: nine digits set apart that pass its test. The sections of a UUID never are. */
export const namesPerson = (text: string): boolean =>
  (text.match(/(?<![0-9A-Za-z])\d{9}(?![0-9A-Za-z])/g) ?? []).some(isValidBsn);
