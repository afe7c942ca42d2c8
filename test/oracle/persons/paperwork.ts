/** What hangs on a course besides its lines: switches, imported histories, statements. */
import { standingOf } from '../rules/diagnoses';
import { COPD_OWN_PARAGRAPH_FROM } from '../rules/indications';
import { addDays, lastDayWithin, termEnd, yearOf } from '../rules/calendar';
import type { PersonBuilder, Stream } from './builder';
import type { Scenario } from './courses';
import { eventBefore } from './dates';

export const COUNTS = [0, 1, 3, 5, 8, 9, 10, 12, 14, 16, 18, 19, 20, 20, 21, 30, 37, 45, 48, 49, 50, 51, 52, 69];

function addSwitches(builder: PersonBuilder, course: Scenario, stream: Stream): string[] {
  const { random } = builder;
  const last = course.dates.at(-1) ?? course.start;
  const periods = builder.insurance
    .map((period) => period.from)
    .filter((from) => from > addDays(course.start, -400) && from <= last);
  const days = Array.from({ length: random.pick([1, 1, 1, 2]) }, () =>
    periods.length > 0 && random.oneIn(2)
      ? random.pick(periods)
      : random.near(random.pick([course.start, course.start, last, ...course.dates])),
  );
  for (const switchDate of days)
    stream.switches.push({ switchDate, recordedBy: 'command', ...(random.oneIn(2) ? { previousInsurer: '9664' } : {}) });
  return days;
}

function addImports(builder: PersonBuilder, course: Scenario, stream: Stream, switches: readonly string[]): void {
  const { random } = builder;
  for (let i = random.pick([1, 1, 1, 2]); i > 0; i -= 1) {
    const around = switches.length > 0 ? random.pick(switches) : random.pick([course.start, ...course.dates]);
    const throughDate = addDays(around, random.pick([-1, -1, -1, 0, 1, -20, 30]));
    const begun = random.pick([
      addDays(throughDate, -random.between(0, 400)),
      lastDayWithin(throughDate, -random.between(1, 30)),
    ]);
    const startedOn = random.oneIn(12) ? random.pick(['2010-11-01', '2011-05-01', '2019-12-31']) : begun;
    const count = random.pick(COUNTS);
    const year = yearOf(throughDate);
    const inYear = random.between(0, count);
    const perCalendarYear = { [String(year)]: inYear, [String(year - 1)]: count - inYear };
    stream.histories.push(
      builder.history({
        startedOn: startedOn < throughDate ? startedOn : throughDate,
        count,
        throughDate,
        scope: random.pick(['elsewhere', 'elsewhere', 'everything']),
        ...(random.oneIn(2) ? { perCalendarYear } : {}),
      }),
    );
  }
}

/** Only temporary items, 1.d.5 and peripheral arterial disease know a second episode. */
export const EPISODE_CODES = [
  '4021',
  '3038',
  '3138',
  '6948',
  '6236',
  '4036',
  '7001',
  '6201',
  '9380',
  '6089',
  '3075',
  '9248',
  '4969',
];
export const ITEMS = [
  '1.b.18',
  '1.d.5',
  '1.a.3',
  '1.a.10',
  '1.a.4',
  '1.b.15',
  '1.d.4',
  '1.a.9',
  '1.a.11',
  '1.d.7',
  '1.a.12',
  '1.d.8',
];

function addEpisode(builder: PersonBuilder, course: Scenario, stream: Stream): string | undefined {
  const { random } = builder;
  if (!EPISODE_CODES.includes(stream.diagnosis) || stream.remaps.length > 0 || !random.oneIn(3)) return undefined;
  const from = random.near(random.pick(course.dates.length > 0 ? course.dates : [course.start]));
  stream.statements.push({ type: 'NewEpisodeConfirmed.v1', data: { ...builder.evidence(), from, event: 'operation' } });
  return from;
}

