/** What is done to one made-up person, from nothing to the last correction: all of it is values, so that a case can be told, cut down and done again. */
import type { ClaimLine, CorrectionKind } from '#libs/dossiers';
import type { InsurancePeriod, PackagePeriod } from '#libs/trajectory';

/** `key`: the id of the command follows from it, and of that the ids of imports and statements; so they stay when other acts are left out. */
interface Keyed {
  readonly key: string;
}

export interface Register extends Keyed {
  readonly act: 'register';
  readonly insurance: readonly InsurancePeriod[];
  readonly packages: readonly PackagePeriod[];
  readonly diedOn: string | null;
}

export interface Declare extends Keyed {
  readonly act: 'declare';
  readonly receivedOn: string;
  /** Of the second person, to whom lines may be moved; left out: of the first. */
  readonly ofOther?: true;
  readonly lines: readonly ClaimLine[];
}

/** Another version of the policy takes effect, that says the same. */
export interface Activate extends Keyed {
  readonly act: 'activate';
}

export interface Correct extends Keyed {
  readonly act: 'correct';
  readonly kind: CorrectionKind;
  /** As it is sent: the kind's form may refuse it. */
  readonly sent: unknown;
  /** Who gives it; left out: the clerk who gives all that nobody else has to. */
  readonly actor?: string;
}

export type Act = Register | Declare | Activate | Correct;

/** A correction that is looked at, before and after other things happened, and then made. */
export interface Attempt {
  readonly correction: Correct;
  /** What happens between the first look at it and the moment that it is made. */
  readonly between: readonly Act[];
}

export interface Case {
  readonly seed: number;
  readonly birthDate: string;
  /** The store has transactions over streams. */
  readonly atomicUnits: boolean;
  readonly before: readonly Act[];
  readonly attempts: readonly Attempt[];
}
