/** Makes the preview of what a command would do. */
import { derivedSplit } from '#libs/coverage';
import { effectsOf, type LineEffect } from '#libs/settlement';
import { isHeld, type IsoDate, type LineDecision, type LineKey } from '#libs/trajectory';
import type { PlannedEffects } from '../person/command';
import { digestOfBoth, effectsDigest } from './digest';
import { declaredLines, type DeclaredLine } from './declared-lines';
import { packageUseMoved } from './package-use';
import { beyondTheCommand } from './beyond-command';
import { reasonsForApproval } from './approval';
import type { ApprovalReason, LineMove, Outcome, Preview, Totals } from './shape';
import { warningsOf } from './warnings';

/** @param today `YYYY-MM-DD`: the rules for corrections are those of the day on which they are made */
export function previewOf(effects: PlannedEffects, today: IsoDate): Preview {
  const own = previewOfPerson(effects, today);
  if (effects.receiving === undefined) return { ...own, receiving: null };
  const { digest, policy: _, ...theirs } = previewOfPerson(effects.receiving, today);
  const codes = new Set(own.needsApproval.map(({ code }) => code));
  const needsApproval: readonly ApprovalReason[] = [
    { code: 'other-person', value: null, limit: null },
    ...own.needsApproval,
    ...theirs.needsApproval.filter(({ code }) => !codes.has(code)),
  ];
  const receiving = { personId: effects.receiving.state.facts.personId, ...theirs };
  return { ...own, digest: digestOfBoth(own.digest, digest), needsApproval, receiving };
}

function previewOfPerson(effects: PlannedEffects, today: IsoDate): Omit<Preview, 'receiving'> {
  const { state, facts, packagesBefore, settlement, book } = effects;
  const lines = declaredLines(state);
  const moved = effectsOf(state, settlement);
  const moves = moved.map((each) => moveOf(each, lines.get(each.line) as DeclaredLine)).sort(byDate);
  const released = new Set(
    moved
      .filter(({ before, after }) => before !== null && isHeld(before) && after !== null && !isHeld(after))
      .map(({ line }) => line),
  );
  const touched = new Set(facts.trajectories.keys());
  const rules = book.corrections.at(today);
  const shown = {
    policy: { digest: book.digest, version: book.version },
    recordsFacts: facts.dossier.length > 0 || facts.trajectories.size > 0,
    lines: moves,
    released: moves.filter(({ line }) => released.has(line)).map(keyOf),
    newlyHeld: moves.filter(({ before, after }) => before?.status !== 'held' && after?.status === 'held').map(keyOf),
    totals: totalsOf(moves),
    years: yearsOf(moves, rules.closedYearsThrough),
    packages: packageUseMoved(packagesBefore, state.facts.packages, moves, rules.closedYearsThrough),
    beyondCommand: beyondTheCommand(state.facts, moves, touched, book),
  };
  const warnings = warningsOf(effects, shown);
  return {
    digest: effectsDigest(book.digest, moved, settlement),
    ...shown,
    warnings,
    needsApproval: reasonsForApproval(effects, shown, rules),
  };
}

const keyOf = ({ line }: LineMove): LineKey => line;

const byDate = (a: LineMove, b: LineMove): number => (a.date < b.date || (a.date === b.date && a.line < b.line) ? -1 : 1);

function moveOf({ line, before, after }: LineEffect, { session, trajectory }: DeclaredLine): LineMove {
  const { practice, reference, date, diagnosis } = session;
  return { line, practice, reference, date, diagnosis, trajectory, before: outcomeShown(before), after: outcomeShown(after) };
}

/** What is decided of a line, as previews and dossiers show it. */
export function outcomeShown(decision: LineDecision | null): Outcome | null {
  if (decision === null) return null;
  const { status, condition, units, split, paidToProvider, claimFromInsured, codes, deductible, reason } = decision;
  // field by field: twice for each of hundreds of lines, and an object that is spread together takes several times as long
  return {
    status,
    condition,
    sessions: units.map(({ position, purse, cents }) => ({ position, purse, cents })),
    basic: split.basic,
    supplementary: split.supplementary,
    insured: split.insured,
    refused: split.refused,
    undecided: split.undecided,
    paidToProvider,
    claimFromInsured,
    codes,
    deductible,
    rule: reason.rule,
    overridden: overriddenShown(reason),
  };
}

function overriddenShown(reason: LineDecision['reason']): Outcome['overridden'] {
  const derived = derivedSplit(reason);
  if (derived === null) return null;
  const { overriddenThrough, derivedStatus, derivedRule } = reason.values;
  const status = derivedStatus === 'held' ? 'held' : 'decided';
  return { through: String(overriddenThrough), status, rule: String(derivedRule), ...derived };
}

const CENTS = ['basic', 'supplementary', 'insured', 'refused', 'undecided', 'paidToProvider', 'claimFromInsured'] as const;

function totalsOf(moves: readonly LineMove[]): Totals {
  const totals = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0, paidToProvider: 0, claimFromInsured: 0 };
  for (const { before, after } of moves)
    for (const field of CENTS) totals[field] += (after?.[field] ?? 0) - (before?.[field] ?? 0);
  return totals;
}

function yearsOf(moves: readonly LineMove[], closedThrough: number): Preview['years'] {
  const lines = new Map<string, number>();
  for (const { date } of moves) lines.set(date.slice(0, 4), (lines.get(date.slice(0, 4)) ?? 0) + 1);
  return [...lines].sort().map(([year, count]) => ({ year, lines: count, closed: Number(year) <= closedThrough }));
}
