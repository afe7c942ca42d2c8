/**
 * The money of one line set by hand, for a time. Facts of the trajectory whose stream holds the line.
 *
 * WARNING: the storage format; see ./trajectory.ts.
 *
 * An override is in effect until an `OverrideEnded` names it or its line is credited: a decision never looks at the clock, so a last day
 * that has passed ends nothing by itself.
 */
import type { Cents, IsoDate, OverrideId } from '../ids';

export interface DecisionOverridden {
  readonly type: 'DecisionOverridden.v1';
  readonly data: {
    readonly overrideId: OverrideId;
    /** Key of the line. */
    readonly practice: string;
    readonly reference: string;
    /** Of the whole line; adds up to what was declared. */
    readonly split: { readonly basic: Cents; readonly supplementary: Cents; readonly insured: Cents };
    /** Return code (COD954) of what the provider is not paid; left out: that of the decision it stands in for. */
    readonly code?: string;
    /** Last day on which it is to hold. */
    readonly endsOn: IsoDate;
  };
}

/** The line is decided by its facts again. */
export interface OverrideEnded {
  readonly type: 'OverrideEnded.v1';
  readonly data: {
    readonly overrideId: OverrideId;
    readonly practice: string;
    readonly reference: string;
    /** `ended`: somebody ended it; `lapsed`: its last day had passed. */
    readonly because: 'ended' | 'lapsed';
  };
}

export type OverrideEvent = DecisionOverridden | OverrideEnded;
