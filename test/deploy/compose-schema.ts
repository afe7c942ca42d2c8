/** The part of the Compose specification that docker-compose.yml uses, as a JSON schema: a name or a form beside it is a mistake. */
const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text, minItems: 1 } as const;
const duration = { type: 'string', pattern: '^([0-9]+(ms|s|m|h))+$' } as const;
const size = { type: 'string', pattern: '^[0-9]+[kmg]$' } as const;
const variables = {
  type: 'object',
  propertyNames: { pattern: '^[A-Z][A-Z0-9_]*$' },
  // an empty variable counts as absent; one that may not be says so in the file, by ":?"
  additionalProperties: { type: 'string' },
} as const;

const service = {
  type: 'object',
  additionalProperties: false,
  required: ['image', 'restart'],
  properties: {
    image: text,
    build: {
      type: 'object',
      additionalProperties: false,
      required: ['context', 'dockerfile', 'target'],
      properties: { context: text, dockerfile: text, target: text },
    },
    restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
    environment: variables,
    command: texts,
    entrypoint: texts,
    ports: texts,
    volumes: texts,
    secrets: texts,
    tmpfs: texts,
    user: text,
    read_only: { type: 'boolean' },
    cap_drop: texts,
    security_opt: texts,
    network_mode: { enum: ['host', 'bridge', 'none'] },
    shm_size: size,
    mem_limit: size,
    healthcheck: {
      type: 'object',
      additionalProperties: false,
      required: ['test', 'interval', 'timeout', 'retries'],
      properties: {
        test: { type: 'array', minItems: 2, items: text, prefixItems: [{ enum: ['CMD', 'CMD-SHELL'] }] },
        interval: duration,
        timeout: duration,
        start_period: duration,
        retries: { type: 'integer', minimum: 1 },
      },
    },
    depends_on: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['condition'],
        properties: { condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] } },
      },
    },
  },
} as const;

export const composeSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'services'],
  patternProperties: { '^x-': {} },
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9][a-z0-9_-]*$' },
    services: { type: 'object', additionalProperties: service, minProperties: 1 },
    volumes: { type: 'object', additionalProperties: { type: 'null' } },
    secrets: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['file'],
        properties: { file: text },
      },
    },
  },
} as const;

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly restart: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly user?: string;
  readonly network_mode?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, null>>;
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>;
}
