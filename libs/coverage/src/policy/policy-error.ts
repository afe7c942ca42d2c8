/** A policy document that contradicts itself: names the part and what is wrong. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}
