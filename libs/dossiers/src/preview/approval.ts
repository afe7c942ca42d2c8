/** When a correction needs a second person: the policy of the day on which it is made says so. */
import type { CorrectionRules } from '#libs/coverage';
import type { PlannedEffects } from '../person/command';
import type { ApprovalReason, Outcome, Preview } from './shape';
import { endedVerified, verifiedFalls } from './verified-count';

type Shown = Pick<Preview, 'lines' | 'packages' | 'beyondCommand'>;

export function reasonsForApproval(effects: PlannedEffects, shown: Shown, rules: CorrectionRules): ApprovalReason[] {
  const { approval } = rules;
  const reasons: ApprovalReason[] = [];
  const needed = (code: ApprovalReason['code'], value: number | null = null, limit: number | null = null): void =>
    void reasons.push({ code, value, limit });
  const sessions = shown.lines.reduce((sum, { before, after }) => sum + ((after ?? before)?.sessions.length ?? 0), 0);
  if (sessions > approval.sessionsAbove) needed('sessions-above', sessions, approval.sessionsAbove);
  const cents = shown.lines.reduce((sum, { before, after }) => sum + centsMoved(before, after), 0);
  if (cents > approval.centsAbove) needed('cents-above', cents, approval.centsAbove);
  const closed = shown.packages.find((each) => each.closed);
  if (closed !== undefined) needed('closed-year', Number(closed.year), rules.closedYearsThrough);
  if (approval.beyondCommand && shown.beyondCommand.length > 0)
    needed(
      'beyond-command',
      shown.beyondCommand.reduce((sum, { lines }) => sum + lines, 0),
    );
  const ended = endedVerified(effects, [...effects.facts.trajectories.values()].flat());
  if (approval.verifiedHistoryRetracted && ended.length > 0) needed('verified-history-retracted');
  const falls = verifiedFalls(effects, shown.lines).length;
  // no policy may switch this off
  if (falls > 0) needed('verified-count-falls', falls);
  if (approval.historyBelowOwn && becomesBelowOwn(effects)) needed('history-below-own');
  if (setsByHand(effects)) needed('override');
  return reasons;
}

/** Cents that are on another purse than before, or on none. */
function centsMoved(before: Outcome | null, after: Outcome | null): number {
  const gained = (['basic', 'supplementary', 'insured'] as const).map((purse) => (after?.[purse] ?? 0) - (before?.[purse] ?? 0));
  const sumOf = (sign: 1 | -1): number => gained.reduce((sum, cents) => sum + Math.max(0, sign * cents), 0);
  return Math.max(sumOf(1), sumOf(-1));
}

const setsByHand = ({ facts }: PlannedEffects): boolean =>
  [...facts.trajectories.values()].flat().some(({ type }) => type === 'DecisionOverridden.v1');

const BELOW_OWN = 'history-below-own';

/** Whether a decision newly shows that a stated whole lies below our own sessions. */
const becomesBelowOwn = ({ state, settlement }: PlannedEffects): boolean =>
  settlement.decisions.some(
    ({ line, flags }) => flags.includes(BELOW_OWN) && state.decisions.get(line)?.flags.includes(BELOW_OWN) !== true,
  );
