import type { DossierContext } from '../context';

/** What campaigns work with. `access` records whom they look at and change; null only over a store that is nobody's data. */
export type CampaignContext = Pick<DossierContext, 'store' | 'policies' | 'foldCache' | 'today' | 'access'>;

/** Told how far it is; `signal` ends it between two groups. */
export interface Watch<T> {
  readonly onProgress?: (progress: T) => void;
  readonly signal?: AbortSignal;
  /** Asked before every group of a run; no = as if the signal had ended it. */
  readonly mayGoOn?: () => Promise<boolean>;
}
