/** Does in the background what was asked of campaigns: in any process, after any crash, each campaign in one process at a time. */
import { setTimeout as delay } from 'node:timers/promises';
import type { PersonId } from '#libs/trajectory';
import type { Campaigns } from './campaigns';
import type { CampaignSource } from './shape';
import type { CampaignWork, CampaignWorkBook, CampaignWorkOutcome } from './work-book';

/** What it tells; pino's loggers fit. */
export interface CampaignLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface CampaignWorkerParts {
  readonly campaigns: Campaigns;
  readonly works: CampaignWorkBook;
  /** Whom a campaign may be about, as far as the read models know. */
  readonly candidatesOf: (source: CampaignSource) => AsyncIterable<PersonId>;
  readonly logger: CampaignLogger;
  /** How a fault is told to callers: a code, nothing of our inside. */
  readonly faultOf: (error: unknown) => string;
  /** Default: RETRY. */
  readonly retry?: WorkRetry;
}

/** What to do with work that failed, as a value. */
export interface WorkRetry {
  /** In a row that do nothing; then it is given up until somebody asks again. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  /** The pause doubles up to this. */
  readonly longestPauseMs: number;
}

/** About a minute: longer than a database restarts. */
export const RETRY: WorkRetry = { attempts: 8, firstPauseMs: 500, longestPauseMs: 30_000 };

/** Campaigns that one process works at: each holds a connection for as long as it takes. */
const AT_ONCE = 2;
const MAX_DUE = 100;
const IDLE_MS = 500;
/** Before a campaign that another process is at is tried again. */
const BUSY_MS = 3_000;
const LOOKED_EVERY_MS = 1_000;

export class CampaignWorker {
  readonly #active = new Map<string, Promise<void>>();
  readonly #busyUntil = new Map<string, number>();

  constructor(private readonly parts: CampaignWorkerParts) {}

  /** Works until the signal is aborted; resolves once what was under way has come to the end of a group. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let isLost = false;
    while (!signal.aborted) {
      try {
        await this.beginDue(signal);
        isLost = false;
      } catch (error) {
        if (!isLost) this.parts.logger.warn({ err: error }, 'what is asked of campaigns cannot be read; it tries again');
        isLost = true;
      }
      await delay(IDLE_MS, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(this.#active.values());
  }

  private async beginDue(signal: AbortSignal): Promise<void> {
    if (this.#active.size >= AT_ONCE) return;
    for (const work of await this.parts.works.due(MAX_DUE)) {
      const { workId } = work;
      if (this.#active.size >= AT_ONCE || signal.aborted) return;
      if (this.#active.has(workId) || (this.#busyUntil.get(workId) ?? 0) > Date.now()) continue;
      this.#busyUntil.delete(workId);
      this.#active.set(
        workId,
        this.attempt(work, signal).finally(() => this.#active.delete(workId)),
      );
    }
  }

  private async attempt(work: CampaignWork, signal: AbortSignal): Promise<void> {
    const { works, logger, faultOf, retry = RETRY } = this.parts;
    const { workId, campaignId, kind } = work;
    let hasAdvanced = false;
    const advanced = (): void => void (hasAdvanced = true);
    try {
      const end = await (kind === 'preview' ? this.look(work, signal, advanced) : this.carryOut(work, signal, advanced));
      if (end === 'interrupted') return;
      if (end === 'busy') return void this.#busyUntil.set(workId, Date.now() + BUSY_MS);
      await works.end(work, end);
      logger.info({ campaignId, kind, end }, 'worked at a campaign');
    } catch (error) {
      const attempts = hasAdvanced ? 1 : work.attempts + 1;
      logger.warn({ err: error, campaignId, kind, attempts }, 'work at a campaign failed');
      try {
        await works.failed(
          work,
          faultOf(error),
          attempts,
          Math.min(retry.longestPauseMs, retry.firstPauseMs * 2 ** (attempts - 1)),
        );
        if (attempts >= retry.attempts) await works.end(work, 'failed');
      } catch {
        // the database is away: the next one that reads what is due finds this again
        this.#busyUntil.set(workId, Date.now() + BUSY_MS);
      }
    }
  }

  private async look(
    work: CampaignWork,
    signal: AbortSignal,
    advanced: () => void,
  ): Promise<CampaignWorkOutcome | 'busy' | 'interrupted'> {
    const { works, candidatesOf } = this.parts;
    const { workId, campaignId } = work;
    const campaigns = this.parts.campaigns.as(work.askedBy);
    if (work.anew) {
      const order = { isOpen: () => works.isAnew(workId), isDone: () => works.begun(workId) };
      const begun = await campaigns.previewAnew(campaignId, order);
      if (begun !== 'begun') return begun;
    }
    const campaign = await campaigns.read(campaignId);
    if (campaign === null) return 'decided';
    if (campaign.status === 'previewed') return 'previewed';
    let told = Promise.resolve();
    let toldAtMs = 0;
    const tell = (looked: number): void => {
      toldAtMs = Date.now();
      told = told.then(() => works.looked(workId, looked)).catch(() => undefined);
    };
    let last = work.looked;
    const end = await campaigns.goOnLooking(campaignId, () => candidatesOf(campaign.source), {
      signal,
      onProgress: (looked) => {
        advanced();
        last = looked;
        if (Date.now() - toldAtMs >= LOOKED_EVERY_MS) tell(looked);
      },
    });
    tell(last);
    await told;
    return typeof end === 'string' ? end : 'previewed';
  }

  private carryOut(
    work: CampaignWork,
    signal: AbortSignal,
    advanced: () => void,
  ): Promise<CampaignWorkOutcome | 'busy' | 'interrupted'> {
    const { workId, campaignId, askedBy } = work;
    // once another one lets it go on, it is taken up anew in that one's name
    const mayGoOn = (): Promise<boolean> => this.parts.works.isAskedBy(workId, askedBy.user);
    return this.parts.campaigns.as(askedBy).goOn(campaignId, { signal, onProgress: advanced, mayGoOn });
  }
}
