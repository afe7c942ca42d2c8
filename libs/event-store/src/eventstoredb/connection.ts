/** One client per process and cluster: the client keeps pending appends in a process-wide table, so clients disturb one another. */
import { EventStoreDBClient, type Credentials } from '@eventstore/db-client';
import { EventStoreSetupError } from '../errors';

export interface Connection {
  readonly client: EventStoreDBClient;
  /** Passed with every append: forces a call of its own, whose deadline works. Null when none may be sent (TLS without a user). */
  readonly credentials: Credentials | null;
  /** Gives the client back; the last one to do so disposes it. */
  release(): Promise<void>;
}

const shared = new Map<string, { readonly client: EventStoreDBClient; holders: number }>();

/** Over an unencrypted connection the client drops credentials, and only the choice of the call remains. */
const NEVER_SENT: Credentials = { username: 'none', password: 'none' };

export function connect(connectionString: string): Connection {
  const entry = shared.get(connectionString) ?? { client: openClient(connectionString), holders: 0 };
  const credentials = credentialsOf(connectionString);
  shared.set(connectionString, entry);
  entry.holders += 1;
  let released = false;
  return {
    client: entry.client,
    credentials,
    release: async () => {
      if (released) return;
      released = true;
      entry.holders -= 1;
      if (entry.holders > 0) return;
      shared.delete(connectionString);
      await entry.client.dispose();
    },
  };
}

function openClient(connectionString: string): EventStoreDBClient {
  if (/[?&]throwOnAppendFailure=false/i.test(connectionString)) {
    throw new EventStoreSetupError(
      'EventStoreDB connection string: leave throwOnAppendFailure out; with false the client reports a wrong revision',
    );
  }
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    // the client's own message repeats the string, password and all
    const cause = error instanceof Error ? error.name : typeof error;
    throw new EventStoreSetupError(
      `EventStoreDB connection string cannot be used (${cause}); it looks like esdb://host:2113?tls=false, ` +
        'esdb://user:password@host:2113 or esdb+discover://cluster:2113, and files it names must exist',
    );
  }
}

function credentialsOf(connectionString: string): Credentials | null {
  const user = /^[a-z+]+:\/\/([^:@/]+):([^@/]*)@/i.exec(connectionString);
  if (user?.[1] !== undefined && user[2] !== undefined) {
    return { username: decodeURIComponent(user[1]), password: decodeURIComponent(user[2]) };
  }
  return /[?&]tls=false/i.test(connectionString) ? NEVER_SENT : null;
}
