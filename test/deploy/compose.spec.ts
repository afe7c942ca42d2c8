import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';
import { loadConfig } from '#libs/platform';
import { DEFAULT_SETTINGS } from '../../libs/platform/src/embedded-postgres/server-settings';
import { composeSchema, type Compose, type ComposeService } from './compose-schema';
import { inEffect, readDockerfile } from './dockerfile';
import { substituteAll, variableUses } from './variables';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docker-compose.yml');
const example = read('deploy/compose.env.example');
const stages = readDockerfile(read('deploy/Dockerfile'));
const compose = parse(text, { merge: true, strict: true }) as Compose;
const services = Object.entries(compose.services);
const own = services.filter(([, service]) => service.build !== undefined);
const SECRET = /PASSWORD|KEK|KEY|TOKEN/;

/** The variables of the example, with values where it leaves them to the reader. */
const values = (): Record<string, string> => {
  const given = Object.fromEntries([...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));
  const issuer = { TRAJECT_OIDC_ISSUER: 'https://issuer.example.org', TRAJECT_OIDC_AUDIENCE: 'traject' };
  const files = {
    TRAJECT_KEK_FILE: '/srv/kek',
    TRAJECT_INBOX_FOLDER: '/srv/inbox',
    TRAJECT_OUTBOX_FOLDER: '/srv/outbox',
    TRAJECT_RECORDS_FOLDER: '/mnt/records',
    TRAJECT_STATEMENT_KEY_FILE: '/srv/statement-key.pem',
    TRAJECT_TRUSTED_INSURERS_FILE: '/srv/trusted.json',
  };
  return { ...given, ...issuer, ...files, TRAJECT_POSTGRES_PASSWORD: 'f00d' };
};
const filledIn = substituteAll(compose, values());
const isDatabase = (service: ComposeService): boolean => service.build === undefined;

describe('docker-compose.yml', () => {
  it('is Compose, as far as it uses it', () => {
    const validate = new Ajv({ strict: true, allErrors: true, strictTuples: false }).compile(composeSchema);
    validate(compose);
    expect(validate.errors).toBeNull();
    validate(filledIn);
    expect(validate.errors).toBeNull();
  });

  it('brings PostgreSQL, EventStoreDB, a migration and the four apps', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['api', 'eventstore', 'ingest-worker', 'migrate', 'outbox-sender', 'postgres', 'projector'].sort(),
    );
    expect(compose.services['postgres']?.image).toMatch(/^postgres:18\.\d+-\w+$/);
    expect(compose.services['eventstore']?.image).toBe('eventstore/eventstore:23.10.8-bookworm-slim');
  });

  it('the database has the major version of the embedded one', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const major = /^(\d+)\.(\d+)/.exec(dependencies['embedded-postgres'] ?? '');
    expect(compose.services['postgres']?.image.startsWith(`postgres:${major?.[1]}.${major?.[2]}-`)).toBe(true);
  });

  it.each(services)('%s comes from a named version, or is built here', (name, service) => {
    if (isDatabase(service)) expect(service.image).toMatch(/^[a-z0-9/.-]+:[a-z0-9.-]*\d[a-z0-9.-]*$/);
    else expect(service.build).toMatchObject({ context: '.', dockerfile: 'deploy/Dockerfile' });
    expect(service.image).not.toMatch(/:latest$/);
    if (name !== 'migrate' && !isDatabase(service)) expect(service.build?.target).toBe(name);
  });

  it.each(services)('%s waits only for what can come true', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = compose.services[name];
      expect(other).toBeDefined();
      if (condition === 'service_healthy') expect(other?.healthcheck).toBeDefined();
      if (condition === 'service_completed_successfully') expect(other?.restart).toBe('no');
    }
  });

  it('the apps start after the migration, and that after both databases answer', () => {
    const healthy = { condition: 'service_healthy' };
    const databases = { postgres: healthy, eventstore: healthy };
    for (const name of ['api', 'projector', 'ingest-worker', 'outbox-sender'])
      expect(compose.services[name]?.depends_on).toEqual({
        ...databases,
        migrate: { condition: 'service_completed_successfully' },
      });
    expect(compose.services['migrate']?.depends_on).toEqual(databases);
  });

  it('declares every volume and secret that is used, and uses every one that is declared', () => {
    const sources = services.flatMap(([, service]) => (service.volumes ?? []).map((volume) => volume.split(/:(?=\/)/)[0] ?? ''));
    const named = sources.filter((source) => /^[a-z]/.test(source));
    expect([...new Set(named)].sort()).toEqual(Object.keys(compose.volumes ?? {}).sort());
    const secrets = services.flatMap(([, service]) => service.secrets ?? []);
    expect([...new Set(secrets)].sort()).toEqual(Object.keys(compose.secrets ?? {}).sort());
  });

  it('can be reached from this machine alone', () => {
    for (const [, service] of services) {
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
      if (isDatabase(service)) expect(service.network_mode).toBeUndefined();
      else expect(service).toMatchObject({ network_mode: 'host' });
    }
    expect(own.every(([, service]) => service.ports === undefined)).toBe(true);
  });

  it('the server has the settings that the embedded one has', () => {
    const command = compose.services['postgres']?.command ?? [];
    const settings = command.filter((_, i) => command[i - 1] === '-c').map((setting) => setting.split('='));
    expect(settings.length).toBeGreaterThan(0);
    for (const [name = '', value] of settings) expect([name, value]).toEqual([name, DEFAULT_SETTINGS[name]]);
    expect(settings.map(([name]) => name)).toContain('max_locks_per_transaction');
  });
});

