import type { SessionFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, packageOf, person, session, statement, weekly, type PersonSpec, type TrajectorySpec } from '../testing/facts';
import { bookOf, document, insurer, otherInsurer } from '../testing/policy';

const book = bookOf();
const at7095 = [{ insurer: '7095', from: '2000-01-01', through: null }];
const run = (spec: TrajectorySpec, more: Partial<PersonSpec> = {}, policy = book) =>
  decide(person({ ...more, trajectories: [spec] }), policy);
const values = (spec: TrajectorySpec, more: Partial<PersonSpec> = {}, policy = book) =>
  run(spec, more, policy).map((each) => each.reason.values);
const known = (count: number, startedOn = '2023-01-02') => [history(count, '2023-12-31', { startedOn })];
const since2024 = { insurance: [{ insurer: '3343', from: '2024-01-01', through: null }] };

describe('a reason keeps', () => {
  const child = { diagnosis: '9374', csi: '001', ageYears: 17, deductibleAge: false };
  const adult = { diagnosis: '9374', ageYears: 18 };
  const mixed = [session('c', '2024-01-08', child), session('d', '2024-03-04', adult)];

  it('how many were given as a child, in the decisions of the adult', () => {
    expect(values({ sessions: mixed })).toEqual([
      { position: 1 },
      { position: 2, threshold: 20, givenAsChild: 1, start: '2024-01-08' },
    ]);
    const without = bookOf({
      interpretations: document.interpretations.map((each) =>
        each.name === 'countSessionsBeforeAge18' ? { ...each, values: [{ from: '2006-01-01', value: false }] } : each,
      ),
    });
    expect(values({ sessions: mixed }, {}, without)[1]).toEqual({ position: 2, threshold: 20, asChild: 1, start: '2024-01-08' });
  });

  it('what was imported, of a held line too, and nothing of it without an entitlement', () => {
    const spec = { sessions: [session('a', '2024-01-08', { diagnosis: '9374' })], histories: known(3) };
    expect(values(spec, since2024)).toEqual([{ position: 4, threshold: 20, imported: 3, start: '2023-01-02' }]);
    const switched = { ...spec, switches: ['2020-01-01', '2019-01-01'], histories: [history(3, '2018-06-30')] };
    expect(values(switched, since2024)).toEqual([{ position: 4, switch: '2020-01-01', imported: 3 }]);
    const none = { sessions: [session('a', '2024-01-08', { diagnosis: '4026', csi: '009' })], histories: known(3) };
    expect(values(none, since2024)).toEqual([{}]);
  });

  it('what a cap has used with the session, an item that does not count adding nothing', () => {
    const knee = { diagnosis: '7023', csi: '012' };
    const sessions = [session('a', '2024-01-08', knee), session('r', '2024-01-09', { ...knee, performance: '1900' })];
    const common = { start: '2024-01-08', end: '2025-01-08' };
    expect(values({ sessions })).toEqual([
      { position: 1, used: 1, ...common },
      { position: null, counts: false, used: 1, ...common },
    ]);
    const pelvic = session('p', '2024-01-08', { diagnosis: '6486', csi: '010', performance: '1600' });
    expect(values({ sessions: [pelvic] })).toEqual([{ position: 1, used: 1 }]);
  });

  it('the class and the treatment year of COPD', () => {
    const sessions = [session('a', '2024-01-08', { diagnosis: '2554', csi: '014' })];
    expect(values({ sessions })).toEqual([{ position: 1, used: 1, class: 'B1', start: '2024-01-08' }]);
  });

  it('no threshold of an item that has none', () => {
    const sessions = [session('a', '2025-03-03', { diagnosis: '9390', csi: '001', performance: '10039' })];
    expect(values({ sessions })).toEqual([{ position: 1 }]);
  });

  it('the code of a missing consent, without a threshold that was not asked', () => {
    const asking = bookOf({
      insurers: [{ ...insurer, authorisationFor: [{ from: '2006-01-01', value: ['1.a.5'], source: 'test' }] }, otherInsurer],
    });
    const spec = { sessions: [session('a', '2024-01-08', { diagnosis: '9374' })] };
    expect(run(spec, {}, asking)[0]?.reason).toEqual({ rule: 'authorisation', values: { position: 1, code: '0551' } });
  });
});

describe('a line that is too late', () => {
  it('names its condition, or none, and has the deductible of neither', () => {
    const late = (changes: Partial<SessionFact>) =>
      run({ sessions: [session('a', '2024-01-08', { receivedOn: '2025-01-09', ...changes })] }, { insurance: at7095 })[0];
    expect(late({ diagnosis: '9374' })).toMatchObject({
      condition: '1.a.5',
      deductible: false,
      reason: { rule: 'too-late', values: { received: '2025-01-09', months: 12 } },
    });
    expect(late({ diagnosis: '4026', csi: '009' })).toMatchObject({
      condition: 'none',
      units: [{ position: null, cents: 4000 }],
    });
  });
});

describe('the codes of a line', () => {
  const spec = { histories: known(18), sessions: [session('q', '2024-01-08', { diagnosis: '9374', quantity: 4 })] };

  it('are of its first session that is left to the insured', () => {
    const hip = {
      sessions: [session('q', '2024-01-08', { diagnosis: '6223', csi: '012', quantity: 4 })],
      statements: [statement('AuthorisationGranted.v1', { number: 'M', from: '2024-01-01', through: null, maximum: 2 })],
    };
    const asking = bookOf({
      insurers: [insurer, { ...otherInsurer, authorisationFor: [{ from: '2006-01-01', value: ['2.6-5'], source: 'test' }] }],
    });
    expect(run(hip, { insurance: at7095 }, asking)[0]?.codes).toEqual(['0584']);
    expect(run(spec, { insurance: at7095 })[0]).toMatchObject({ split: { basic: 8000, insured: 8000 }, codes: ['0613'] });
  });

  it('are none where the package pays what the basic insurance does not', () => {
    const packages = [packageOf('Ten', '2000-01-01', null, '7095')];
    const sessions = weekly('k', '2024-01-08', 13, { diagnosis: '7023', csi: '012' });
    const decisions = run({ sessions }, { insurance: at7095, packages });
    expect(decisions[12]).toMatchObject({ split: { supplementary: 4000 }, codes: [] });
    const half = [
      ...weekly('a', '2024-01-08', 9, { diagnosis: '9374' }),
      session('q', '2024-12-02', { diagnosis: '9374', quantity: 2 }),
    ];
    expect(run({ sessions: half }, { insurance: at7095, packages })[9]).toMatchObject({
      split: { supplementary: 4000, insured: 4000 },
      codes: ['0613'],
    });
  });
});
