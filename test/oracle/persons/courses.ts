/** The scenarios of which a person has one to four: each declares lines and returns what its statements and switches hang on. */
import { regimeOf } from '#libs/trajectory';
import { addDays, ageOn, lastDayWithin, termEnd } from '../rules/calendar';
import { AGE_LIMIT, ANNEX_CODES, annexHabit, annexPerformance, CLOSED_ANNEX, SUCCESSORS, TURNING_CODES } from './annex';
import type { PersonBuilder, Stream } from './builder';
import { howMany, sessionDates, startDate } from './dates';

export interface Scenario {
  readonly name: string;
  readonly start: string;
  readonly dates: readonly string[];
  readonly streams: readonly Stream[];
}

export interface Wish {
  readonly most: number;
  readonly start: string;
}

function scenario(builder: PersonBuilder, name: string, wish: Wish, codes: readonly string[], csi: string): Scenario {
  const regime = regimeOf(csi);
  const streams = codes.flatMap((code) => builder.routes(regime, code));
  const dates = streams.flatMap((stream) => stream.sessions.map((session) => session.date)).sort();
  return { name, start: dates[0] ?? wish.start, dates, streams };
}

function annex(builder: PersonBuilder, wish: Wish): Scenario {
  const { random } = builder;
  // half of the time a code on which a start condition, an anchor or an extension turns
  const drawn = random.pick(random.oneIn(2) ? TURNING_CODES : ANNEX_CODES);
  const code = AGE_LIMIT[drawn] !== undefined && ageOn(builder.birth, wish.start) > 25 ? '9372' : drawn;
  const csi = annexHabit(builder);
  if (random.oneIn(8) && builder.routes('annex', code).length === 0) {
    // two writers that did not see each other
    builder.start('annex', code);
    builder.start('annex', code);
  }
  // items for the young are treated around the birthday on which they end
  const birthday = AGE_LIMIT[code] === undefined ? undefined : termEnd(builder.birth, 12 * AGE_LIMIT[code]);
  const young = birthday !== undefined && birthday > '2010-06-01' && birthday < '2026-06-01' ? addDays(birthday, -20) : undefined;
  const dates = sessionDates(random, young ?? wish.start, howMany(random, wish.most), builder.birth);
  dates.forEach((date, index) =>
    builder.declare({ date, diagnosis: code, csi: csi(index, date), performance: annexPerformance(builder, code) }),
  );
  return scenario(builder, 'annex', wish, [code], '001');
}

/** A course that goes on under other codes, by a remap of its own stream or by joining two streams. */
function remapped(builder: PersonBuilder, wish: Wish): Scenario {
  const { random } = builder;
  const old = random.pick(random.oneIn(2) ? CLOSED_ANNEX.slice(0, 4) : Object.keys(SUCCESSORS));
  const next = random.pick(SUCCESSORS[old] ?? ['9394']);
  if (builder.routes('annex', old).length + builder.routes('annex', next).length > 0) return annex(builder, wish);
  const dates = sessionDates(random, wish.start, howMany(random, wish.most), builder.birth);
  const half = dates[Math.floor(dates.length / random.pick([2, 2, 3]))] ?? wish.start;
  const effective = random.oneIn(3) ? random.pick(['2024-07-01', '2020-01-01']) : random.near(half);
  const remap = (from: string, to: string, effectiveDate: string) => ({ from, to, effectiveDate, reason: 'code closed' });
  const csi = annexHabit(builder);
  const declareAll = (): void =>
    dates.forEach((date, index) => {
      const follows = date >= effective ? !random.oneIn(8) : random.oneIn(12);
      const diagnosis = follows ? next : old;
      builder.declare({ date, diagnosis, csi: csi(index, date), performance: annexPerformance(builder, diagnosis) });
    });
  if (random.oneIn(2)) {
    builder.start('annex', old).remaps.push(remap(old, next, effective));
    declareAll();
  } else {
    declareAll();
    joinStreams(builder, old, next, remap(old, next, effective));
  }
  const survivor = builder.route('annex', old);
  const third = random.pick(['9394', '3076', '9474', '6201', '3138']);
  if (random.oneIn(3) && third !== next && third !== old && builder.routes('annex', third).length === 0) {
    // a chain, or a second successor of the first code
    survivor.remaps.push(remap(random.oneIn(3) ? old : next, third, random.near(dates.at(-1) ?? effective)));
    const late = dates.filter((date) => date >= effective).slice(-3);
    for (const date of late) builder.declare({ date, diagnosis: third, csi: csi(40, date) });
  }
  return scenario(builder, 'remapped', wish, [old, next, third], '001');
}

