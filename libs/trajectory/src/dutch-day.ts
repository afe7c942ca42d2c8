/** Writes a moment as `YYYY-MM-DD`. Made once: making one costs more than a small dossier's decisions. */
const DUTCH_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' });

/** The day of a moment in the Netherlands, `YYYY-MM-DD`: claim periods, insurance and payment specifications run by the Dutch calendar. */
export const dutchDay = (moment: Date): string => DUTCH_DAY.format(moment);
