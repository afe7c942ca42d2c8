/** Lines that are moved to where they should have been counted. */
import { lineageCodes } from '#libs/trajectory';
import type { Known } from './known';

/** Mostly a line of the stream that is spoken of, to another of the person's streams or to a code that begins one. */
export function sessionMove(known: Known): unknown {
  const { random, sessions, streams, stream } = known;
  const line = sessions.length === 0 || random.oneIn(20) ? null : random.pick(sessions);
  const named = line ?? { practice: '04000001', reference: random.oneIn(3) ? ' ' : 'NONE' };
  const others = streams.filter((each) => each !== stream && (each.regime === stream?.regime || random.oneIn(8)));
  const other = others.length === 0 || random.oneIn(8) ? stream : random.pick(others);
  const byId = other !== null && random.oneIn(2);
  const byCode = random.oneIn(30) ? byId : !byId;
  const code = other !== null && other !== stream && !random.oneIn(4) ? random.pick(lineageCodes(other)) : known.otherCode();
  return {
    ...{ practice: named.practice, reference: named.reference },
    ...(byId ? { trajectory: random.oneIn(25) ? random.uuid() : other.id } : {}),
    ...(byCode ? { diagnosis: code } : {}),
  };
}
