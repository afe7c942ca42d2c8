/** What the person's other counting groups mean for a line: entitlement left for a 009 line, one item under two codes. */
import type { Regime } from '#libs/trajectory';
import type { Condition, IndicationInfo, PolicyBook } from '../policy/book';
import { nextPosition } from './group';
import { capOf, isWindowed, usedOf } from './entitlement';
import { termOf } from './term';
import type { Group, ValidWork, Work } from './work';

export class Siblings {
  constructor(
    private readonly groups: readonly Group[],
    private readonly book: PolicyBook,
  ) {}

  /** A 009 line whose code opens an entitlement that, on this date and so far, is neither used up nor run out. */
  hasUnspentEntitlement(work: ValidWork, adult: boolean): boolean {
    const diagnosis = work.diagnosis;
    if (diagnosis === null) return false;
    const mask = adult
      ? diagnosis.adultMask
      : work.performance.therapy === 'exercise'
        ? diagnosis.childExerciseMask
        : diagnosis.childPhysiotherapyMask;
    const date = work.session.date;
    for (const indication of this.book.indications.values()) {
      if ((mask & indication.bit) === 0) continue;
      if (date < indication.from || date > indication.through) continue;
      const group = this.groupOf(indication.regime, diagnosis.code, date);
      const confirmed = diagnosis.items.find((item) => item.id === group?.stated.confirmedItem);
      const condition =
        indication.regime === 'annex' ? (confirmed ?? diagnosis.items[0]) : this.book.conditionOfRegime.get(indication.regime);
      if (condition !== undefined && this.isUnspent(work, indication, condition, group)) return true;
    }
    return false;
  }

  /** The counting group of the code: of its episodes the last that has begun on the date. */
  private groupOf(regime: Regime, diagnosis: string, date: string): Group | undefined {
    return this.groups.findLast(
      (each) => each.regime === regime && each.diagnoses.has(diagnosis) && each.start !== '' && each.episodeFrom <= date,
    );
  }

  private isUnspent(work: Work, indication: IndicationInfo, condition: Condition, group: Group | undefined): boolean {
    const { date, ageYears } = work.session;
    const terms = condition.terms.at(date);
    if (ageYears >= terms.ageBelow || (terms.endsOn !== null && date >= terms.endsOn)) return false;
    if (group === undefined) return terms.noStartFrom === null || date < terms.noStartFrom;
    const { end } = termOf(group, { condition, terms });
    if (end !== '' && date >= end) return false;
    const cap = capOf(group, terms, indication.careClass);
    if (cap === null) return true;
    return (isWindowed(terms) && date >= group.windowEnd) || usedOf(group, terms, nextPosition(group, date)) < cap;
  }

  /** Another group of the person counts the same Annex item under another code and began earlier: perhaps a remap is due. */
  sameItemUnderOtherCode(work: Work): boolean {
    for (const group of this.groups) {
      const first = group.firstWork;
      // episodes of one lineage share its codes
      if (group.diagnoses === work.group.diagnoses || first === null || first.condition !== work.condition) continue;
      if (group.start < work.group.start || (group.start === work.group.start && first.session.line < work.session.line))
        return true;
    }
    return false;
  }
}
