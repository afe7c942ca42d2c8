/** Statements about a trajectory, and their retraction. */
import { lineageCodes } from '#libs/trajectory';
import { ITEMS } from '../../oracle/persons/paperwork';
import { standingOf } from '../../oracle/rules/diagnoses';
import { dayAfter } from './histories';
import type { Known } from './known';

const statement = (known: Known): object => ({ ...known.trajectory(), statedOn: known.statedOn(), ...known.evidence() });

/** An item of one of the stream's codes, sometimes another one. */
function item(known: Known): string {
  const { random, stream } = known;
  const own = (stream === null ? [] : lineageCodes(stream)).flatMap((code) => {
    const standing = standingOf(code);
    return standing.kind === 'open' ? standing.code.items : [];
  });
  if (random.oneIn(30)) return '9.z.9';
  return own.length > 0 && !random.oneIn(8) ? random.pick(own) : random.pick(ITEMS);
}

/** The first day of an episode that is confirmed, or sometimes of none. */
function episode(known: Known): object {
  const { random } = known;
  const confirmed = known.streams
    .flatMap((each) => each.statements)
    .flatMap((each) => (each.type === 'NewEpisodeConfirmed.v1' ? [each.data.from] : []));
  if (confirmed.length > 0 && random.oneIn(2)) return { episodeFrom: random.pick(confirmed) };
  return random.oneIn(20) ? { episodeFrom: known.day() } : {};
}

export function clinicalFacts(known: Known): unknown {
  const { random } = known;
  const maybe = (field: string, value: unknown, oneIn = 3): object => (random.oneIn(oneIn) ? { [field]: value } : {});
  const before = (): string => known.later(known.firstDay(), -random.pick([0, 5, 60, 89, 90, 91, 92, 93, 365]));
  return {
    ...statement(known),
    ...maybe('item', item(known), 4),
    ...episode(known),
    ...maybe('diagnosedOn', before(), 2),
    ...maybe('dischargedOn', random.oneIn(2) ? before() : known.day(), 2),
    ...maybe('operatedOn', before()),
    ...maybe('lastRadiationOn', before()),
    ...maybe('conservativeTreatmentEndedOn', known.day()),
    ...maybe('referredOn', before(), 5),
    ...maybe('side', random.pick(['left', 'right', 'both', 'up']), 8),
    ...maybe('longSession', random.pick(['multiple-handicap', 'spina-bifida']), 4),
  };
}

export const condition = (known: Known): unknown => ({ ...statement(known), item: item(known) });

export const newEpisode = (known: Known): unknown => ({
  ...statement(known),
  from: known.day(),
  event: known.random.oneIn(40) ? '' : 'operation',
  ...(known.random.oneIn(4) ? { side: 'left' } : {}),
});

export const careClass = (known: Known): unknown => ({
  ...statement(known),
  from: known.random.oneIn(2) ? known.firstDay() : known.day(),
  class: known.random.oneIn(20) ? 'Z' : known.random.pick(['A', 'B1', 'B2', 'C-D']),
});

export const termExtension = (known: Known): unknown => ({
  ...statement(known),
  ...episode(known),
  ...(known.random.oneIn(2) ? { months: known.random.pick([1, 3, 6, 9, known.random.oneIn(5) ? 0 : 2, 121]) } : {}),
});

export function authorisation(known: Known): unknown {
  const { random } = known;
  return {
    ...statement(known),
    number: random.oneIn(30) ? '' : 'M1',
    ...(random.oneIn(2) ? { item: item(known) } : {}),
    from: known.firstDay(),
    ...(random.oneIn(2) ? {} : { through: dayAfter(known) }),
    ...(random.oneIn(3) ? { maximum: random.pick([0, 5, 10, 20]) } : {}),
  };
}

export function statementRetraction(known: Known): unknown {
  const { random } = known;
  const ids = known.streams.flatMap((each) => each.statements).map(({ data }) => data.statementId);
  return {
    statementId: ids.length === 0 || random.oneIn(12) ? random.uuid() : random.pick(ids),
    reason: random.oneIn(30) ? '  ' : 'of somebody else',
  };
}
