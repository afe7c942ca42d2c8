import {
  departureOf,
  departuresOf,
  foldPerson,
  hasArrived,
  PERSON_EVENT_TYPES,
  UnknownEventTypeError,
  currentClaimFileEvent,
  currentEvent,
  dossierStream,
  trajectoryStream,
  lineKey,
} from '../index';
import type { ClaimFileEvent, PersonId, PolicyBookEvent, StoredEvent, TrajectoryId } from '../index';
import { data, fixtures, stored } from '../testing/fixtures';

/** Types of streams that belong to no one person. The compiler holds the list against the unions. */
const OTHER_TYPES: Record<(ClaimFileEvent | PolicyBookEvent)['type'], true> = {
  'ClaimFileReceived.v1': true,
  'LinesProcessed.v2': true,
  'ClaimFileCompleted.v1': true,
  'ClaimFileRefused.v1': true,
  'PolicyActivated.v1': true,
};

const personId = data('PersonRegistered.v1')['personId'] as PersonId;
const first = data('TrajectoryStarted.v1')['trajectoryId'] as TrajectoryId;
const line = lineKey('04012345', '2024-000017');

const committed = (stream: string, types: readonly string[]): StoredEvent[] =>
  stored(
    stream,
    types.map((type) => ({ type, data: data(type) })),
  );
const dossier = (...types: string[]): StoredEvent[] => committed(dossierStream(personId), types);
const trajectory = (...types: string[]): StoredEvent[] => committed(trajectoryStream(first), ['TrajectoryStarted.v1', ...types]);

