import { Controller, Get } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CONTROLLERS } from '../api.module';
import { openApiDocument } from '../openapi/document';
import { apiWithoutStore } from '../testing/api-without-store';
import { TouchesNoPerson } from './accesses.decorator';
import { outcomeOf } from './request-access';
import { routeMarks, type RouteName } from './route-marks';

/** What may be asked without touching a person's data: a new address does not get here by itself. */
const OF_NO_PERSON: readonly RouteName[] = [
  'GET /.well-known/traject-statement-keys.json',
  'GET /health/live',
  'GET /health/ready',
  'GET /v1/campaigns',
  'GET /v1/campaigns/:campaignId',
  'GET /v1/claim-files',
  'GET /v1/claim-files/:fileId',
  'GET /v1/payer-split',
  'GET /v1/policy',
];

describe('marks for the access log', () => {
  let app: NestFastifyApplication;
  beforeAll(async () => {
    app = await apiWithoutStore();
  });
  afterAll(() => app.close());

  test('every route that touches a person is marked, under the address by which the server knows it', () => {
    const fastify = app.getHttpAdapter().getInstance();
    const marks = routeMarks(CONTROLLERS);
    for (const name of marks.keys()) {
      const [method = '', url = ''] = name.split(' ');
      expect([name, fastify.hasRoute({ method, url })]).toEqual([name, true]);
    }
    const ofNoPerson = [...marks].filter(([, mark]) => mark === 'no-person').map(([name]) => name);
    expect(ofNoPerson.sort()).toEqual(OF_NO_PERSON);
  });

  test('every operation of the OpenAPI document is marked, and there is no other mark', () => {
    const documented = Object.entries(openApiDocument(app).paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect([...routeMarks(CONTROLLERS).keys()].sort()).toEqual(documented.sort());
  });

  test('every change is under a command, and every command is a change', () => {
    for (const [name, mark] of routeMarks(CONTROLLERS))
      if (mark !== 'no-person')
        expect([name, mark.action === 'change']).toEqual([name, name.startsWith('POST') && !/\/(lookup|preview)$/.test(name)]);
  });

  test('a route without a mark is refused at start, by its name', () => {
    @Controller('v1/persons/:personId/secrets')
    class Unmarked {
      @Get('all')
      all(): void {}

      @Get('none')
      @TouchesNoPerson()
      none(): void {}
    }
    expect(() => routeMarks([...CONTROLLERS, Unmarked])).toThrow(
      /^no mark for the access log: GET \/v1\/persons\/:personId\/secrets\/all;/,
    );
  });

  test.each([
    [200, 'success'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'refused'],
    [412, 'refused'],
    [422, 'refused'],
    [429, 'refused'],
    [500, 'failed'],
    [503, 'failed'],
  ])('an answer of status %i is %s', (status, outcome) => expect(outcomeOf(status)).toBe(outcome));
});
