/** Opens what the command side of a process needs: event store, identity vault and policy, after the configuration. */
import { AccessWriter, openAccessLog, processAccessor, type AccessLog } from '#libs/access-log';
import { openEventStore, type EventStore } from '#libs/event-store';
import { installIdentityVault, loadKeyEncryptionKey, openIdentityVault } from '#libs/identity';
import { openPool, type TrajectConfig } from '#libs/platform';
import type { CampaignBook } from './campaigns/campaign-book';
import { PostgresCampaignBook } from './campaigns/postgres-campaign-book';
import { installCampaigns } from './campaigns/schema';
import { CampaignWorkBook } from './campaigns/work-book';
import { DossierContext } from './context';
import { installLineKeyRegister, LineKeyRegister } from './declare-claim-lines/line-key-register';
import { reapplyErasures } from './erase-person/apply';
import { ErasureList } from './erase-person/erasure-list';
import { Erasures } from './erase-person/erasures';
import { installErasures } from './erase-person/schema';
import { installFoldCache, PostgresFoldCache } from './person/fold-cache';
import { installPolicyContent, PolicyRegistry } from './policy/registry';
import { ProposalBook } from './proposals/proposal-book';
import { installProposals } from './proposals/schema';

/** Of what a command asks beside the events, which have a pool of their own: each is held for a statement or a short transaction. */
const CONNECTIONS = 4;
/** Each holds a campaign for as long as this process is at it; none is opened before, and the background is at two campaigns. */
const CLAIMS = 4;

/** Without `erasureList` nobody can be erased. */
export type DossierConfig = Pick<TrajectConfig, 'eventStore' | 'keyEncryptionKey'> &
  Partial<Pick<TrajectConfig, 'erasureList' | 'accessLog'>>;

export interface DossierRuntime {
  readonly context: DossierContext;
  readonly store: EventStore;
  /** For whoever runs this process; the API records for its callers. */
  readonly access: AccessWriter;
  /** What is kept of campaigns. */
  readonly campaigns: CampaignBook;
  /** What callers have asked to be done to them in the background. */
  readonly campaignWorks: CampaignWorkBook;
  readonly erasures: Erasures;
  close(): Promise<void>;
}

export interface DossierRuntimeOptions {
  /** Role in which the process works, for the access log; default that of whoever has a shell on the machine. */
  readonly role?: string;
  /** Told when it cannot be noted outside the database where the access log ended. */
  readonly onHeadsFault?: (error: Error) => void;
}

/**
 * Opens store, vault and policies in one database (the events elsewhere, when the configuration says EventStoreDB), and holds the database
 * to the erasure list before it answers: a restored one has erased persons in it. Throws the libraries' own setup errors, which say what
 * to change.
 */
export async function openDossierRuntime(
  config: DossierConfig,
  databaseUrl: string,
  processName: string,
  options: DossierRuntimeOptions = {},
): Promise<DossierRuntime> {
  const pool = openPool(databaseUrl, { max: CONNECTIONS, applicationName: `traject ${processName}` });
  const claims = openPool(databaseUrl, { max: CLAIMS, applicationName: `traject ${processName} claims` });
  let store: EventStore | null = null;
  let accessLog: AccessLog | null = null;
  try {
    store = await openEventStore(config, databaseUrl, { applicationName: `traject ${processName} events` });
    await installIdentityVault(pool);
    await installPolicyContent(pool);
    await installLineKeyRegister(pool);
    await installFoldCache(pool);
    await installProposals(pool);
    await installCampaigns(pool);
    await installErasures(pool);
    const { headsFile = null, purpose = null } = config.accessLog ?? {};
    const { role, onHeadsFault } = options;
    accessLog = await openAccessLog(databaseUrl, processName, {
      headsFile,
      ...(onHeadsFault === undefined ? {} : { onHeadsFault }),
    });
    const access = new AccessWriter(accessLog, processAccessor(processName, purpose, role));
    const kek = await loadKeyEncryptionKey(config.keyEncryptionKey);
    const vault = await openIdentityVault({ pool, kek });
    const [opened, log] = [store, accessLog];
    const context = new DossierContext(
      opened,
      vault,
      new PolicyRegistry(opened, pool),
      new LineKeyRegister(pool, opened),
      new PostgresFoldCache(pool),
      new ProposalBook(pool),
      undefined,
      access,
    );
    const list = config.erasureList == null ? null : new ErasureList(config.erasureList);
    const places = { pool, store: opened, vault, list };
    await reapplyErasures(places);
    return {
      context,
      store: opened,
      access,
      campaigns: new PostgresCampaignBook(pool, claims),
      campaignWorks: new CampaignWorkBook(pool),
      erasures: new Erasures(places, context),
      close: async () => {
        await opened.close();
        await log.close();
        await claims.end();
        await pool.end();
      },
    };
  } catch (error) {
    await store?.close();
    await accessLog?.close();
    await claims.end();
    await pool.end();
    throw error;
  }
}

/** For a process that works on events and tables alone: holds the database to the erasure list, and closes everything again. */
export async function holdToErasureList(config: DossierConfig, databaseUrl: string, processName: string): Promise<void> {
  await (await openDossierRuntime(config, databaseUrl, processName)).close();
}
