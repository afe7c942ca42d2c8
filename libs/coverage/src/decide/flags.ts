/** Things a decision puts on show or on the work list. A flag never changes cents. */
import type { UnitDecision } from '#libs/trajectory';
import { assertionDiffers } from './hold';
import { NO_FLAGS } from './money';
import type { PackageAnswer } from './package';
import type { Siblings } from './siblings';
import { termOf } from './term';
import type { LineContext, Work } from './work';

export function flagsOf(
  work: Work,
  units: readonly UnitDecision[],
  context: LineContext,
  answer: PackageAnswer | null,
  longSessionDate: boolean,
  siblings: Siblings,
): readonly string[] {
  let flags: string[] | null = null;
  const { session, group } = work;
  const { terms, adult, asChild, threshold } = context;
  const first = group.firstWork === work;
  if (answer === 'elsewhere') (flags ??= []).push('package-elsewhere');
  if (answer === 'unknown') (flags ??= []).push('package-unknown');
  if (work.condition === null) {
    if (siblings.hasUnspentEntitlement(work, adult)) (flags ??= []).push('entitlement-unspent');
    return flags ?? NO_FLAGS;
  }
  if ((terms !== null && termOf(group, work.condition, terms).dateToConfirm) || longSessionDate)
    (flags ??= []).push('date-to-confirm');
  const from = units[0]?.position;
  const to = units[units.length - 1]?.position;
  if (work.condition.regime === 'annex') {
    if (adult && typeof from === 'number' && typeof to === 'number') {
      if (assertionDiffers(session.csi, from - asChild, to - asChild, threshold)) (flags ??= []).push('csi-differs');
    }
    const items = work.diagnosis?.items ?? [];
    const isConfirmed = items.some((item) => item.id === group.stated.confirmedItem);
    if (first && items.length > 1 && !isConfirmed) (flags ??= []).push('ambiguous-condition');
    if (first && siblings.sameItemUnderOtherCode(work)) (flags ??= []).push('same-item-other-code');
  }
  const asserted = work.indication?.careClass ?? null;
  if (asserted !== null && work.indication?.assertsFirstYear !== group.windowIndex <= 0) (flags ??= []).push('csi-differs');
  if (asserted !== null && work.careClass !== null && asserted.id !== work.careClass.id) (flags ??= []).push('class-differs');
  if (terms?.newEpisodeAllowed === true && units.some((each) => each.rule === 'past-term'))
    (flags ??= []).push('possible-new-episode');
  if (first && group.statedBelowOwn) (flags ??= []).push('history-below-own');
  return flags ?? NO_FLAGS;
}