function joinStreams(builder: PersonBuilder, old: string, next: string, remap: Stream['remaps'][number]): void {
  const [one, other] = [builder.route('annex', old), builder.route('annex', next)];
  if (one === other) return;
  const [survivor, absorbed] = builder.random.oneIn(2) ? [one, other] : [other, one];
  survivor.remaps.push(remap);
  absorbed.absorbedInto = survivor.id;
  if (!builder.random.oneIn(4) || builder.streams.some((each) => each.diagnosis === '9076')) return;
  // joined before: the absorbed one had itself taken up a stream of another old code
  const earlier = builder.start('annex', '9076');
  earlier.absorbedInto = absorbed.id;
  absorbed.remaps.push({ ...remap, from: '9076', to: absorbed.diagnosis });
}

type Pick = (builder: PersonBuilder, index: number, date: string) => { csi: string; diagnosis: string; performance: string };

/** A course of lines that are picked one by one. */
const plain =
  (name: string, csi: string, codes: readonly string[], pick: Pick, starts?: readonly string[]) =>
  (builder: PersonBuilder, wish: Wish): Scenario => {
    const { random } = builder;
    const start = starts !== undefined && random.oneIn(2) ? random.pick(starts) : wish.start;
    const dates = sessionDates(random, start, howMany(random, wish.most), builder.birth);
    dates.forEach((date, index) => builder.declare({ date, ...pick(builder, index, date) }));
    return scenario(builder, name, { ...wish, start }, codes, csi);
  };

