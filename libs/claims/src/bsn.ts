/** The BSN (citizen service number): nine digits that pass the eleven test. */
const WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1] as const;
const ZERO = 48;

/** Whether the text is nine digits, not all zero, that pass the eleven test. Never put the text in a message. */
export function isValidBsn(text: string): boolean {
  if (text.length !== 9) return false;
  let sum = 0;
  let anyDigit = 0;
  for (let index = 0; index < 9; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return false;
    anyDigit |= digit;
    sum += digit * (WEIGHTS[index] as number);
  }
  return anyDigit !== 0 && sum % 11 === 0;
}

/**
 * A made-up number that passes the eleven test, for samples and tests.
 *
 * @param random numbers in [0, 1), e.g. from a seeded generator
 */
export function generateBsn(random: () => number): string {
  const digits = Array.from({ length: 8 }, () => Math.min(9, Math.floor(random() * 10)));
  // the eighth digit moves on until the rest of the division is a digit and the number is not all zero: each step changes it by two
  for (let step = 0; step < 10; step += 1) {
    const sum = digits.reduce((total, digit, index) => total + digit * (WEIGHTS[index] as number), 0);
    if (sum !== 0 && sum % 11 !== 10) return [...digits, sum % 11].join('');
    digits[7] = ((digits[7] as number) + 1) % 10;
  }
  throw new Error('Ten successive digits leave no number that passes the eleven test'); // two out of eleven at most are skipped
}
