/** Things a decision puts on show or on the work list. A flag never changes cents. */
import type { UnitDecision } from '#libs/trajectory';
import { assertionDiffers } from './hold';
import { NO_FLAGS } from './money';
import type { PackageAnswer } from './package';
import type { Siblings } from './siblings';
import { termOf } from './term';
import type { LineContext, ValidWork } from './work';

export function flagsOf(
  work: ValidWork,
  units: readonly UnitDecision[],
  context: LineContext,
  answer: PackageAnswer | null,
  longSessionDate: boolean,
  siblings: Siblings,
): readonly string[] {
  let flags: string[] | null = null;
  const { session, group, diagnosis, indication } = work;
  const { invoked, adult, asChild, threshold } = context;
  const first = group.firstWork === work;
  if (answer === 'elsewhere') (flags ??= []).push('package-elsewhere');
  if (answer === 'unknown') (flags ??= []).push('package-unknown');
  if (invoked === null) {
    if (siblings.hasUnspentEntitlement(work, adult)) (flags ??= []).push('entitlement-unspent');
    return flags ?? NO_FLAGS;
  }
  if (termOf(group, invoked).dateToConfirm || longSessionDate) (flags ??= []).push('date-to-confirm');
  const from = units[0]?.position ?? 0;
  const to = units.at(-1)?.position ?? 0;
  if (adult && work.units > 0 && assertionDiffers(session.csi, from - asChild, to - asChild, threshold))
    (flags ??= []).push('csi-differs');
  if (first && diagnosis !== null && invoked.condition.regime === 'annex') {
    const { items } = diagnosis;
    const isConfirmed = items.some((item) => item.id === group.stated.confirmedItem);
    if (items.length > 1 && !isConfirmed) (flags ??= []).push('ambiguous-condition');
    if (items.length > 0 && siblings.sameItemUnderOtherCode(work)) (flags ??= []).push('same-item-other-code');
  }
  if (indication?.careClass != null) {
    if (indication.assertsFirstYear !== (group.windowIndex === 0)) (flags ??= []).push('csi-differs');
    if (indication.careClass.id !== work.careClass?.id) (flags ??= []).push('class-differs');
  }
  if (invoked.terms.newEpisodeAllowed && units.some((each) => each.rule === 'past-term'))
    (flags ??= []).push('possible-new-episode');
  if (first && group.statedBelowOwn) (flags ??= []).push('history-below-own');
  if (context.asksHistory) (flags ??= []).push('new-insurance');
  return flags ?? NO_FLAGS;
}