describe('the variables', () => {
  it('all stand in deploy/compose.env.example, and nothing else does', () => {
    const used = new Set(variableUses(text).map(({ name }) => name));
    const told = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual([...used].sort());
  });

  it('have in the example the default that they have in the file', () => {
    for (const { name, kind, rest } of variableUses(text))
      if (kind === '-') expect(`${name}=${rest}`).toBe(`${name}=${values()[name] ?? ''}`);
  });

  it('no password or key has a default or is committed', () => {
    const secrets = variableUses(text).filter(({ name }) => SECRET.test(name));
    expect(secrets.length).toBeGreaterThan(0);
    for (const { kind, rest } of secrets) {
      expect(kind).toBe('?');
      expect(rest).not.toBe('');
    }
    for (const [, name = '', value] of example.matchAll(/^([A-Z_]+)=(.*)$/gm))
      if (SECRET.test(name)) expect([name, value]).toEqual([name, '']);
    for (const [, service] of services)
      for (const [name, value] of Object.entries(service.environment ?? {}))
        if (SECRET.test(name)) expect(value).toMatch(/^(\$\{[A-Z_]+:\?[^}]+\}|\/run\/secrets\/\w+)$/);
    // and none inside a connection string
    expect(text).not.toMatch(/:\/\/[^\s:@/$]+:[^\s@$]+@/);
  });

  it.each([
    'TRAJECT_POSTGRES_PASSWORD',
    'TRAJECT_KEK_FILE',
    'TRAJECT_INBOX_FOLDER',
    'TRAJECT_OIDC_ISSUER',
    'TRAJECT_OIDC_AUDIENCE',
    'TRAJECT_OUTBOX_FOLDER',
    'TRAJECT_RECORDS_FOLDER',
    'TRAJECT_STATEMENT_KEY_FILE',
    'TRAJECT_TRUSTED_INSURERS_FILE',
  ])('nothing starts without %s', (name) => {
    expect(() => substituteAll(compose, { ...values(), [name]: '' })).toThrow(name);
  });
});

