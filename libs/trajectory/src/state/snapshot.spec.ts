import { FOLD_VERSION, foldPerson, PERSON_EVENT_TYPES, PersonFold, restorePerson, snapshotOf } from '../index';
import type { CommandId, LineDecision, LineKey, PersonId, TrajectoryId } from '../index';
import { dossierStream, trajectoryStream } from '../ids';
import { data, stored } from '../testing/fixtures';

const personId = data('PersonRegistered.v1')['personId'] as PersonId;
const id = data('TrajectoryStarted.v1')['trajectoryId'] as TrajectoryId;
const other = 't-2' as TrajectoryId;

/** A person with every kind of event there is, several lines of every shape among them. */
function everything(): PersonFold {
  const line = data('SessionDeclared.v1');
  const lines = [
    line,
    {
      ...line,
      reference: 'B',
      startTime: '09:30',
      side: 'left',
      authorisation: 'A 1',
      referralDate: undefined,
      therapist: undefined,
    },
    { ...line, reference: 'C', source: { command: 'c-1' }, deductibleAge: false },
    { ...line, reference: 'D', quantity: 3 },
  ].map((each) => ({ type: 'SessionDeclared.v1', data: JSON.parse(JSON.stringify(each)) as unknown }));
  const decided = data('PersonDecided.v1') as unknown as { decisions: LineDecision[]; entries: object[] };
  const [first] = decided.decisions as [LineDecision];
  const decisions: LineDecision[] = [
    first,
    {
      ...first,
      line: '04012345/B' as LineKey,
      status: 'held',
      condition: null,
      units: [],
      codes: ['0613', '8072'],
      flags: ['csi-differs', 'x'],
    },
    {
      ...first,
      line: '04012345/D' as LineKey,
      units: [
        { position: 19, purse: 'supplementary', cents: 1333, rule: 'within-threshold' },
        { position: 20, purse: 'insured', cents: 1333, rule: 'within-threshold' },
        { position: null, purse: null, cents: 1334, rule: 'other' },
      ],
      deductible: true,
      reason: { rule: 'none', values: {} },
    },
  ];
  return foldPerson(personId, [
    ...stored(dossierStream(personId), [
      ...['PersonRegistered.v1', 'InsuranceStated.v1', 'PackagesStated.v1', 'SwitchReported.v1', 'TrajectoryLinked.v1'].map(
        (type) => ({ type, data: data(type) }),
      ),
      { type: 'PersonDecided.v1', data: { ...decided, decisions, entries: [...decided.entries, { line: 'gone/1', basic: 5 }] } },
      { type: 'PersonErased.v1', data: data('PersonErased.v1') },
    ]),
    ...stored(trajectoryStream(id), [
      { type: 'TrajectoryStarted.v1', data: data('TrajectoryStarted.v1') },
      ...lines,
      ...[
        'SessionWithdrawn.v1',
        'InsurerSwitched.v1',
        'HistoryImported.v2',
        'HistoryVerified.v1',
        'HistoryRetracted.v1',
        'DiagnosisRemapped.v1',
        'RemapReverted.v1',
        'DiagnosisRemapped.v1',
        'TrajectoryAbsorbed.v1',
        'ClinicalFactsStated.v1',
        'ConditionConfirmed.v1',
        'NewEpisodeConfirmed.v1',
        'CareClassChanged.v1',
        'TermExtended.v1',
        'AuthorisationGranted.v1',
        'StatementRetracted.v1',
      ].map((type) => ({ type, data: data(type) })),
      { type: 'SessionMovedIn.v1', data: movedIn('F') },
      { type: 'SessionMovedIn.v1', data: movedIn('G') },
      { type: 'SessionMovedOut.v1', data: { ...data('SessionMovedOut.v1'), reference: 'G', move: 2 } },
      ...['DecisionOverridden.v1', 'OverrideEnded.v1', 'DecisionOverridden.v1'].map((type) => ({
        type,
        data: { ...data(type), reference: 'D' },
      })),
      { type: 'SessionWithdrawn.v1', data: { ...data('SessionWithdrawn.v1'), reference: 'C' } },
      { type: 'HistoryImported.v1', data: { ...data('HistoryImported.v1'), importId: 'i-2' } },
      { type: 'HistoryImported.v2', data: { ...data('HistoryImported.v2'), importId: 'i-3' } },
      { type: 'HistoryVerified.v1', data: { importId: 'i-3' } },
    ]).map((event) => ({ ...event, metadata: { actor: 'clerk' } })),
    ...stored(trajectoryStream(other), [
      { type: 'TrajectoryStarted.v1', data: { ...data('TrajectoryStarted.v1'), trajectoryId: other, diagnosis: '3176' } },
      { type: 'SessionDeclared.v1', data: { ...line, reference: 'E', diagnosis: '3176' } },
    ]),
  ]);
}