describe('the storage format', () => {
  it.each([...PERSON_EVENT_TYPES, ...Object.keys(OTHER_TYPES)])('has a committed fixture of %s', (type) => {
    expect(fixtures.get(type)?.type).toBe(type);
  });

  it('has no fixture of a type that is no longer read', () => {
    for (const [name, fixture] of fixtures) {
      expect(fixture.type).toBe(name);
      if (currentClaimFileEvent(fixture.type, fixture.data).type in OTHER_TYPES) continue;
      expect(currentEvent(fixture.type, fixture.data).data).toEqual(fixture.data);
    }
  });

  it('reads what was processed before anything but the file itself was told of', () => {
    expect(currentClaimFileEvent('LinesProcessed.v1', data('LinesProcessed.v1'))).toEqual({
      type: 'LinesProcessed.v2',
      data: { ...data('LinesProcessed.v1'), standing: [] },
    });
  });

  it('reads an import of the time when nobody was asked for the day of signing as it was', () => {
    expect(currentEvent('HistoryImported.v1', data('HistoryImported.v1'))).toEqual({
      type: 'HistoryImported.v2',
      data: data('HistoryImported.v1'),
    });
  });

  it('holds no birth date and no citizen service number in any field name', () => {
    const names = new Set(
      [...fixtures.values()].flatMap((fixture) => [...JSON.stringify(fixture).matchAll(/"([^"]+)":/g)].map((match) => match[1])),
    );
    for (const name of names) expect(name).not.toMatch(/bsn|birth|name$|address|postcode/i);
  });

  it('reads an old version through its upcasters', () => {
    const upcasters = new Map([
      ['SessionWithdrawn.v0', (old: unknown) => ({ type: 'SessionWithdrawn.v1', data: { ...(old as object), invoice: '' } })],
    ]);
    expect(currentEvent('SessionWithdrawn.v0', { reference: 'x' }, upcasters)).toEqual({
      type: 'SessionWithdrawn.v1',
      data: { reference: 'x', invoice: '' },
    });
  });

  it('stops at a type that it does not know', () => {
    expect(() => currentEvent('SessionDeclared.v99', {})).toThrow(UnknownEventTypeError);
    expect(() => foldPerson(personId, [{ stream: dossierStream(personId), revision: 0, type: 'Nonsense.v1', data: {} }])).toThrow(
      /newer version/,
    );
  });
});

describe('folding a person from the fixtures', () => {
  const registered = dossier(
    'PersonRegistered.v1',
    'InsuranceStated.v1',
    'PackagesStated.v1',
    'SwitchReported.v1',
    'TrajectoryLinked.v1',
    'PersonDecided.v1',
  );

  it('knows insurance, packages, switches, links and the last decision', () => {
    const state = foldPerson(personId, registered);
    expect(state.registered).toBe(true);
    expect(state.insurance).toHaveLength(2);
    expect(state.packages).toEqual(data('PackagesStated.v1')['packages']);
    expect(state.reportedSwitches).toEqual([data('SwitchReported.v1')]);
    expect(state.trajectories.get(first)).toMatchObject({ regime: 'annex', diagnosis: '9373' });
    expect(state.lastDecided).toEqual(data('PersonDecided.v1'));
    expect(state.decisions.get(line)?.status).toBe('decided');
    expect(state.booked.get(line)).toEqual({
      basic: 0,
      supplementary: 0,
      insured: 4000,
      paidToProvider: 4000,
      claimFromInsured: 4000,
    });
    expect([...state.decidedCommands.keys()]).toEqual([(data('PersonDecided.v1')['cause'] as { command: string }).command]);
    expect(state.revisions.get(trajectoryStream(first))).toBe(-1);
  });

  it('a credited line is no session any more, and its key stays known', () => {
    const state = foldPerson(personId, trajectory('SessionDeclared.v1', 'SessionWithdrawn.v1'));
    expect(state.trajectories.get(first)?.sessions.size).toBe(0);
    expect(state.trajectories.get(first)?.withdrawn.get(line)).toMatchObject({ creditReference: '2024-000099' });
  });

  const elsewhere = { ...data('SessionMovedOut.v1'), to: { trajectory: 't-2' } };
  const events = (...given: readonly (string | { type: string; data: unknown })[]): StoredEvent[] =>
    stored(
      trajectoryStream(first),
      ['TrajectoryStarted.v1', ...given].map((each) => (typeof each === 'string' ? { type: each, data: data(each) } : each)),
    );

  it('a line that was moved in counts under the code of the move, and as it was declared for the rest', () => {
    const moved = foldPerson(personId, events('SessionMovedIn.v1')).trajectories.get(first)?.sessions.get(line);
    expect(moved).toEqual({ ...(data('SessionMovedIn.v1')['session'] as object), line, moved: { move: 1, under: '9374' } });
  });

  it('a line that was moved out is no session any more; one that went to another person is known to have gone, until it comes back', () => {
    const within = foldPerson(personId, events('SessionDeclared.v1', { type: 'SessionMovedOut.v1', data: elsewhere }));
    expect(within.trajectories.get(first)?.sessions.size).toBe(0);
    expect(departuresOf(within)).toEqual([]);
    const gone = foldPerson(personId, events('SessionDeclared.v1', 'SessionMovedOut.v1'));
    expect(departureOf(gone, line)).toMatchObject({ move: 1, under: '9374', person: '9a000000-0000-4000-8000-000000000002' });
    expect(departuresOf(gone)).toHaveLength(1);
    const back = { type: 'SessionMovedIn.v1', data: { ...data('SessionMovedIn.v1'), move: 2 } };
    const returned = foldPerson(personId, events('SessionDeclared.v1', 'SessionMovedOut.v1', back));
    expect(departureOf(returned, line)).toBeNull();
    expect([1, 2, 3].map((move) => hasArrived(returned, line, move))).toEqual([true, true, false]);
  });

  it('of two departures from two trajectories the later one tells where the line is', () => {
    const out = (move: number, person: string) => ({
      type: 'SessionMovedOut.v1',
      data: { ...data('SessionMovedOut.v1'), move, to: { person } },
    });
    const back = { type: 'SessionMovedIn.v1', data: { ...data('SessionMovedIn.v1'), move: 2 } };
    const second = 't-2' as TrajectoryId;
    const fold = foldPerson(personId, [
      ...events('SessionDeclared.v1', out(1, 'p-1')),
      ...stored(trajectoryStream(second), [
        { type: 'TrajectoryStarted.v1', data: { ...data('TrajectoryStarted.v1'), trajectoryId: second } },
        back,
        out(3, 'p-2'),
      ]),
    ]);
    expect(departureOf(fold, line)).toMatchObject({ person: 'p-2', move: 3 });
    expect(hasArrived(fold, line, 2)).toBe(true);
  });

  it('a line that is not there cannot be moved out', () => {
    expect(() => foldPerson(personId, events('SessionMovedOut.v1'))).toThrow(/not there/);
  });

  it('a retracted history is not in effect', () => {
    expect(foldPerson(personId, trajectory('HistoryImported.v1')).trajectories.get(first)?.histories).toHaveLength(1);
    expect(
      foldPerson(personId, trajectory('HistoryImported.v1', 'HistoryRetracted.v1')).trajectories.get(first)?.histories,
    ).toHaveLength(0);
  });

  it('a history is asserted until it is verified, and no longer in effect once it is retracted', () => {
    const statusAfter = (...types: string[]) =>
      foldPerson(personId, trajectory('HistoryImported.v2', ...types))
        .trajectories.get(first)
        ?.histories.map(({ status }) => status);
    expect(statusAfter()).toEqual(['asserted']);
    expect(statusAfter('HistoryVerified.v1')).toEqual(['verified']);
    expect(statusAfter('HistoryVerified.v1', 'HistoryRetracted.v1')).toEqual([]);
  });

  it('a statement is in effect until it is retracted, whichever of the two comes first', () => {
    const kinds = (...types: string[]): string[] =>
      (foldPerson(personId, trajectory(...types)).trajectories.get(first)?.statements ?? []).map(({ type }) => type);
    const all = [
      'ClinicalFactsStated.v1',
      'ConditionConfirmed.v1',
      'NewEpisodeConfirmed.v1',
      'CareClassChanged.v1',
      'TermExtended.v1',
      'AuthorisationGranted.v1',
    ];
    expect(kinds(...all)).toEqual(all);
    const rest = all.filter((type) => type !== 'ConditionConfirmed.v1');
    expect(kinds(...all, 'StatementRetracted.v1')).toEqual(rest);
    expect(kinds('StatementRetracted.v1', ...all)).toEqual(rest);
  });

  it('an override is in effect until it is ended or its line is credited or moved', () => {
    const overrides = (...types: string[]) =>
      foldPerson(personId, trajectory('SessionDeclared.v1', ...types)).trajectories.get(first)?.overrides;
    expect([...(overrides('DecisionOverridden.v1') ?? [])]).toEqual([[line, data('DecisionOverridden.v1')]]);
    expect(overrides('DecisionOverridden.v1', 'OverrideEnded.v1')?.size).toBe(0);
    expect(overrides('DecisionOverridden.v1', 'SessionWithdrawn.v1')?.size).toBe(0);
    expect(overrides('DecisionOverridden.v1', 'SessionMovedOut.v1')?.size).toBe(0);
    expect(() => foldPerson(personId, trajectory('DecisionOverridden.v1'))).toThrow(/does not stand/);
  });

  it('an ended override ends no other of the same line', () => {
    const other = { ...data('DecisionOverridden.v1'), overrideId: '07e60000-0000-5000-8000-000000000002' };
    const events = stored(trajectoryStream(first), [
      ...['TrajectoryStarted.v1', 'SessionDeclared.v1', 'DecisionOverridden.v1', 'OverrideEnded.v1'].map((type) => ({
        type,
        data: data(type),
      })),
      { type: 'DecisionOverridden.v1', data: other },
      { type: 'OverrideEnded.v1', data: data('OverrideEnded.v1') },
    ]);
    expect([...(foldPerson(personId, events).trajectories.get(first)?.overrides.values() ?? [])]).toEqual([other]);
  });

  it('an absorption stands until it is reverted', () => {
    const into = data('TrajectoryAbsorbed.v1')['into'];
    expect(foldPerson(personId, trajectory('TrajectoryAbsorbed.v1')).trajectories.get(first)?.absorbedInto).toBe(into);
    expect(
      foldPerson(personId, trajectory('TrajectoryAbsorbed.v1', 'AbsorptionReverted.v1')).trajectories.get(first)?.absorbedInto,
    ).toBeNull();
  });

  it('keeps switches and remaps in order of recording', () => {
    const facts = foldPerson(personId, trajectory('InsurerSwitched.v1', 'DiagnosisRemapped.v1')).trajectories.get(first);
    expect(facts?.switches).toEqual([data('InsurerSwitched.v1')]);
    expect(facts?.remaps).toEqual([data('DiagnosisRemapped.v1')]);
  });

  it('a remap that is taken back is gone, and what was never made cannot be taken back', () => {
    const remaps = (...types: string[]) => foldPerson(personId, trajectory(...types)).trajectories.get(first)?.remaps;
    expect(remaps('DiagnosisRemapped.v1', 'RemapReverted.v1')).toEqual([]);
    expect(remaps('DiagnosisRemapped.v1', 'RemapReverted.v1', 'DiagnosisRemapped.v1')).toEqual([data('DiagnosisRemapped.v1')]);
    expect(() => remaps('RemapReverted.v1')).toThrow(/never made/);
  });

  it('an erased person is known to be so, with every fact and booking as it was', () => {
    const before = foldPerson(personId, registered);
    const after = foldPerson(personId, [
      ...registered,
      ...dossier('PersonErased.v1').map((event) => ({ ...event, revision: 6 })),
    ]);
    expect([before.erasedAt, after.erasedAt]).toEqual([null, data('PersonErased.v1')['erasedAt']]);
    expect([...after.booked]).toEqual([...before.booked]);
    expect(after.lastDecided).toEqual(before.lastDecided);
    expect(after.insurance).toEqual(before.insurance);
  });

  it('refuses a gap in a stream', () => {
    const [one, , three] = registered;
    expect(() => foldPerson(personId, [one, three] as StoredEvent[])).toThrow(/not continuous/);
  });

  it('refuses a trajectory event before its start', () => {
    const event = { stream: trajectoryStream(first), revision: 0, type: 'SessionDeclared.v1', data: data('SessionDeclared.v1') };
    expect(() => foldPerson(personId, [event])).toThrow(/before TrajectoryStarted/);
  });
});
