/**
 * Which policy is in effect, in the one stream `policy-book`.
 *
 * WARNING: the storage format; see ./trajectory.ts.
 */
export interface PolicyActivated {
  readonly type: 'PolicyActivated.v1';
  readonly data: {
    /** SHA-256 of the canonical JSON of the policy document, hex; the content is kept under it. */
    readonly digest: string;
    readonly version: string;
  };
}

export type PolicyBookEvent = PolicyActivated;
