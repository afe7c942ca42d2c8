import { BrokenStreamError, dossierStream, foldPerson, lineKey, PersonFold, TrajectoryFold, trajectoryStream } from '../index';
import type { HistoryFact, LineDecision, PersonId, SettlementEntry, TrajectoryId } from '../index';
import { data, decided, decisionTable, stored } from '../testing/fixtures';
import { DecisionRows } from './decision-table';

const personId = data('PersonRegistered.v1')['personId'] as PersonId;
const id = data('TrajectoryStarted.v1')['trajectoryId'] as TrajectoryId;
const line = lineKey('04012345', '2024-000017');
const committed = (type: string, change: object = {}) => ({ type, data: { ...data(type), ...change } });
const started = committed('TrajectoryStarted.v1');

const decides = (entries: readonly SettlementEntry[], decisions: readonly LineDecision[] = []) =>
  committed('PersonDecided.v1', { decisions, entries });

describe('the fold of a person', () => {
  it('knows nothing before the first event', () => {
    const fold = new PersonFold(personId);
    expect(fold.facts).toMatchObject({ personId, insurance: [], diedOn: null, packages: [] });
    expect(fold).toMatchObject({ registered: false, lastDecided: null, reportedSwitches: [] });
    expect([fold.decisions.size, fold.booked.size, fold.trajectories.size]).toEqual([0, 0, 0]);
    expect(new TrajectoryFold(id, 'annex', '9373')).toMatchObject({ histories: [], statements: [], absorbedInto: null });
  });

  it('sums the entries of a line purse by purse, and those of each line apart', () => {
    const events = [
      decides([
        { line, basic: 4000, supplementary: 300, insured: 200, paidToProvider: 4300, claimFromInsured: 100 },
        { line: lineKey('04012345', 'B'), basic: 1 },
      ]),
      decides([{ line, basic: -1000, supplementary: 50, insured: 30, paidToProvider: -950, claimFromInsured: -40 }]),
    ];
    const fold = foldPerson(personId, stored(dossierStream(personId), events));
    expect(fold.booked.get(line)).toEqual({
      basic: 3000,
      supplementary: 350,
      insured: 230,
      paidToProvider: 3350,
      claimFromInsured: 60,
    });
    expect(fold.booked.get(lineKey('04012345', 'B'))).toMatchObject({ basic: 1, supplementary: 0, paidToProvider: 0 });
  });

  it('keeps what was read of a trajectory before its link in the dossier', () => {
    const fold = foldPerson(personId, [
      ...stored(trajectoryStream(id), [started, committed('SessionDeclared.v1')]),
      ...stored(dossierStream(personId), [committed('TrajectoryLinked.v1')]),
    ]);
    expect([...(fold.trajectories.get(id)?.sessions.keys() ?? [])]).toEqual([line]);
    expect(fold.revisions.get(trajectoryStream(id))).toBe(1);
  });

  it('an import that replaces another ends it alone, whichever of them is read first', () => {
    const import1 = committed('HistoryImported.v2');
    const replaces = { importId: 'i-2', supersedes: (import1.data as unknown as HistoryFact).importId };
    const import2 = committed('HistoryImported.v2', replaces);
    const import3 = committed('HistoryImported.v2', { importId: 'i-3' });
    const inEffect = (...events: object[]): string[] =>
      (
        foldPerson(personId, stored(trajectoryStream(id), [started, ...(events as (typeof started)[])])).trajectories.get(id)
          ?.histories ?? []
      ).map(({ importId }) => importId);
    expect(inEffect(import1, import3)).toEqual([replaces.supersedes, 'i-3']);
    expect(inEffect(import1, import2, import3)).toEqual(['i-2', 'i-3']);
    expect(inEffect(import2, import1)).toEqual(['i-2']);
  });

  it('a verified import stays so whatever is recorded of others, and who recorded each is known', () => {
    const fold = foldPerson(
      personId,
      stored(trajectoryStream(id), [
        started,
        committed('HistoryImported.v2'),
        committed('HistoryImported.v2', { importId: 'i-2' }),
        committed('HistoryVerified.v1'),
        committed('HistoryImported.v1', { importId: 'i-3', status: 'verified' }),
      ]).map((event) => ({ ...event, metadata: { actor: `clerk ${event.revision}` } })),
    );
    expect(fold.trajectories.get(id)?.histories.map(({ importId, status }) => [importId, status])).toEqual([
      [data('HistoryVerified.v1')['importId'], 'verified'],
      ['i-2', 'asserted'],
      ['i-3', 'verified'],
    ]);
    expect([...fold.importedBy.values()]).toEqual(['clerk 1', 'clerk 2', 'clerk 4']);
  });

  it('an import that replaces none ends none', () => {
    const fold = foldPerson(personId, stored(trajectoryStream(id), [started, committed('HistoryImported.v2')]));
    expect(fold.trajectories.get(id)?.importsAndEnded.ended).toHaveLength(0);
  });

  it.each<[string, object]>([
    ['withdraws a line that was never declared', committed('SessionWithdrawn.v1')],
    ['verifies a history that was never imported', committed('HistoryVerified.v1')],
    ['is of a type that is no trajectory event', { type: 'Nonsense.v1', data: {} }],
  ])('stops at an event that %s', (_what, event) => {
    const trajectory = new TrajectoryFold(id, 'annex', '9373');
    expect(() => trajectory.evolve(event as Parameters<typeof trajectory.evolve>[0])).toThrow(BrokenStreamError);
  });
});

describe('a decision stands', () => {
  const decision = decided(line);
  const other = decided('04012345/B');
  const after = (...events: { type: string; data: unknown }[]): PersonFold => {
    const lines = [line, other.line];
    const fold = new PersonFold(personId, new DecisionRows(decisionTable([decision, other], lines), lines));
    for (const event of stored(dossierStream(personId), events)) fold.apply(event);
    return fold;
  };

  it.each<[string, PersonFold, LineDecision, boolean]>([
    ['nothing came after the snapshot', after(), decision, true],
    ['the engine decides otherwise', after(), { ...decision, paidToProvider: 1 }, false],
    ['other lines were decided and booked', after(decides([{ line: other.line, basic: 1 }], [other])), decision, true],
    ['the line was decided anew', after(decides([], [decision])), decision, false],
    ['money of the line was booked', after(decides([{ line, basic: 1 }])), decision, false],
  ])('for sure only while it lies in the snapshot, and so does what is booked of it: %s', (_when, fold, asked, expected) => {
    expect(fold.stands(asked)).toBe(expected);
  });
});
