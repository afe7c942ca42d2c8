/** Step 1: who insures on a date, as the dossier's insurance periods alone say. */
import type { PersonFacts } from '#libs/trajectory';
import { dayAfter } from '../calendar';
import type { Insurer, PolicyBook } from '../policy/book';
import { compare } from './compare';

/** An unbroken stretch at one insurer; labels of one concern are one insurer, so their adjoining periods are joined. */
export interface Spell {
  readonly from: string;
  through: string;
  readonly insurer: Insurer;
}

const OPEN = '9999-12-31';

/** The person's spells at insurers of this policy book, by date. Periods at other insurers are outside ours. */
export function spellsOf(facts: PersonFacts, book: PolicyBook): Spell[] {
  const spells: Spell[] = [];
  for (const period of facts.insurance.toSorted((a, b) => compare(a.from, b.from))) {
    const insurer = book.insurers.get(period.insurer);
    if (insurer === undefined) continue;
    const through = period.through ?? OPEN;
    const last = spells[spells.length - 1];
    const joins =
      last !== undefined && last.insurer === insurer && last.through !== OPEN && dayAfter(last.through) >= period.from;
    if (!joins) spells.push({ from: period.from, through, insurer });
    else if (through > last.through) last.through = through;
  }
  return spells;
}

/** The spell that contains the date, or null. */
export function spellOn(spells: readonly Spell[], date: string): Spell | null {
  for (const spell of spells) if (spell.from <= date && date <= spell.through) return spell;
  return null;
}
