import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject, type StandardSchemaConverter } from '@nestjs/swagger';
import { z } from 'zod';
import { ACCESS_TOKEN } from '../sign-in/callable-by.decorator';
import { paymentSpecificationPage } from '../payment-specifications/schema';
import { problem } from './problem-schema';

export const DOCUMENT_PATH = '/v1/openapi.json';
export const DOCUMENTATION_PATH = '/docs';

const DESCRIPTION = `Counts physiotherapy sessions per treatment trajectory, and so decides who pays the next one.

- **Amounts** are whole euro cents; **dates** are \`YYYY-MM-DD\`.
- **Sign-in**: every request but those of health and of this document carries an access token of the configured OpenID Connect issuer,
  \`Authorization: Bearer …\`. Each operation names the roles that may call it; any one of them is enough.
- **Nothing about a person stands in a URL**: a person is known by a random id, found by \`POST /v1/persons/lookup\`.
- **Commands** carry an \`Idempotency-Key\`: the same request with the same key has one effect and one answer. \`If-Match\` with the
  ETag of the dossier refuses the command when a decision has been recorded since.
- **Freshness**: a command answers a \`position\`; a query with \`atLeast\` that position sees its effect.
- **Errors** are problems (RFC 9457) that tell every fault at once and repeat nothing of what was sent.`;

type JsonSchema = Record<string, unknown>;

/**
 * The OpenAPI 3.1 document, from the very schemas that check the requests. A schema with an id becomes a component under that
 * name; the others stand where they are used.
 */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Traject')
    .setVersion('1')
    .setDescription(DESCRIPTION)
    .setLicense('EUPL-1.2', 'https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12')
    .addServer('/', 'This server')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token (RFC 9068) of the configured issuer.' },
      ACCESS_TOKEN,
    )
    .addTag('Persons', 'From a number to a person id')
    .addTag('Commands', 'What changes a dossier')
    .addTag('Documents', 'What a correction stands on')
    .addTag('Dossiers', 'What is known and decided of one person')
    .addTag('History statements', 'What one insurer tells the next')
    .addTag('Work list', 'What the back office has to do')
    .addTag('Reports', 'Totals')
    .addTag('Payment specifications', 'What practices are paid otherwise')
    .addTag('Claim files', 'What came in')
    .addTag('Policy', 'The rules in effect')
    .addTag('Access log', 'Who looked at whose data')
    .addTag('Health', 'For whoever runs it')
    .build();
  const document = SwaggerModule.createDocument(app, config, { standardSchemaConverter: convert });
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...componentsOf(problem), ...componentsOf(paymentSpecificationPage) },
  };
  return document;
}

/** Of a schema that stands beside another media type, where only its name can be given. */
const componentsOf = (schema: z.ZodType) => convert(schema, { schemaType: 'output' })?.components ?? {};

const convert: StandardSchemaConverter = (schema, { schemaType }) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const {
    $defs = {},
    $schema: _dialect,
    id,
    ...own
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: schemaType,
    // what a preprocessing or a transform makes of it is not the caller's business
    unrepresentable: 'any',
  }) as JsonSchema & { $defs?: Record<string, JsonSchema>; id?: string };
  const components = Object.fromEntries(Object.entries($defs).map(([name, { id: _id, ...each }]) => [name, withNames(each)]));
  if (id === undefined) return { schema: withNames(own), components };
  return {
    schema: { $ref: `#/components/schemas/${id}` },
    components: { ...components, [id]: withNames(own) },
  };
};

/** References into `$defs` become references to components; zod's own ids are no keyword of a schema. */
function withNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNames);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === '$ref' && typeof each === 'string' ? each.replace('#/$defs/', '#/components/schemas/') : withNames(each),
    ]),
  );
}