describe('the configuration of the apps', () => {
  const sources = ['config', 'sign-in'].map((name) => read(`libs/platform/src/configuration/${name}.ts`)).join('\n');
  const known = new Set(sources.match(/TRAJECT_[A-Z]+(_[A-Z]+)*/g));

  it.each(own)('%s is given names that the configuration knows, and values that it takes', (name) => {
    const environment = filledIn.services[name]?.environment ?? {};
    for (const variable of Object.keys(environment)) expect(known).toContain(variable);
    const config = loadConfig(environment);
    expect(config.database).toEqual({ kind: 'server', url: 'postgresql://traject:f00d@127.0.0.1:5432/traject' });
    expect(config.eventStore).toEqual({ kind: 'eventstoredb', connectionString: 'esdb://127.0.0.1:2113?tls=false' });
    expect(config.keyEncryptionKey).toEqual({ file: '/run/secrets/kek', create: false });
  });

  it('the API trusts one issuer, which is not for development, and is not started with an address that others can reach', () => {
    const { signIn, host } = loadConfig(filledIn.services['api']?.environment ?? {});
    expect(signIn).toMatchObject({ issuer: 'https://issuer.example.org', audience: 'traject', development: false });
    expect(host).toBe('127.0.0.1');
  });

  it('names user, database and ports as the databases have them', () => {
    const { postgres, eventstore, api } = filledIn.services;
    const url = new URL(api?.environment?.['TRAJECT_DATABASE_URL'] ?? '');
    expect([url.username, url.pathname]).toEqual([
      postgres?.environment?.['POSTGRES_USER'],
      `/${postgres?.environment?.['POSTGRES_DB']}`,
    ]);
    expect(postgres?.ports).toEqual([`127.0.0.1:${url.port}:5432`]);
    expect(eventstore?.ports).toEqual(['127.0.0.1:2113:2113']);
  });

  it('another port of the database reaches both sides', () => {
    const moved = substituteAll(compose, { ...values(), TRAJECT_POSTGRES_PORT: '6543' }).services;
    expect(moved['postgres']?.ports).toEqual(['127.0.0.1:6543:5432']);
    expect(moved['api']?.environment?.['TRAJECT_DATABASE_URL']).toContain('@127.0.0.1:6543/');
  });

  it('messages to practices are written where the folder is mounted, or mailed', () => {
    const sender = filledIn.services['outbox-sender'];
    const folder = `${inEffect(stages, 'outbox-sender', 'ENV')?.match(/TRAJECT_DATA_DIR=(\S+)/)?.[1] ?? ''}/outbox`;
    expect(sender?.volumes).toContain(`/srv/outbox:${folder}`);
    const mailing = { ...values(), TRAJECT_SMTP_URL: 'smtp://mail:25', TRAJECT_MAIL_FROM: 'a@b.nl' };
    const { environment = {} } = substituteAll(compose, mailing).services['outbox-sender'] ?? {};
    expect(loadConfig(environment).outbox.transport).toEqual({ kind: 'smtp', url: 'smtp://mail:25', from: 'a@b.nl' });
  });

  it('the API signs and checks statements by the keys that are mounted', () => {
    const { signingKey, trustedInsurersFile } = loadConfig(filledIn.services['api']?.environment ?? {}).historyStatements;
    expect(signingKey).toEqual({ file: '/run/secrets/statement_key', create: false });
    expect(filledIn.services['api']?.volumes).toContain(`/srv/trusted.json:${trustedInsurersFile}:ro`);
  });

  it('the inbox is mounted where the worker looks', () => {
    const worker = filledIn.services['ingest-worker'];
    expect(worker?.volumes).toContain(`/srv/inbox:${loadConfig(worker?.environment ?? {}).inboxDirectory}`);
  });

  it.each(own)('%s keeps what must outlive the databases in the folder that is mounted for it', (name) => {
    const { environment = {}, volumes = [], build } = filledIn.services[name] ?? {};
    const folder = volumes.find((volume) => volume.startsWith('/mnt/records:'))?.split(':')[1] ?? 'none';
    // With the data folder of the image: the list must lie outside it, and nothing else of a container can be written.
    const dataFolder = inEffect(stages, build?.target ?? '', 'ENV')?.match(/TRAJECT_DATA_DIR=(\S+)/)?.[1] ?? 'none';
    const { erasureList, accessLog } = loadConfig({ ...environment, TRAJECT_DATA_DIR: dataFolder });
    expect([erasureList, accessLog.headsFile].map((path) => path && dirname(path))).toEqual([folder, folder]);
  });
});

describe('deploy/Dockerfile', () => {
  const targets = own.map(([, service]) => service.build?.target ?? '');

  it.each(targets)('has the target %s, of an app that is there, run by a user who is not root', (target) => {
    expect(stages.has(target)).toBe(true);
    expect(inEffect(stages, target, 'USER')).toBe('node');
    const start = `${inEffect(stages, target, 'ENTRYPOINT') ?? ''} ${inEffect(stages, target, 'CMD') ?? ''}`;
    expect(start).toContain(`"dist/apps/${target}/src/main.js"`);
    expect(existsSync(join(root, 'apps', target, 'src/main.ts'))).toBe(true);
    expect(inEffect(stages, target, 'HEALTHCHECK')).not.toBeNull();
  });

  it('asks the API for its readiness at the configured port', () => {
    expect(inEffect(stages, 'api', 'HEALTHCHECK')).toContain('TRAJECT_PORT||3000');
    expect(inEffect(stages, 'api', 'HEALTHCHECK')).toContain('/health/ready');
  });

  it('is made on a Node that the project supports', () => {
    for (const { from } of stages.values()) if (!stages.has(from)) expect(from).toMatch(/^node:22-bookworm-slim$/);
  });

  it('copies files that are there and that .dockerignore lets through', () => {
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name);
    for (const stage of stages.values())
      for (const { name, rest } of stage.instructions)
        if (name === 'COPY' && !rest.startsWith('--from'))
          for (const source of rest.split(' ').slice(0, -1)) {
            expect(existsSync(join(root, source))).toBe(true);
            expect(allowed).toContain(source.replace(/^\.\//, '').split('/')[0]);
          }
  });

  it('takes along the files that the code reads beside itself', () => {
    const copied = stages.get('base')?.instructions.filter((each) => each.name === 'COPY' && !each.rest.startsWith('--from'));
    expect(copied?.map((each) => each.rest.split(' ')[0])).toEqual([
      'libs/event-store/src/postgres/sql',
      'libs/policy-files/data',
    ]);
  });
});