const movedIn = (reference: string): object => {
  const { session, ...rest } = data('SessionMovedIn.v1');
  return { ...rest, session: { ...(session as object), reference } };
};

/** What the engine, the settlement and the plans of commands read of a person. */
const readable = (fold: PersonFold): unknown => ({
  ...Object.fromEntries(
    Object.entries(fold).filter(([name]) => !['decidedCommands', 'lastDecided', 'trajectories', 'booked'].includes(name)),
  ),
  lastDecided: fold.lastDecided && { ...fold.lastDecided, decisions: null, withdrawn: null, entries: null },
  trajectories: [...fold.trajectories.values()].map((each) => ({
    ...each,
    histories: each.histories,
    statements: each.statements,
    statementsAndRetracted: each.statementsAndRetracted,
  })),
  booked: [...fold.booked].filter(([, booking]) => Object.values(booking).some((cents) => cents !== 0)).sort(),
});

describe('a snapshot of a folded person', () => {
  it('gives back all that is read of the fold, whatever events it was made of', () => {
    const fold = everything();
    expect(PERSON_EVENT_TYPES.length).toBe(29); // a new type: put it into `everything`
    const restored = restorePerson(snapshotOf(fold, ['c-0' as CommandId]));
    expect(readable(restored?.fold as PersonFold)).toEqual(readable(fold));
    expect([...(restored?.commands ?? [])]).toEqual(['c-0', ...fold.decidedCommands.keys()]);
  });

  it('goes on from where it was taken', () => {
    const fold = restorePerson(snapshotOf(everything()))?.fold as PersonFold;
    const next = { stream: dossierStream(personId), type: 'PersonDecided.v1', data: data('PersonDecided.v1') };
    expect(() => fold.apply({ ...next, revision: 5 })).toThrow(/not continuous/);
    fold.apply({ ...next, revision: 7 });
    expect(fold.lastDecided).toEqual(data('PersonDecided.v1'));
  });

  it('of a person about whom nothing was decided says so', () => {
    const restored = restorePerson(snapshotOf(new PersonFold(personId)));
    expect(restored?.fold.lastDecided).toBeNull();
    expect([...(restored?.commands ?? ['none read'])]).toEqual([]);
  });

  it('holds no decision twice, and of what is booked only what differs from the decision', () => {
    const { booked, lastDecided } = JSON.parse(snapshotOf(everything())) as Record<'booked' | 'lastDecided', unknown>;
    const nothing = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };
    expect(booked).toEqual([
      ['04012345/B', nothing],
      ['04012345/D', nothing],
      ['gone/1', { ...nothing, basic: 5 }],
    ]);
    expect(lastDecided).toMatchObject({ decisions: [], withdrawn: [], entries: [] });
  });

  it('of another version is not read', () => {
    const text = snapshotOf(everything()).replace(`"version":${FOLD_VERSION}`, `"version":${FOLD_VERSION + 1}`);
    expect(restorePerson(text)).toBeNull();
  });
});