function addClinicalFacts(builder: PersonBuilder, course: Scenario, stream: Stream, episode: string | undefined): void {
  const { random } = builder;
  const episodeFrom = episode !== undefined && random.oneIn(2) ? episode : undefined;
  const start = episodeFrom ?? course.start;
  for (let i = random.pick([1, 1, 2]); i > 0; i -= 1) {
    const inside = random.near(random.pick(course.dates.length > 0 ? course.dates : [start]));
    stream.statements.push({
      type: 'ClinicalFactsStated.v1',
      data: {
        ...builder.evidence(),
        ...(episodeFrom === undefined ? {} : { episodeFrom }),
        ...(random.oneIn(4) ? { item: random.pick(ITEMS) } : {}),
        ...(random.oneIn(2)
          ? { diagnosedOn: random.pick([eventBefore(random, start), termEnd(start, -60), termEnd(inside, -12)]) }
          : {}),
        ...(random.oneIn(2) ? { dischargedOn: random.pick([eventBefore(random, start), inside]) } : {}),
        ...(random.oneIn(3) ? { lastRadiationOn: random.pick([eventBefore(random, start), inside]) } : {}),
        ...(random.oneIn(3) ? { conservativeTreatmentEndedOn: random.pick([start, inside]) } : {}),
        ...(random.oneIn(6) ? { longSession: random.pick(['multiple-handicap', 'spina-bifida'] as const) } : {}),
      },
    });
  }
}

function addStatements(builder: PersonBuilder, course: Scenario, stream: Stream): void {
  const { random } = builder;
  const episode = addEpisode(builder, course, stream);
  if (random.oneIn(2)) addClinicalFacts(builder, course, stream, episode);
  const standing = standingOf(stream.diagnosis);
  const own = standing.kind === 'open' ? standing.code.items : [];
  if (random.oneIn(own.length > 1 ? 1.5 : 8))
    for (let i = random.pick([1, 1, 2]); i > 0; i -= 1) {
      const item = random.pick(own.length > 1 && !random.oneIn(4) ? own : ITEMS);
      stream.statements.push({ type: 'ConditionConfirmed.v1', data: { ...builder.evidence(), item } });
    }
  if (['3038', '3138', '1323'].includes(stream.diagnosis) && random.oneIn(1.3))
    stream.statements.push({
      type: 'TermExtended.v1',
      data: {
        ...builder.evidence(),
        ...(random.oneIn(2) ? { months: random.pick([1, 3, 6, 9]) } : {}),
        ...(episode !== undefined && random.oneIn(2) ? { episodeFrom: episode } : {}),
      },
    });
  if (course.name === 'copd' && random.oneIn(2))
    for (let i = random.pick([1, 2]); i > 0; i -= 1)
      stream.statements.push({
        type: 'CareClassChanged.v1',
        data: {
          ...builder.evidence(),
          from: random.near(random.pick([COPD_OWN_PARAGRAPH_FROM, course.start, ...course.dates])),
          class: random.pick(['A', 'B1', 'B2', 'C-D']),
        },
      });
  if ((course.name === 'ra' || course.name === 'axspa' || course.name === 'remapped') && random.oneIn(2)) {
    const from = random.near(course.start);
    stream.statements.push({
      type: 'AuthorisationGranted.v1',
      data: {
        ...builder.evidence(),
        number: 'M1',
        ...(random.oneIn(2) ? { item: random.pick(['ra-severe', 'axspa-severe', '1.b.14']) } : {}),
        from,
        through: random.oneIn(2) ? null : addDays(from, random.between(0, 200)),
        maximum: random.oneIn(2) ? null : 10,
      },
    });
  }
}

/** The first twenty were elsewhere, so that the basic insurance is at stake from the first line on. */
function addTwentyBefore(builder: PersonBuilder, course: Scenario, stream: Stream): void {
  const throughDate = addDays(course.start, -1);
  const startedOn = addDays(throughDate, -builder.random.pick([0, 1, 5, 30]));
  stream.histories.push(
    builder.history({ startedOn, count: builder.random.pick([19, 20, 20]), throughDate, scope: 'elsewhere' }),
  );
}

export function addPaperwork(builder: PersonBuilder, courses: readonly Scenario[]): void {
  const { random } = builder;
  for (const course of courses)
    for (const stream of course.streams) {
      const switches = random.oneIn(4) ? addSwitches(builder, course, stream) : [];
      const whiplash = ['3038', '3138'].includes(stream.diagnosis);
      if (course.name === 'annex' && switches.length === 0 && random.oneIn(whiplash ? 1.3 : 3))
        addTwentyBefore(builder, course, stream);
      else if (random.oneIn(switches.length > 0 ? 1.7 : 6)) addImports(builder, course, stream, switches);
      addStatements(builder, course, stream);
    }
}
