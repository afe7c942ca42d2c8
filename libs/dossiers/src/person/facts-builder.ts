import {
  regimeOf,
  routeOf,
  trajectoryStream,
  type DossierEvent,
  type InsurerSwitched,
  type IsoDate,
  type PersonDecided,
  type PersonState,
  type Regime,
  type TrajectoryEvent,
  type TrajectoryId,
} from '#libs/trajectory';
import type { PlannedFacts } from './command';
import { trajectoryId } from './event-ids';

/** Collects the facts that a command adds to a person, starting trajectories where there are none yet. */
export class FactsBuilder {
  readonly #dossier: Exclude<DossierEvent, PersonDecided>[] = [];
  readonly #trajectories = new Map<TrajectoryId, TrajectoryEvent[]>();

  constructor(private readonly state: PersonState) {}

  dossier(event: Exclude<DossierEvent, PersonDecided>): void {
    this.#dossier.push(event);
  }

  trajectory(id: TrajectoryId, event: TrajectoryEvent): void {
    const events = this.#trajectories.get(id);
    if (events === undefined) this.#trajectories.set(id, [event]);
    else events.push(event);
  }

  /** The trajectory that holds this regime and code; started and linked when the person has none yet. */
  trajectoryFor(regime: Regime, diagnosis: string): TrajectoryId {
    const { personId } = this.state.facts;
    const routed = routeOf(this.state.facts, regime, diagnosis);
    const id = routed ?? trajectoryId(personId, regime, diagnosis);
    const linked = this.state.facts.trajectories.get(id);
    // Linked but not begun: the process that linked it stopped in between (only on a store without transactions over streams).
    const isStarted = this.#trajectories.has(id) || (this.state.revisions.get(trajectoryStream(id)) ?? -1) >= 0;
    if (isStarted) return id;
    const under = linked?.diagnosis ?? diagnosis;
    if (linked === undefined) this.dossier({ type: 'TrajectoryLinked.v1', data: { trajectoryId: id, regime, diagnosis: under } });
    this.trajectory(id, { type: 'TrajectoryStarted.v1', data: { trajectoryId: id, personId, regime, diagnosis: under } });
    return id;
  }

  /** A switch concerns an Annex trajectory: only those lose their count. One switch of a date and code is recorded once. */
  recordSwitch(
    diagnosis: string,
    switchDate: IsoDate,
    previousInsurer: string | undefined,
    recordedBy: InsurerSwitched['data']['recordedBy'],
  ): void {
    const id = this.trajectoryFor(regimeOf('001'), diagnosis);
    const known = this.state.facts.trajectories.get(id)?.switches ?? [];
    if (known.some((each) => each.switchDate === switchDate)) return;
    this.trajectory(id, {
      type: 'InsurerSwitched.v1',
      data: { switchDate, ...(previousInsurer === undefined ? {} : { previousInsurer }), recordedBy },
    });
  }

  build(): PlannedFacts {
    return { dossier: this.#dossier, trajectories: this.#trajectories };
  }
}
