import type { Regime, StatementFact } from '#libs/trajectory';

/** How a statement names the trajectory it is about: by a code of its lineage. */
export interface NamedTrajectory {
  /** DCSPH code, four digits. */
  readonly diagnosis: string;
  /** Needed only where the person has trajectories of several regimes under the code. */
  readonly regime?: Regime;
}

/** What is given of a statement: its evidence and contents; its id follows from the command. */
export type StatementInput<E extends StatementFact> = NamedTrajectory & Omit<E['data'], 'statementId'>;
