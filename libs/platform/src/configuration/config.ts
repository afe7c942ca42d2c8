import { isIPv4 } from 'node:net';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface TrajectConfig {
  /** Absolute. Holds the embedded database, and the development key when no key is configured. */
  readonly dataDirectory: string;
  /** A server of one's own, or the one that Traject brings. The URL holds a password: never log it. */
  readonly database: { readonly kind: 'embedded' } | { readonly kind: 'server'; readonly url: string };
  readonly eventStore: { readonly kind: 'postgres' } | { readonly kind: 'eventstoredb'; readonly connectionString: string };
  /** The key that wraps the vault's keys; `create`: made when missing, for development only. */
  readonly keyEncryptionKey:
    | { readonly file: string; readonly create: boolean }
    | { /** Base64 of 32 bytes: never log it. */ readonly value: string; readonly create: false };
  /** Loopback only. */
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Absolute. Folder in which the ingest worker finds claim files. */
  readonly inboxDirectory: string;
  readonly accessLog: {
    /** Absolute. File in which it is noted where the access log ended: outside the database, so that a cut end shows. */
    readonly headsFile: string;
    /** Why this process works with persons' data, as a code; null = not stated. */
    readonly purpose: string | null;
  };
}

/** Every fault of the configuration at once; never holds a value that may be secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly { readonly variable: string; readonly fault: string }[]) {
    super(`The configuration is not usable:\n${faults.map(({ variable, fault }) => `  ${variable}: ${fault}`).join('\n')}`);
  }
}

export const DEVELOPMENT_KEY_FILE = 'traject-development-key';

const folder = z.string().transform((path) => (isAbsolute(path) ? path : resolve(path)));

const environment = z
  .object({
    TRAJECT_DATA_DIR: folder.optional(),
    TRAJECT_DATABASE_URL: z
      .string()
      .refine(isPostgresUrl, 'must be a connection string postgresql://user:password@host:port/database')
      .optional(),
    TRAJECT_EVENTSTORE: z
      .string()
      .refine((value) => value === 'postgres' || /^esdb(\+discover)?:\/\/[^/\s]+/.test(value), {
        message: 'must be "postgres" or a connection string esdb://host:2113 (esdb+discover:// for a cluster)',
      })
      .default('postgres'),
    TRAJECT_KEK_FILE: folder.optional(),
    TRAJECT_KEK: z
      .string()
      .refine(isKey, 'must be 32 bytes in base64 (44 characters), as from "openssl rand -base64 32"')
      .optional(),
    TRAJECT_HOST: z
      .string()
      .refine(isLoopback, 'must be an address of this machine itself (127.0.0.1, ::1 or localhost): there is no sign-in yet')
      .default('127.0.0.1'),
    TRAJECT_PORT: z
      .string()
      .refine(
        (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
        'must be a port number, 0 to 65535 (0: any free one)',
      )
      .transform(Number)
      .default(3000),
    TRAJECT_INBOX: folder.optional(),
    TRAJECT_ACCESS_LOG_HEADS: folder.optional(),
    TRAJECT_PURPOSE: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be a code of lower-case letters, digits and hyphens, e.g. complaint-handling')
      .optional(),
    TRAJECT_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  })
  .refine(({ TRAJECT_KEK, TRAJECT_KEK_FILE }) => TRAJECT_KEK === undefined || TRAJECT_KEK_FILE === undefined, {
    path: ['TRAJECT_KEK'],
    message: 'is given together with TRAJECT_KEK_FILE: give one of them',
    // told also when other variables are at fault
    when: () => true,
  });

/**
 * Reads the configuration from environment variables; an empty one counts as absent.
 * @throws ConfigurationError with every fault at once
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): TrajectConfig {
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith('TRAJECT_') && value !== undefined && value.trim() !== '' ? [[name, value.trim()]] : [],
    ),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) => ({ variable: String(path[0] ?? 'TRAJECT_*'), fault: message })),
    );
  }
  const read = parsed.data;
  const dataDirectory = read.TRAJECT_DATA_DIR ?? join(projectRoot(), '.traject');
  return {
    dataDirectory,
    database: read.TRAJECT_DATABASE_URL === undefined ? { kind: 'embedded' } : { kind: 'server', url: read.TRAJECT_DATABASE_URL },
    eventStore:
      read.TRAJECT_EVENTSTORE === 'postgres'
        ? { kind: 'postgres' }
        : { kind: 'eventstoredb', connectionString: read.TRAJECT_EVENTSTORE },
    keyEncryptionKey:
      read.TRAJECT_KEK !== undefined
        ? { value: read.TRAJECT_KEK, create: false }
        : read.TRAJECT_KEK_FILE !== undefined
          ? { file: read.TRAJECT_KEK_FILE, create: false }
          : { file: join(dataDirectory, DEVELOPMENT_KEY_FILE), create: true },
    host: read.TRAJECT_HOST,
    port: read.TRAJECT_PORT,
    logLevel: read.TRAJECT_LOG_LEVEL,
    inboxDirectory: read.TRAJECT_INBOX ?? join(dataDirectory, 'inbox'),
    accessLog: {
      headsFile: read.TRAJECT_ACCESS_LOG_HEADS ?? join(dataDirectory, 'access-log-heads.jsonl'),
      purpose: read.TRAJECT_PURPOSE ?? null,
    },
  };
}

/** Whether connections to this address can only come from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function isPostgresUrl(text: string): boolean {
  try {
    return /^postgres(ql)?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32;
}
