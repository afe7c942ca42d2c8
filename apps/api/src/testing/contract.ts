/** Holds every answer to the OpenAPI document: an answer that is not described there fails the test that asked. */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

export class Contract {
  readonly #ajv: Ajv2020;
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenAPIObject) {
    this.#ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.#ajv);
    this.#ajv.addSchema(JSON.parse(JSON.stringify(document)) as object, 'openapi');
  }

  /** Why the answer is not as described; null when it is, or when the address is not in the document. */
  fault(method: string, url: string, status: number, mediaType: string, body: unknown): string | null {
    const path = url.split('?')[0] ?? '';
    const template = Object.keys(this.document.paths).find((each) =>
      new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    const operation =
      template === undefined ? undefined : this.document.paths[template]?.[method.toLowerCase() as 'get' | 'post'];
    if (template === undefined || operation === undefined) return null;
    const where = `${method} ${template} ${status}`;
    const response = operation.responses[String(status)] as Content | undefined;
    if (response === undefined) return status === 405 || status === 404 ? null : `${where} is not described`;
    const media = mediaType.split(';')[0] ?? '';
    if (response.content?.[media]?.schema === undefined) return `${where} is not described as ${media}`;
    const validate = this.validator(template, method.toLowerCase(), String(status), media);
    return validate(body) ? null : `${where}: ${this.#ajv.errorsText(validate.errors)}`;
  }

  private validator(template: string, method: string, status: string, media: string): ValidateFunction {
    const path = ['paths', template, method, 'responses', status, 'content', media, 'schema'];
    const pointer = path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const known = this.#validators.get(pointer);
    if (known !== undefined) return known;
    const validate = this.#ajv.compile({ $ref: `openapi#/${pointer}` });
    this.#validators.set(pointer, validate);
    return validate;
  }
}
