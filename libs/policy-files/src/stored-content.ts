/**
 * Policy documents that earlier versions of Traject kept under their digest. Like events they stay readable for ever: a change of shape brings
 * the old one up here. The digest stays that of the content as it was kept.
 */
type Json = Readonly<Record<string, unknown>>;

/** The content in today's shape, as far as it is told; what is not known is left for the schema to refuse. */
export function inTodaysShape(content: unknown): unknown {
  if (typeof content !== 'object' || content === null) return content;
  const document = content as Json;
  if (!Array.isArray(document['longSessions'])) return document;
  return { ...document, longSessions: document['longSessions'].map(longSession) };
}

/** Until 2026.1 the date of a long session was a text: a line was accepted whatever was stated, and listed while nothing was. */
function longSession(rule: unknown): unknown {
  if (typeof rule !== 'object' || rule === null || !('needsDate' in rule)) return rule;
  const { needsDate: _, ...rest } = rule;
  return { ...rest, date: { of: 'diagnosis' } };
}
