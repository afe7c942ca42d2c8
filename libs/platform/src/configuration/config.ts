import { isAbsolute, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root';
import { rateLimitsOf, signInFaults, signInOf, signInVariables, type RateLimits, type SignInConfig } from './sign-in';

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
  /** Of this machine alone, unless `signIn` trusts an issuer that is not for development. */
  readonly host: string;
  readonly port: number;
  /** Null: none is configured, and the API does not start. */
  readonly signIn: SignInConfig | null;
  readonly limits: RateLimits;
  readonly logLevel: LogLevel;
  /** Absolute. Folder in which the ingest worker finds claim files. */
  readonly inboxDirectory: string;
  readonly accessLog: {
    /** Absolute. File in which it is noted where the access log ended: outside the database, so that a cut end shows. */
    readonly headsFile: string;
    /** Why this process works with persons' data, as a code; null = not stated. */
    readonly purpose: string | null;
  };
  /** Absolute. File outside the database with who was erased; null = nobody can be erased. */
  readonly erasureList: string | null;
  /** How practices are told what was processed. */
  readonly outbox: {
    /** By mail, or as files in a folder (absolute). The URL may hold a password: never log it. */
    readonly transport:
      | { readonly kind: 'files'; readonly folder: string }
      | { readonly kind: 'smtp'; readonly url: string; readonly from: string };
    /** Absolute. CSV of practices and their addresses; null = none is known. */
    readonly addressesFile: string | null;
  };
  /** Statements of a history between insurers. */
  readonly historyStatements: {
    /** Absolute. Private key that ours are signed with; `create`: made when missing. */
    readonly signingKey: { readonly file: string; readonly create: boolean };
    /** Absolute. Public keys of the insurers whose statements are taken in; null = of none. */
    readonly trustedInsurersFile: string | null;
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
const SIGNING_KEY_FILE = 'traject-statement-key.pem';

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
    TRAJECT_HOST: z.string().default('127.0.0.1'),
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
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
        'must be a code of at most 64 letters, digits and . _ -, e.g. complaint-4711 (on the command line: --purpose)',
      )
      .optional(),
    TRAJECT_ERASURE_LIST: folder.optional(),
    ...signInVariables,
    TRAJECT_OUTBOX: folder.optional(),
    TRAJECT_SMTP_URL: z
      .string()
      .refine(
        isSmtpUrl,
        'must be smtp://host:port or smtps://host:port, with user:password@ before the host where it asks for them',
      )
      .optional(),
    TRAJECT_MAIL_FROM: z
      .string()
      .regex(/^[^\s@<>",;]+@[^\s@<>",;]+$/, 'must be a mail address alone, such as traject@insurer.example')
      .optional(),
    TRAJECT_PRACTICES_FILE: folder.optional(),
    TRAJECT_STATEMENT_KEY_FILE: folder.optional(),
    TRAJECT_TRUSTED_INSURERS_FILE: folder.optional(),
    TRAJECT_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  })
  .refine(({ TRAJECT_KEK, TRAJECT_KEK_FILE }) => TRAJECT_KEK === undefined || TRAJECT_KEK_FILE === undefined, {
    path: ['TRAJECT_KEK'],
    message: 'is given together with TRAJECT_KEK_FILE: give one of them',
    // told also when other variables are at fault
    when: () => true,
  })
  .refine(({ TRAJECT_SMTP_URL, TRAJECT_OUTBOX }) => TRAJECT_SMTP_URL === undefined || TRAJECT_OUTBOX === undefined, {
    path: ['TRAJECT_OUTBOX'],
    message: 'is given together with TRAJECT_SMTP_URL: messages are either mailed or written as files',
    when: () => true,
  })
  .refine(({ TRAJECT_SMTP_URL, TRAJECT_MAIL_FROM }) => TRAJECT_SMTP_URL === undefined || TRAJECT_MAIL_FROM !== undefined, {
    path: ['TRAJECT_MAIL_FROM'],
    message: 'is missing: with TRAJECT_SMTP_URL give the address that mail is sent from',
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
  const issues = parsed.success ? [] : parsed.error.issues;
  const faults = [
    ...issues.map(({ path, message }) => ({ variable: String(path[0] ?? 'TRAJECT_*'), fault: message })),
    ...signInFaults(given),
  ];
  if (!parsed.success || faults.length > 0) throw new ConfigurationError(faults);
  const read = parsed.data;
  const dataDirectory = read.TRAJECT_DATA_DIR ?? join(projectRoot(), '.traject');
  const erasureList = read.TRAJECT_ERASURE_LIST ?? null;
  if (erasureList !== null && !relative(dataDirectory, erasureList).startsWith('..')) {
    const fault = 'must lie outside the data folder: whoever puts back an old copy of that folder would put back an old list';
    throw new ConfigurationError([{ variable: 'TRAJECT_ERASURE_LIST', fault }]);
  }
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
    signIn: signInOf(read),
    limits: rateLimitsOf(read),
    logLevel: read.TRAJECT_LOG_LEVEL,
    inboxDirectory: read.TRAJECT_INBOX ?? join(dataDirectory, 'inbox'),
    accessLog: {
      headsFile: read.TRAJECT_ACCESS_LOG_HEADS ?? join(dataDirectory, 'access-log-heads.jsonl'),
      purpose: read.TRAJECT_PURPOSE ?? null,
    },
    erasureList,
    outbox: {
      transport:
        read.TRAJECT_SMTP_URL !== undefined && read.TRAJECT_MAIL_FROM !== undefined
          ? { kind: 'smtp', url: read.TRAJECT_SMTP_URL, from: read.TRAJECT_MAIL_FROM }
          : { kind: 'files', folder: read.TRAJECT_OUTBOX ?? join(dataDirectory, 'outbox') },
      addressesFile: read.TRAJECT_PRACTICES_FILE ?? null,
    },
    historyStatements: {
      signingKey:
        read.TRAJECT_STATEMENT_KEY_FILE === undefined
          ? { file: join(dataDirectory, SIGNING_KEY_FILE), create: true }
          : { file: read.TRAJECT_STATEMENT_KEY_FILE, create: false },
      trustedInsurersFile: read.TRAJECT_TRUSTED_INSURERS_FILE ?? null,
    },
  };
}

function isPostgresUrl(text: string): boolean {
  try {
    return /^postgres(ql)?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

function isSmtpUrl(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return /^smtps?:$/.test(protocol) && hostname !== '';
  } catch {
    return false;
  }
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=?$/.test(text) && Buffer.from(text, 'base64').length === 32;
}
