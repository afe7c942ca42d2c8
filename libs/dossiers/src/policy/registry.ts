import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import { installSchema } from '#libs/platform';
import { compilePolicy, type PolicyBook } from '#libs/coverage';
import { NO_STREAM, type EventStore } from '#libs/event-store';
import { policyFromContent } from '#libs/policy-files';
import { POLICY_BOOK_STREAM, type CommandId, type PolicyActivated } from '#libs/trajectory';
import { commandIdFrom, eventId } from '../person/event-ids';

export interface PolicyInEffect {
  readonly book: PolicyBook;
  /** Id of the `PolicyActivated` event: the cause of what persons are decided anew by it. */
  readonly activation: string;
}

/** No policy version has been activated yet, or its content is not kept. */
export class PolicyMissingError extends Error {
  override readonly name = 'PolicyMissingError';
}

/** The version may not take effect: nothing was kept or changed. */
export class PolicyRefusedError extends Error {
  override readonly name = 'PolicyRefusedError';
}

/** Creates the table that keeps policy content under its digest; rows are never changed. */
export async function installPolicyContent(pool: Pool): Promise<void> {
  await installSchema(
    pool,
    'policy content',
    `
    create schema if not exists policy;
    create table if not exists policy.content (
      digest text primary key, version text not null, content text not null, kept_at timestamptz not null default now())`,
  );
}

/** Which policy version is in effect, by the policy book's stream; compiled books are kept by digest. */
export class PolicyRegistry {
  readonly #compiled = new Map<string, PolicyBook>();
  #revision = -1;
  #inEffect: PolicyInEffect | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly pool: Pool,
  ) {}

  /** The version in effect now. Throws PolicyMissingError. */
  async inEffect(): Promise<PolicyInEffect> {
    const [news = []] = await this.store.readStreams([{ stream: POLICY_BOOK_STREAM, fromRevision: this.#revision + 1 }]);
    const last = news.at(-1);
    if (last !== undefined) {
      const { digest } = last.data as PolicyActivated['data'];
      const book = await this.byDigest(digest);
      // Another call may have read a later activation meanwhile: never back to an older one.
      if (last.revision > this.#revision) {
        this.#inEffect = { book, activation: last.id };
        this.#revision = last.revision;
      }
    }
    if (this.#inEffect === null)
      throw new PolicyMissingError('no policy version is active: activate one first (traject policy activate)');
    return this.#inEffect;
  }

  /** The version with this digest, active or not. Throws PolicyMissingError. */
  async byDigest(digest: string): Promise<PolicyBook> {
    const known = this.#compiled.get(digest);
    if (known !== undefined) return known;
    const { rows } = await this.pool.query<{ content: string }>('select content from policy.content where digest = $1', [digest]);
    const content = rows[0]?.content;
    if (content === undefined) throw new PolicyMissingError(`the content of policy ${digest} is not kept here`);
    if (createHash('sha256').update(content).digest('hex') !== digest)
      throw new PolicyMissingError(`the content kept as policy ${digest} has been altered`);
    const book = compilePolicy(policyFromContent(content), digest);
    this.#compiled.set(digest, book);
    return book;
  }

  /**
   * Makes a version take effect. Activating the version in effect again does nothing; an earlier one may take effect again.
   * Answers whether it changed.
   * @throws PolicyRefusedError for a scenario, and for a version that was activated before with other content: a version that
   *   persons were decided by is never edited
   */
  async activate(policy: { digest: string; version: string; content: string }, actor: string): Promise<boolean> {
    if (isScenario(policy.content))
      throw new PolicyRefusedError(
        'a scenario never takes effect: put its values into the policy files, each with its dates and source, raise version in policy.yaml, and activate that folder',
      );
    for (;;) {
      const [events = []] = await this.store.readStreams([{ stream: POLICY_BOOK_STREAM }]);
      const last = events.at(-1);
      if (last !== undefined && (last.data as PolicyActivated['data']).digest === policy.digest) return false;
      for (const { data } of events) {
        const activated = data as PolicyActivated['data'];
        if (activated.version === policy.version && activated.digest !== policy.digest)
          throw new PolicyRefusedError(
            `version ${policy.version} was activated before with other content (digest ${activated.digest}), and a version in use is never edited: raise version in policy.yaml (traject policy diff ${activated.digest} FOLDER lists what differs)`,
          );
      }
      await this.keep(policy);
      const revision = last?.revision ?? NO_STREAM;
      const commandId: CommandId = commandIdFrom('activate-policy', `${revision}/${policy.digest}`);
      const event: PolicyActivated = { type: 'PolicyActivated.v1', data: { digest: policy.digest, version: policy.version } };
      const stream = POLICY_BOOK_STREAM;
      const events_ = [{ id: eventId(commandId, stream, 0), ...event, metadata: { commandId, actor } }];
      const [answer] = await this.store.append([{ streams: [{ stream, expectedRevision: revision, events: events_ }] }]);
      if (answer?.outcome === 'appended' || answer?.outcome === 'already-appended') return true;
      if (answer?.outcome === 'unknown') throw answer.error;
    }
  }

  private async keep({ digest, version, content }: { digest: string; version: string; content: string }): Promise<void> {
    await this.pool.query(
      'insert into policy.content (digest, version, content) values ($1, $2, $3) on conflict (digest) do nothing',
      [digest, version, content],
    );
  }
}

const isScenario = (content: string): boolean => 'scenario' in (JSON.parse(content) as object);
