import { join } from 'node:path';
import { projectRoot } from '../project-root';
import { ConfigurationError, loadConfig } from './config';

const ISSUER = { TRAJECT_OIDC_ISSUER: 'https://issuer.example.org/realms/care', TRAJECT_OIDC_AUDIENCE: 'traject' };
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
      signIn: null,
      limits: { lookUpsPerMinute: 60, failedSignInsPerMinute: 60 },
      logLevel: 'info',
      inboxDirectory: join(dataDirectory, 'inbox'),
      erasureList: null,
      outbox: { transport: { kind: 'files', folder: join(dataDirectory, 'outbox') }, addressesFile: null },
      historyStatements: {
        signingKey: { file: join(dataDirectory, 'traject-statement-key.pem'), create: true },
        trustedInsurersFile: null,
      },
    });
  });

  test('practices are told by mail where a server is given, with the address that it is sent from', () => {
    const env = { TRAJECT_SMTP_URL: 'smtps://traject:secret@mail.example:465', TRAJECT_MAIL_FROM: 'traject@insurer.example' };
    expect(loadConfig(env).outbox.transport).toEqual({
      ...{ kind: 'smtp', url: 'smtps://traject:secret@mail.example:465', from: 'traject@insurer.example' },
    });
    expect(faultsOf({ TRAJECT_SMTP_URL: 'smtp://mail.example' })).toMatch(/TRAJECT_MAIL_FROM: is missing/);
    expect(faultsOf({ ...env, TRAJECT_OUTBOX: '/outbox' })).toMatch(/TRAJECT_OUTBOX: .* either mailed or written as files/);
    expect(faultsOf({ ...env, TRAJECT_MAIL_FROM: 'Traject <a@b.nl>\nBcc: c@d.nl' })).toMatch(
      /TRAJECT_MAIL_FROM: must be a mail address/,
    );
    expect(faultsOf({ ...env, TRAJECT_SMTP_URL: `http://${SECRET}@mail` })).not.toContain(SECRET);
  });

  test('a configured signing key is never made', () => {
    const { signingKey } = loadConfig({ TRAJECT_STATEMENT_KEY_FILE: '/run/secrets/statement' }).historyStatements;
    expect(signingKey).toEqual({ file: '/run/secrets/statement', create: false });
  });

  test('a configured key is never made', () => {
    expect(loadConfig({ TRAJECT_KEK_FILE: '/run/secrets/kek' }).keyEncryptionKey).toEqual({
      file: '/run/secrets/kek',
      create: false,
    });
    const value = Buffer.alloc(32, 7).toString('base64');
    expect(loadConfig({ TRAJECT_KEK: value }).keyEncryptionKey).toEqual({ value, create: false });
  });

  test('the erasure list must not be restored with the data folder', () => {
    expect(loadConfig({ TRAJECT_DATA_DIR: '/srv/data', TRAJECT_ERASURE_LIST: '/srv/erasures' }).erasureList).toBe(
      '/srv/erasures',
    );
    expect(loadConfig({ TRAJECT_DATA_DIR: '/srv/data', TRAJECT_ERASURE_LIST: '/srv/data-2/list' }).erasureList).toBe(
      '/srv/data-2/list',
    );
    for (const inside of ['/srv/data/erasures', '/srv/data/deep/in/it', '/srv/data'])
      expect(faultsOf({ TRAJECT_DATA_DIR: '/srv/data', TRAJECT_ERASURE_LIST: inside })).toMatch(
        /TRAJECT_ERASURE_LIST: must lie outside the data folder/,
      );
  });

  test('an empty variable counts as absent', () => {
    expect(loadConfig({ TRAJECT_PORT: '', TRAJECT_DATABASE_URL: '  ' })).toEqual(loadConfig({}));
  });

  test.each(['0.0.0.0', '192.168.1.4', '::', 'traject.example.org', '127.evil.example.org', '128.0.0.1'])(
    'without an issuer, or with one for development, %s is refused as an address to listen on; with another it is taken',
    (host) => {
      const development = { TRAJECT_OIDC_ISSUER: 'http://127.0.0.1:9000/realm', TRAJECT_OIDC_AUDIENCE: 'traject' };
      for (const issuer of [{}, development])
        expect(faultsOf({ ...issuer, TRAJECT_HOST: host })).toMatch(/TRAJECT_HOST: must be an address of this machine itself/);
      expect(loadConfig({ ...ISSUER, TRAJECT_HOST: host }).host).toBe(host);
    },
  );

  test.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost'])('%s is loopback', (host) => {
    expect(loadConfig({ TRAJECT_HOST: host }).host).toBe(host);
  });

  test('an issuer to trust, with what it calls this API and the roles; http:// is for development', () => {
    expect(loadConfig(ISSUER).signIn).toEqual({
      issuer: 'https://issuer.example.org/realms/care',
      audience: 'traject',
      rolesClaim: 'roles',
      tokenType: 'at+jwt',
      development: false,
    });
    const given = { TRAJECT_OIDC_ROLES_CLAIM: '/realm_access/roles', TRAJECT_OIDC_TOKEN_TYPE: 'JWT' };
    expect(loadConfig({ ...ISSUER, ...given }).signIn).toMatchObject({ rolesClaim: '/realm_access/roles', tokenType: 'JWT' });
    for (const host of ['127.0.0.1', 'localhost', '[::1]'])
      expect(loadConfig({ ...ISSUER, TRAJECT_OIDC_ISSUER: `http://${host}:9000` }).signIn?.development).toBe(true);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['an issuer without an audience', { TRAJECT_OIDC_AUDIENCE: '' }, /TRAJECT_OIDC_AUDIENCE: is missing/],
    ['an audience without an issuer', { TRAJECT_OIDC_ISSUER: '' }, /TRAJECT_OIDC_ISSUER: is missing/],
    ['an issuer elsewhere without TLS', { TRAJECT_OIDC_ISSUER: 'http://issuer.example.org' }, /TRAJECT_OIDC_ISSUER: must be/],
    ['an issuer that is no address', { TRAJECT_OIDC_ISSUER: 'issuer' }, /TRAJECT_OIDC_ISSUER: must be/],
    ['an issuer with a query', { TRAJECT_OIDC_ISSUER: 'https://issuer.example.org/?a=b' }, /TRAJECT_OIDC_ISSUER: must be/],
    [
      'an issuer with a password',
      { TRAJECT_OIDC_ISSUER: `https://me:${SECRET}@issuer.example.org` },
      /TRAJECT_OIDC_ISSUER: must be/,
    ],
    ['another type of token', { TRAJECT_OIDC_TOKEN_TYPE: 'id' }, /TRAJECT_OIDC_TOKEN_TYPE: must be at\+jwt or JWT/],
    ['no look-ups at all', { TRAJECT_LOOKUPS_PER_MINUTE: '0' }, /TRAJECT_LOOKUPS_PER_MINUTE: must be a whole number/],
    ['a limit that is no number', { TRAJECT_FAILED_SIGN_INS_PER_MINUTE: 'many' }, /TRAJECT_FAILED_SIGN_INS_PER_MINUTE: must be/],
  ])('%s is refused', (_name, over, message) => {
    const text = faultsOf({ ...ISSUER, ...over });
    expect(text).toMatch(message);
    expect(text).not.toContain(SECRET);
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
