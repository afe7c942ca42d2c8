/** Whether the text is a date that exists, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

export interface Period {
  readonly from: string;
  readonly through: string | null;
}

/** Whether two periods with inclusive ends share a day. */
export const overlap = (a: Period, b: Period): boolean =>
  (a.through === null || b.from <= a.through) && (b.through === null || a.from <= b.through);
