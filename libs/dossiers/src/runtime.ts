/** Opens what the command side of a process needs: event store, identity vault and policy, after the configuration. */
import { openEventStore, type EventStore } from '#libs/event-store';
import { installIdentityVault, loadKeyEncryptionKey, openIdentityVault } from '#libs/identity';
import { openPool, type TrajectConfig } from '#libs/platform';
import type { CampaignBook } from './campaigns/campaign-book';
import { PostgresCampaignBook } from './campaigns/postgres-campaign-book';
import { installCampaigns } from './campaigns/schema';
import { DossierContext } from './context';
import { installLineKeyRegister, LineKeyRegister } from './declare-claim-lines/line-key-register';
import { installFoldCache, PostgresFoldCache } from './person/fold-cache';
import { installPolicyContent, PolicyRegistry } from './policy/registry';
import { ProposalBook } from './proposals/proposal-book';
import { installProposals } from './proposals/schema';

export interface DossierRuntime {
  readonly context: DossierContext;
  readonly store: EventStore;
  /** What is kept of campaigns. */
  readonly campaigns: CampaignBook;
  close(): Promise<void>;
}

/**
 * Opens store, vault and policies in one database (the events elsewhere, when the configuration says EventStoreDB). Throws the
 * libraries' own setup errors, which say what to change.
 */
export async function openDossierRuntime(
  config: Pick<TrajectConfig, 'eventStore' | 'keyEncryptionKey'>,
  databaseUrl: string,
  processName: string,
): Promise<DossierRuntime> {
  const pool = openPool(databaseUrl, { max: 4, applicationName: `traject ${processName}` });
  let store: EventStore | null = null;
  try {
    store = await openEventStore(config, databaseUrl, { applicationName: `traject ${processName} events` });
    await installIdentityVault(pool);
    await installPolicyContent(pool);
    await installLineKeyRegister(pool);
    await installFoldCache(pool);
    await installProposals(pool);
    await installCampaigns(pool);
    const kek = await loadKeyEncryptionKey(config.keyEncryptionKey);
    const vault = await openIdentityVault({ pool, kek });
    const opened = store;
    return {
      context: new DossierContext(
        opened,
        vault,
        new PolicyRegistry(opened, pool),
        new LineKeyRegister(pool, opened),
        new PostgresFoldCache(pool),
        new ProposalBook(pool),
      ),
      store: opened,
      campaigns: new PostgresCampaignBook(pool),
      close: async () => {
        await opened.close();
        await pool.end();
      },
    };
  } catch (error) {
    await store?.close();
    await pool.end();
    throw error;
  }
}
