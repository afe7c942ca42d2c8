/** What was booked, against the preview that was agreed to. */
import { isDeepStrictEqual } from 'node:util';
import { effectsDigest, outcomeShown, type Preview } from '#libs/dossiers';
import { effectsOf, type Settlement } from '#libs/settlement';
import type { LineKey, PersonDecided, PersonState } from '#libs/trajectory';
import { mustBe } from './fault';

const PURSES = ['basic', 'supplementary', 'insured', 'paidToProvider', 'claimFromInsured'] as const;
const DECIDED = ['refused', 'undecided'] as const;

/** @returns the lines whose outcome the decision changed, ascending, and the digest of that */
export function mustBeAsPreviewed(
  before: PersonState,
  decided: PersonDecided['data'],
  preview: Pick<Preview, 'lines' | 'totals'>,
): { readonly lines: LineKey[]; readonly digest: string } {
  const settlement: Settlement = decided;
  const effects = effectsOf(before, settlement);
  const moves = effects.map(({ line, before: was, after }) => ({ line, before: outcomeShown(was), after: outcomeShown(after) }));
  const shown = preview.lines.map(({ line, before: was, after }) => ({ line, before: was, after })).sort(byLine);
  mustBe(isDeepStrictEqual(moves, shown), 'the lines that move are those of the preview', () =>
    JSON.stringify({ booked: moves, previewed: shown }),
  );
  for (const field of PURSES) {
    const sum = decided.entries.reduce((cents, entry) => cents + (entry[field] ?? 0), 0);
    mustBe(sum === preview.totals[field], 'the entries add up to the totals of the preview', () => {
      return `${field}: ${sum} booked, ${preview.totals[field]} previewed`;
    });
  }
  for (const field of DECIDED) {
    const sum = effects.reduce((cents, each) => cents + (each.after?.split[field] ?? 0) - (each.before?.split[field] ?? 0), 0);
    mustBe(sum === preview.totals[field], 'the decisions add up to the totals of the preview', () => {
      return `${field}: ${sum} decided, ${preview.totals[field]} previewed`;
    });
  }
  const digest = effectsDigest(decided.policy.digest, effects, settlement);
  return { lines: effects.map(({ line }) => line), digest };
}

const byLine = (one: { readonly line: LineKey }, other: { readonly line: LineKey }): number => (one.line < other.line ? -1 : 1);
