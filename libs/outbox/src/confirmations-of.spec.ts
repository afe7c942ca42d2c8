/** What a practice is told of, read off what is recorded. */
import type { LogPosition, RecordedEvent } from '#libs/event-store';
import type { LineDecision } from '#libs/trajectory';
import { confirmationsOf } from './confirmations-of';

const PERSON = 'a8473d8c-80b2-4fa7-922e-81d4bda5d433';
const [SURVIVOR, ABSORBED] = ['5b2d6f6a-3d0b-4d53-9a0c-0a5d4b0c1a01', '5b2d6f6a-3d0b-4d53-9a0c-0a5d4b0c1a02'];
const PRACTICES = ['04000001', '04000002'] as const;
const [DECLARING, REVERTING] = ['declaring', 'reverting'];

/** Two trajectories of which one was absorbed, each with a line of a practice of its own. */
class Dossier {
  readonly events: RecordedEvent[] = [];

  constructor() {
    const trajectories = [SURVIVOR, ABSORBED].map((trajectoryId, i) => ({
      ...{ trajectoryId: trajectoryId ?? '', regime: 'annex', diagnosis: ['9376', '3176'][i] ?? '' },
    }));
    this.append(`dossier-${PERSON}`, 'PersonRegistered.v1', DECLARING, { personId: PERSON });
    for (const each of trajectories) this.append(`dossier-${PERSON}`, 'TrajectoryLinked.v1', DECLARING, each);
    trajectories.forEach((each, i) => {
      const stream = `trajectory-${each.trajectoryId}`;
      this.append(stream, 'TrajectoryStarted.v1', DECLARING, { ...each, personId: PERSON });
      this.append(stream, 'SessionDeclared.v1', DECLARING, {
        ...{ practice: PRACTICES[i], reference: 'R-1', date: `2024-0${i + 5}-06`, list: '012', performance: '1000', quantity: 1 },
        ...{ diagnosis: each.diagnosis, csi: '008', tariffCents: 4000, calculatedCents: 4000, declaredCents: 4000 },
        ...{ insurer: '3343', invoice: 'F-1', ageYears: 50, deductibleAge: true, receivedOn: '2024-08-01' },
        source: { command: DECLARING },
      });
    });
    this.append(`trajectory-${ABSORBED}`, 'TrajectoryAbsorbed.v1', DECLARING, { into: SURVIVOR, reason: 'x' });
  }

  append(stream: string, type: string, commandId: string | undefined, data: object): RecordedEvent {
    const revision = this.events.filter((each) => each.stream === stream).length;
    const n = this.events.length + 1;
    const event: RecordedEvent = {
      ...{ id: `event-${n}`, stream, revision, type, data, position: `1-${n}` as LogPosition },
      ...{ recordedAt: '2024-08-01T10:00:00.000Z', metadata: { commandId: commandId ?? '', actor: 'test', personId: PERSON } },
    };
    this.events.push(event);
    return event;
  }

  /** Decides both lines anew, under the command that took the absorption back. */
  decided(): RecordedEvent {
    const seen = Object.fromEntries(this.events.map(({ stream, revision }) => [stream, revision]));
    const decisions = [SURVIVOR, ABSORBED].map((trajectory, i) => ({
      ...{ line: `${PRACTICES[i]}/R-1`, trajectory, status: 'decided', condition: null, units: [], codes: [], flags: [] },
      ...{ split: { basic: 0, supplementary: 0, insured: 4000, refused: 0, undecided: 0 }, deductible: false },
      ...{ paidToProvider: 4000, claimFromInsured: 4000, reason: { rule: 'within-threshold', values: {} } },
    })) as unknown as LineDecision[];
    return this.append(`dossier-${PERSON}`, 'PersonDecided.v1', REVERTING, {
      ...{ cause: { command: REVERTING, type: 'RevertAbsorption' }, seen, policy: { digest: 'd'.repeat(64), version: '1' } },
      ...{ engine: 'test', decisions, withdrawn: [], entries: [] },
    });
  }
}

it.each([
  ['an absorption that was taken back alone', [], 'absorption-reverted'],
  ['one that was taken back with its remap', ['RemapReverted.v1'], 'remap-reverted'],
])('%s is told as what it is, to the practices of both trajectories', (_, more, confirmed) => {
  const dossier = new Dossier();
  if (more.length > 0)
    dossier.append(`trajectory-${SURVIVOR}`, 'DiagnosisRemapped.v1', DECLARING, {
      ...{ from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'x' },
    });
  dossier.append(`trajectory-${ABSORBED}`, 'AbsorptionReverted.v1', REVERTING, { from: SURVIVOR, reason: 'x' });
  for (const type of more)
    dossier.append(`trajectory-${SURVIVOR}`, type, REVERTING, {
      ...{ from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'x' },
    });
  const told = confirmationsOf(dossier.decided(), dossier.events);
  expect(told.map((each) => [each.practice, each.confirmed, each.lines])).toEqual(
    PRACTICES.map((practice) => [practice, confirmed, [{ invoice: 'F-1', reference: 'R-1' }]]),
  );
});
