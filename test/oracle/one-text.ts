/** What is said, as one text whatever the order in which its fields stand: two that say the same have the same text. */
export function inOneText(said: unknown): string {
  if (typeof said !== 'object' || said === null) return JSON.stringify(said);
  if (Array.isArray(said)) return `[${said.map(inOneText).join(',')}]`;
  const fields = Object.entries(said).filter(([, value]) => value !== undefined);
  fields.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${inOneText(value)}`).join(',')}}`;
}
