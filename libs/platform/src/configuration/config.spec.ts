import { join } from 'node:path';
import { projectRoot } from '../project-root';
import { ConfigurationError, loadConfig } from './config';

const SECRET = 'hunter2-is-not-echoed';

function faultsOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('the configuration was taken');
}

describe('configuration', () => {
  test('nothing set: embedded PostgreSQL and a development key in the project, loopback, port 3000', () => {
    const dataDirectory = join(projectRoot(), '.traject');
    expect(loadConfig({})).toEqual({
      dataDirectory,
      database: { kind: 'embedded' },
      eventStore: { kind: 'postgres' },
      keyEncryptionKey: { file: join(dataDirectory, 'traject-development-key'), create: true },
      host: '127.0.0.1',
      port: 3000,
      logLevel: 'info',
      inboxDirectory: join(dataDirectory, 'inbox'),
      accessLog: { headsFile: join(dataDirectory, 'access-log-heads.jsonl'), purpose: null },
    });
  });

  test('a configured key is never made', () => {
    expect(loadConfig({ TRAJECT_KEK_FILE: '/run/secrets/kek' }).keyEncryptionKey).toEqual({
      file: '/run/secrets/kek',
      create: false,
    });
    const value = Buffer.alloc(32, 7).toString('base64');
    expect(loadConfig({ TRAJECT_KEK: value }).keyEncryptionKey).toEqual({ value, create: false });
  });

  test('a purpose is a code and no prose', () => {
    expect(loadConfig({ TRAJECT_PURPOSE: 'complaint-handling' }).accessLog.purpose).toBe('complaint-handling');
    expect(faultsOf({ TRAJECT_PURPOSE: 'Because somebody asked' })).toMatch(/TRAJECT_PURPOSE: must be a code/);
  });

  test('an empty variable counts as absent', () => {
    expect(loadConfig({ TRAJECT_PORT: '', TRAJECT_DATABASE_URL: '  ' })).toEqual(loadConfig({}));
  });

  test.each(['0.0.0.0', '192.168.1.4', '::', 'traject.example.org', '127.evil.example.org', '128.0.0.1'])(
    'until sign-in exists, %s is refused as an address to listen on',
    (host) => {
      expect(faultsOf({ TRAJECT_HOST: host })).toMatch(
        /TRAJECT_HOST: must be an address of this machine itself .* no sign-in yet/,
      );
    },
  );

  test.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('%s is loopback', (host) => {
    expect(loadConfig({ TRAJECT_HOST: host }).host).toBe(host);
  });

  test('all faults are told at once, and no value is echoed', () => {
    const message = faultsOf({
      TRAJECT_DATABASE_URL: `mysql://root:${SECRET}@db/x`,
      TRAJECT_KEK: SECRET,
      TRAJECT_KEK_FILE: '/kek',
      TRAJECT_EVENTSTORE: `http://admin:${SECRET}@es:2113`,
      TRAJECT_PORT: '99999',
      TRAJECT_LOG_LEVEL: 'loud',
      TRAJECT_HOST: '0.0.0.0',
    });
    expect(message.split('\n')).toHaveLength(8);
    for (const name of ['DATABASE_URL', 'KEK', 'EVENTSTORE', 'PORT', 'LOG_LEVEL', 'HOST'])
      expect(message).toContain(`TRAJECT_${name}: `);
    expect(message).toContain('together with TRAJECT_KEK_FILE');
    expect(message).not.toContain(SECRET);
  });

  test.each(['esdb://localhost:2113?tls=false', 'esdb+discover://cluster.internal:2113'])(
    '%s is an event store',
    (connectionString) => {
      expect(loadConfig({ TRAJECT_EVENTSTORE: connectionString }).eventStore).toEqual({ kind: 'eventstoredb', connectionString });
    },
  );

  test.each(['-1', '3.5', '1e3', 'x', '65536'])('port %s is refused', (port) => {
    expect(faultsOf({ TRAJECT_PORT: port })).toMatch(/TRAJECT_PORT: must be a port number/);
  });
});
