/** Opens what the command side of a process needs: event store, identity vault and policy, after the configuration. */
import { AccessWriter, openAccessLog, processAccessor, type AccessLog } from '#libs/access-log';
import { openEventStore, type EventStore } from '#libs/event-store';
import { installIdentityVault, loadKeyEncryptionKey, openIdentityVault } from '#libs/identity';
import { openPool, type TrajectConfig } from '#libs/platform';
import { DossierContext } from './context';
import { installLineKeyRegister, LineKeyRegister } from './declare-claim-lines/line-key-register';
import { installFoldCache, PostgresFoldCache } from './person/fold-cache';
import { installPolicyContent, PolicyRegistry } from './policy/registry';

export interface DossierRuntime {
  readonly context: DossierContext;
  readonly store: EventStore;
  /** For whoever runs this process; the API records for its callers. */
  readonly access: AccessWriter;
  close(): Promise<void>;
}

export interface DossierRuntimeOptions {
  /** Role in which the process works, for the access log; default that of whoever has a shell on the machine. */
  readonly role?: string;
  /** Told when it cannot be noted outside the database where the access log ended. */
  readonly onHeadsFault?: (error: Error) => void;
}

/**
 * Opens store, vault and policies in one database (the events elsewhere, when the configuration says EventStoreDB). Throws the
 * libraries' own setup errors, which say what to change.
 */
export async function openDossierRuntime(
  config: Pick<TrajectConfig, 'eventStore' | 'keyEncryptionKey'> & Partial<Pick<TrajectConfig, 'accessLog'>>,
  databaseUrl: string,
  processName: string,
  options: DossierRuntimeOptions = {},
): Promise<DossierRuntime> {
  const pool = openPool(databaseUrl, { max: 4, applicationName: `traject ${processName}` });
  let store: EventStore | null = null;
  let accessLog: AccessLog | null = null;
  try {
    store = await openEventStore(config, databaseUrl, { applicationName: `traject ${processName} events` });
    await installIdentityVault(pool);
    await installPolicyContent(pool);
    await installLineKeyRegister(pool);
    await installFoldCache(pool);
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
    return {
      context: new DossierContext(
        opened,
        vault,
        new PolicyRegistry(opened, pool),
        new LineKeyRegister(pool, opened),
        new PostgresFoldCache(pool),
        undefined,
        access,
      ),
      store: opened,
      access,
      close: async () => {
        await opened.close();
        await log.close();
        await pool.end();
      },
    };
  } catch (error) {
    await store?.close();
    await accessLog?.close();
    await pool.end();
    throw error;
  }
}
