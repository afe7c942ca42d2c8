import { countedTogether } from '#libs/coverage';
import { OVERRIDDEN, type HistoryFact, type HistoryImportId, type LineDecision } from '#libs/trajectory';
import { overlap } from '../calendar';
import type { PlannedEffects } from '../person/command';
import type { Preview, PreviewWarning } from './shape';
import { verifiedFalls } from './verified-count';

type Shown = Pick<Preview, 'lines' | 'beyondCommand' | 'packages' | 'newlyHeld' | 'totals'>;

/** @returns in a fixed order, one of a kind */
export function warningsOf(effects: PlannedEffects, shown: Shown): PreviewWarning[] {
  const { state, settlement } = effects;
  const { lines, beyondCommand, packages, newlyHeld, totals } = shown;
  const newlyFlagged = (flag: string): number =>
    settlement.decisions.filter(
      ({ line, flags }) => flags.includes(flag) && state.decisions.get(line)?.flags.includes(flag) !== true,
    ).length;
  const beyond = beyondCommand.reduce((sum, each) => sum + each.lines, 0);
  const third = beyondCommand.filter((each) => each.practiceIsThird).length;
  const closed = packages.filter((each) => each.closed);
  const below = newlyFlagged('history-below-own');
  const falls = verifiedFalls(effects, lines).length;
  const dates = newlyFlagged('date-to-confirm');
  const unknown = newlyFlagged('package-unknown');
  const overlapping = overlappingHistories(effects);
  const overridden = touchedOverrides(state, settlement.decisions);
  const warnings: readonly (PreviewWarning | false)[] = [
    lines.length === 0 && { code: 'no-effect', value: 0, text: 'No line is decided otherwise by this.' },
    beyond > 0 && {
      code: 'money-beyond-command',
      value: beyond,
      text: `${beyond} lines move in trajectories that the correction does not speak of${third > 0 ? `, of ${third} practices that have no part in it` : ''}.`,
    },
    closed.length > 0 && {
      code: 'closed-year',
      value: closed.length,
      text: `A supplementary year that is closed moves: ${[...new Set(closed.map((each) => each.year))].join(', ')}.`,
    },
    newlyHeld.length > 0 && {
      code: 'newly-held',
      value: newlyHeld.length,
      text: `${newlyHeld.length} lines that were decided are held until a history answers.`,
    },
    totals.paidToProvider < 0 && {
      code: 'taken-from-provider',
      value: -totals.paidToProvider,
      text: `${-totals.paidToProvider} cents that providers were granted are taken back.`,
    },
    totals.claimFromInsured > 0 && {
      code: 'claimed-from-insured',
      value: totals.claimFromInsured,
      text: `${totals.claimFromInsured} cents are newly claimed from the insured.`,
    },
    below > 0 && {
      code: 'history-below-own',
      value: below,
      text: 'The stated number of sessions is lower than what was declared here; positions stop at what is stated.',
    },
    overlapping.length > 0 && {
      code: 'history-overlaps',
      value: overlapping.reduce((sum, each) => sum + each.count, 0),
      text:
        `The stated period overlaps that of ${overlapping.length === 1 ? 'a history that is' : `${overlapping.length} histories that are`} in effect ` +
        `(${overlapping.map((each) => `${each.count} sessions from ${each.startedOn} through ${each.throughDate}`).join('; ')}), and their sessions are added up. ` +
        'Where they are the same sessions, let this one supersede it, or retract it.',
    },
    unknown > 0 && {
      code: 'package-unknown',
      value: unknown,
      text: `${unknown} lines fall in a package that the policy files of its insurer do not know, so it bears nothing; check its name.`,
    },
    falls > 0 && {
      code: 'verified-count-falls',
      value: falls,
      text: `${falls} lines go back behind a history that was verified; a second person must agree.`,
    },
    dates > 0 && {
      code: 'date-to-confirm',
      value: dates,
      text: `${dates} lines rest on a date that nobody has stated; it counts as met until it is.`,
    },
    overridden > 0 && {
      code: 'line-overridden',
      value: overridden,
      text: `${overridden} lines that it would decide otherwise are set by hand: their money follows what was set, as long as that is in effect and they are valid.`,
    },
  ];
  return warnings.filter((each): each is PreviewWarning => each !== false);
}

/**
 * Histories in effect of sessions elsewhere whose period overlaps that of a planned one of the same kind, in trajectories that count together: two practices may
 * have treated in turn, or one form came twice.
 */
function overlappingHistories({ state, facts, book }: PlannedEffects): readonly HistoryFact[] {
  const found = new Map<HistoryImportId, HistoryFact>();
  for (const [id, events] of facts.trajectories)
    for (const planned of events) {
      if (planned.type !== 'HistoryImported.v2' || planned.data.scope !== 'elsewhere') continue;
      for (const { histories } of countedTogether(state.facts, id, book))
        for (const each of histories)
          if (
            each.scope === 'elsewhere' &&
            each.importId !== planned.data.importId &&
            overlap(spanOf(each), spanOf(planned.data))
          )
            found.set(each.importId, each);
    }
  return [...found.values()];
}

const spanOf = ({ startedOn, throughDate }: HistoryFact) => ({ from: startedOn, through: throughDate });

/** Lines whose decision was set by hand, still is, and that would be decided otherwise beneath it. */
function touchedOverrides({ facts, decisions }: PlannedEffects['state'], decided: readonly LineDecision[]): number {
  const inEffect = new Set([...facts.trajectories.values()].flatMap(({ overrides }) => [...overrides.keys()]));
  return decided.filter(({ line }) => inEffect.has(line) && decisions.get(line)?.reason.rule === OVERRIDDEN).length;
}
