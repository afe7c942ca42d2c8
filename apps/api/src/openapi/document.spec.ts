import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiWithoutStore } from '../testing/api-without-store';

type Json = Record<string, unknown>;

function* nodes(value: unknown, path = '#'): Generator<readonly [string, Json]> {
  if (value === null || typeof value !== 'object') return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [name, each] of Object.entries(value)) yield* nodes(each, `${path}/${name}`);
}

describe('the OpenAPI document', () => {
  let app: NestFastifyApplication;
  let document: OpenAPIObject;
  beforeAll(async () => {
    app = await apiWithoutStore();
    const answer = await app.inject({ url: '/v1/openapi.json' });
    document = JSON.parse(answer.payload) as OpenAPIObject;
  });
  afterAll(() => app.close());

  test('is a valid OpenAPI 3.1 document by the schema of that standard', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(ajv);
    ajv.addFormat('media-range', true);
    const schema = JSON.parse(readFileSync(join(__dirname, 'testing', 'openapi-3.1.schema.json'), 'utf8')) as object;
    const validate = ajv.compile(schema);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(document.openapi).toBe('3.1.0');
  });

  test('every schema in it is a schema of JSON Schema 2020-12, and every reference leads somewhere', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const [path, node] of nodes(document)) {
      if (typeof node.$ref === 'string') {
        const target = node.$ref
          .slice(2)
          .split('/')
          .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document);
        expect([path, node.$ref, target === undefined]).toEqual([path, node.$ref, false]);
      }
      if (node.schema !== undefined && typeof node.schema === 'object')
        expect([path, ajv.validateSchema(node.schema as Json)]).toEqual([path, true]);
    }
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
      expect([name, ajv.validateSchema(schema as Json)]).toEqual([name, true]);
  });

  test('no keyword of older versions is left in it', () => {
    for (const [path, node] of nodes(document)) expect([path, 'nullable' in node]).toEqual([path, false]);
  });

  const operations = (): [string, Json][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Json)
        .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
        .map(([method, operation]): [string, Json] => [`${method} ${path}`, operation as Json]),
    );

  test('every operation has an id of its own, a summary, its path parameters, and problems for its errors', () => {
    const ids = operations().map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, operation] of operations()) {
      expect([name, typeof operation.summary]).toEqual([name, 'string']);
      const parameters = (operation.parameters ?? []) as { name: string; in: string }[];
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
      const told = parameters.filter((each) => each.in === 'path').map((each) => each.name);
      expect([name, told.sort()]).toEqual([name, inPath]);
      for (const [status, response] of Object.entries(operation.responses as Record<string, { content?: Json }>))
        if (Number(status) >= 400 && !name.includes('/health/'))
          expect([name, status, Object.keys(response.content ?? {})]).toEqual([name, status, ['application/problem+json']]);
    }
  });

  test('every command asks for a key and a JSON body that knows no other fields', () => {
    for (const [name, operation] of operations()) {
      // a document is its own key
      if (!name.startsWith('post') || name.includes('lookup') || name.endsWith('/documents')) continue;
      const parameters = operation.parameters as { name: string; in: string; required?: boolean }[];
      // a preview changes nothing, and a proposal or a campaign is decided once
      const needsKey = !/\/corrections\/preview$|\/proposals\/|\/campaigns\/\{campaignId\}\/(approval|rejection)$/.test(name);
      expect([name, parameters.some((each) => each.name === 'Idempotency-Key' && each.required)]).toEqual([name, needsKey]);
      const body = operation.requestBody as { content: { 'application/json': { schema: { $ref: string } } } };
      const schema = document.components?.schemas?.[body.content['application/json'].schema.$ref.split('/').at(-1) ?? ''] as Json;
      const forms = (schema.oneOf ?? schema.anyOf ?? [schema]) as Json[];
      for (const form of forms) expect([name, form.additionalProperties]).toEqual([name, false]);
    }
  });

  test('these are the addresses of version 1', () => {
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toMatchInlineSnapshot(`
      [
        "get /.well-known/traject-statement-keys.json",
        "get /health/live",
        "get /health/ready",
        "get /v1/campaigns",
        "get /v1/campaigns/{campaignId}",
        "get /v1/campaigns/{campaignId}/exceptions",
        "get /v1/campaigns/{campaignId}/outliers",
        "get /v1/campaigns/{campaignId}/payments",
        "get /v1/claim-files",
        "get /v1/claim-files/{fileId}",
        "get /v1/payer-split",
        "get /v1/payment-specifications",
        "get /v1/persons/{personId}/access-log",
        "get /v1/persons/{personId}/decisions/{practice}/{reference}",
        "get /v1/persons/{personId}/documents/{documentId}",
        "get /v1/persons/{personId}/dossier",
        "get /v1/persons/{personId}/dossier-as-known",
        "get /v1/persons/{personId}/notes/{noteId}",
        "get /v1/policy",
        "get /v1/proposals",
        "get /v1/proposals/{proposalId}",
        "get /v1/trajectories/{trajectoryId}",
        "get /v1/trajectories/{trajectoryId}/events",
        "get /v1/trajectories/{trajectoryId}/history-statement",
        "get /v1/work-list",
        "post /v1/campaigns",
        "post /v1/campaigns/{campaignId}/approval",
        "post /v1/campaigns/{campaignId}/pause",
        "post /v1/campaigns/{campaignId}/preview",
        "post /v1/campaigns/{campaignId}/rejection",
        "post /v1/campaigns/{campaignId}/resume",
        "post /v1/campaigns/{campaignId}/run",
        "post /v1/campaigns/{campaignId}/stop",
        "post /v1/campaigns/{campaignId}/undo",
        "post /v1/persons",
        "post /v1/persons/lookup",
        "post /v1/persons/{personId}/claim-lines",
        "post /v1/persons/{personId}/corrections",
        "post /v1/persons/{personId}/corrections/preview",
        "post /v1/persons/{personId}/documents",
        "post /v1/persons/{personId}/histories",
        "post /v1/persons/{personId}/histories/statement",
        "post /v1/persons/{personId}/histories/{importId}/retraction",
        "post /v1/persons/{personId}/histories/{importId}/verification",
        "post /v1/persons/{personId}/insurance",
        "post /v1/persons/{personId}/packages",
        "post /v1/persons/{personId}/remaps",
        "post /v1/persons/{personId}/statements/authorisation",
        "post /v1/persons/{personId}/statements/care-class",
        "post /v1/persons/{personId}/statements/clinical-facts",
        "post /v1/persons/{personId}/statements/condition",
        "post /v1/persons/{personId}/statements/new-episode",
        "post /v1/persons/{personId}/statements/term-extension",
        "post /v1/persons/{personId}/statements/{statementId}/retraction",
        "post /v1/persons/{personId}/switches",
        "post /v1/proposals/{proposalId}/approval",
        "post /v1/proposals/{proposalId}/rejection",
      ]
    `);
  });

  test('its page for people is there and loads nothing from elsewhere', async () => {
    const page = await app.inject({ url: '/docs' });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const elsewhere = [...page.payload.matchAll(/(?:src|href)="(https?:)?\/\/[^"]+"/g)];
    expect(elsewhere).toEqual([]);
    const script = await app.inject({ url: '/docs/swagger-ui-bundle.js' });
    expect(script.statusCode).toBe(200);
  });
});
