/** Which of the two forms of an answer its caller prefers (RFC 9110, 12.5.1). */

interface Preference {
  readonly q: number;
  /** How exactly the caller named it: 2 = the type itself, 1 = a range of it, 0 = anything. */
  readonly exactness: number;
}

const ABSENT: Preference = { q: 0, exactness: -1 };

/** Whether CSV is asked for; JSON where the caller does not mind, or wants neither. */
export function prefersCsv(accept: string | undefined): boolean {
  const [csv, json] = [preferenceFor('text', 'csv', accept ?? ''), preferenceFor('application', 'json', accept ?? '')];
  return csv.q > json.q || (csv.q > 0 && csv.q === json.q && csv.exactness > json.exactness);
}

/** Of several ranges that hold it the most exact one counts. */
function preferenceFor(type: string, subtype: string, accept: string): Preference {
  const ranges = [`*/*`, `${type}/*`, `${type}/${subtype}`];
  let found = ABSENT;
  for (const part of accept.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((each) => each.trim());
    const exactness = ranges.indexOf(range);
    if (exactness <= found.exactness) continue;
    const weight = parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1';
    found = { q: /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(weight) ? Number(weight) : 0, exactness };
  }
  return found;
}