const pelvic = plain('pelvic', '010', ['6486'], ({ random }, index) => ({
  csi: index > 8 && random.oneIn(3) ? '009' : '010',
  diagnosis: '6486',
  performance: random.oneIn(12) ? random.pick(['2006', '1000', '1900']) : '1600',
}));
const peripheralArterial = plain('peripheral-arterial', '011', ['9248'], ({ random }, index) => ({
  csi: index > 36 && random.oneIn(2) ? '009' : '011',
  diagnosis: '9248',
  performance: random.pick(['1000', '1316', '1000', '1870']),
}));
const osteoarthritis = plain('osteoarthritis', '012', ['6223', '7023'], ({ random }, index) => ({
  csi: index > 11 && random.oneIn(3) ? '009' : '012',
  diagnosis: random.pick(['6223', '7023', index === 3 ? '4023' : '6223']),
  performance: random.pick(['1000', '1000', '2125', '1871', '1400', '1700', '1200']),
}));
const COPD_HABITS = [
  ['013'],
  ['014', '016'],
  ['015', '017'],
  ['018', '019'],
  ['013', '014', '015', '016', '017', '018', '019', '009'],
];
const copd = plain(
  'copd',
  '013',
  ['2554'],
  ({ random, birth }, index, date) => {
    const habit = COPD_HABITS[Number(birth.slice(8)) % COPD_HABITS.length] ?? [];
    const own = random.oneIn(12) ? random.pick(['013', '014', '015']) : (habit[index > 8 ? habit.length - 1 : 0] ?? '013');
    const old = date < '2019-01-01' ? !random.oneIn(15) : random.oneIn(25);
    return {
      csi: old ? (index < 20 ? '008' : '001') : own,
      diagnosis: '2554',
      performance: random.pick(['1000', '1000', '1002', '1900']),
    };
  },
  ['2018-03-01', '2018-06-15', '2018-11-20', '2017-09-04'],
);
const child = plain('child', '003', ['4031', '9379', '6223'], ({ random, birth }, _index, date) => ({
  csi: date < '2025-02-01' ? random.pick(['003', '003', '004', '005', '006']) : '003',
  diagnosis: Number(birth.slice(8)) % 3 === 0 ? '9379' : random.oneIn(15) ? '6223' : '4031',
  performance: random.pick(['1100', '1000', '1101', '2300', '1105']),
}));
const covid = plain(
  'covid',
  '020',
  ['9363'],
  ({ random, birth }, index) => ({
    csi:
      (index > 20 && Number(birth.slice(8)) % 2 === 0) || Number(birth.slice(8)) % 5 === 0
        ? '021'
        : random.oneIn(30)
          ? '001'
          : '020',
    diagnosis: '9363',
    performance: random.pick(['1000', '1864', '2000']),
  }),
  ['2024-06-28', '2024-06-30', '2024-07-01', '2024-03-31', '2020-07-17', '2023-08-31'],
);
const none = plain('none', '009', ['4031', '2026', '7031', '6080', '9376'], ({ random, birth }) => ({
  csi: '009',
  diagnosis: Number(birth.slice(8)) % 4 === 0 ? random.pick(['4031', '9376', '9372', '6422']) : '4031',
  performance: Number(birth.slice(8)) % 5 < 2 ? '1200' : random.pick(['1000', '1200', '1201', '1900', '1600', '1700']),
}));
const severe = (name: string, code: string, performances: readonly string[], starts: readonly string[]) =>
  plain(
    name,
    '001',
    [code],
    ({ random }, index) => ({
      csi: index < 20 && !random.oneIn(6) ? '008' : '001',
      diagnosis: code,
      performance: random.oneIn(6) ? '1000' : random.pick(performances),
    }),
    starts,
  );
const ra = severe('ra', '9390', ['10039', '10040'], ['2024-06-20', '2024-07-03', '2024-10-01', '2024-12-01', '2025-01-03']);
const axspa = severe('axspa', '3993', ['10041', '10042'], ['2024-06-20', '2024-08-01', '2025-09-01', '2025-12-01', '2026-01-02']);
const odd = plain('odd', '001', ['9372'], ({ random }) => ({
  csi: random.pick(['', '002', '999', '001', '010', '012', '019', '020', '009', '004']),
  diagnosis: random.pick(['', '9363', '2563', '9999', '937', '9372', '6223', '7990', '1793', '6499', '1199', '6479']),
  performance: random.pick(['1000', '1600', '1100', '2006', '2300', '12345', '193001']),
}));

const ALL = [
  annex,
  annex,
  annex,
  annex,
  annex,
  remapped,
  remapped,
  remapped,
  pelvic,
  peripheralArterial,
  osteoarthritis,
  copd,
  copd,
].concat([child, covid, none, none, ra, axspa]);

export function addCourses(builder: PersonBuilder): Scenario[] {
  const { random } = builder;
  const scenarios: Scenario[] = [];
  const courses = random.pick([1, 1, 2, 2, 3, 4]);
  const start = startDate(random);
  const total = 45;
  for (let i = 0; i < courses && builder.lines < total; i += 1) {
    const scenarioOf = random.oneIn(30) ? odd : random.pick(ageOn(builder.birth, start) < 18 && random.oneIn(2) ? [child] : ALL);
    const share = i === courses - 1 ? total - builder.lines : Math.ceil((total - builder.lines) * random.fraction());
    const at = i === 0 || random.oneIn(2) ? start : lastDayWithin(start, random.between(1, 14));
    scenarios.push(scenarioOf(builder, { most: Math.max(1, share), start: at }));
  }
  return scenarios;
}
