/** Lines that are moved to where they should have been counted. */
import { lineageCodes, type PersonId } from '#libs/trajectory';
import type { Known } from './known';

/** Mostly a line of the stream that is spoken of. */
function lineOf({ random, sessions }: Known): { readonly practice: string; readonly reference: string } {
  if (sessions.length === 0 || random.oneIn(20)) return { practice: '04000001', reference: random.oneIn(3) ? ' ' : 'NONE' };
  const { practice, reference } = random.pick(sessions);
  return { practice, reference };
}

/** Mostly a line of the stream that is spoken of, to another of the person's streams or to a code that begins one. */
export function sessionMove(known: Known): unknown {
  const { random, streams, stream } = known;
  const others = streams.filter((each) => each !== stream && (each.regime === stream?.regime || random.oneIn(8)));
  const other = others.length === 0 || random.oneIn(8) ? stream : random.pick(others);
  const byId = other !== null && random.oneIn(2);
  const byCode = random.oneIn(30) ? byId : !byId;
  const code = other !== null && other !== stream && !random.oneIn(4) ? random.pick(lineageCodes(other)) : known.otherCode();
  return {
    ...lineOf(known),
    ...(byId ? { trajectory: random.oneIn(25) ? random.uuid() : other.id } : {}),
    ...(byCode ? { diagnosis: code } : {}),
  };
}

/** Mostly to the other person of the case, and to where a declaration of the line would be stored. */
export const sessionMoveToPerson =
  (other: PersonId) =>
  (known: Known): unknown => {
    const { random, facts } = known;
    return {
      ...lineOf(known),
      toPerson: random.oneIn(20) ? random.pick([random.uuid(), facts.personId, 'somebody']) : other,
      ...(random.oneIn(4) ? { diagnosis: random.oneIn(2) ? known.code() : known.otherCode() } : {}),
      ...(random.oneIn(25) ? { trajectory: random.uuid() } : {}),
    };
  };
