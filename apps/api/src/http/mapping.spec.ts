import { BadRequestException, HttpException, InternalServerErrorException, NotFoundException } from '@nestjs/common';
import fc from 'fast-check';
import { ContentionError, PolicyMissingError } from '#libs/dossiers';
import { CursorError } from '#libs/read-models';
import { refused } from '../commands/refused';
import { historyImport } from '../histories/schema';
import { personRegistration } from '../persons/schema';
import { faultsOf } from './faults';
import { mapError } from './map-error';
import { pointerOf, pointerOfField } from './pointer';
import { problemBody } from './problem';

const withCode = (code: string, statusCode?: number): Error => Object.assign(new Error('inside'), { code, statusCode });

describe('errors as problems', () => {
  test.each<[string, unknown, number, string, boolean]>([
    ['contention', new ContentionError('3 persons kept moving'), 409, 'contention', false],
    ['no policy', new PolicyMissingError('none'), 503, 'policy-missing', false],
    ['a cursor of elsewhere', new CursorError(), 400, 'invalid-request', false],
    ['a lost connection', withCode('ECONNREFUSED'), 503, 'store-unavailable', false],
    ['a database that shuts down', withCode('57P01'), 503, 'store-unavailable', false],
    ['a body that is too large', withCode('FST_ERR_CTP_BODY_TOO_LARGE', 413), 413, 'body-too-large', false],
    [
      'the same, wrapped by the framework',
      new HttpException('x', 413, { cause: withCode('FST_ERR_CTP_BODY_TOO_LARGE', 413) }),
      413,
      'body-too-large',
      false,
    ],
    ['an unknown route', new NotFoundException('Cannot GET /123456782'), 404, 'route-unknown', false],
    ['a refusal of the framework', new BadRequestException('inside'), 400, 'request-refused', false],
    ['a fault of the framework', new InternalServerErrorException('inside'), 500, 'internal-error', true],
    ['a broken invariant', new Error('inside'), 500, 'internal-error', true],
    ['what is no error at all', 'inside', 500, 'internal-error', true],
    ['a constraint of the database', withCode('23505'), 500, 'internal-error', true],
  ])('%s', (_name, error, status, code, unexpected) => {
    const mapped = mapError(error);
    expect([mapped.problem.status, mapped.problem.code, mapped.unexpected]).toEqual([status, code, unexpected]);
    expect(JSON.stringify(problemBody(mapped.problem))).not.toMatch(/inside|123456782/);
  });

  test('what may pass by itself says when to come back', () => {
    for (const error of [new ContentionError('x'), new PolicyMissingError('x'), withCode('ECONNRESET')])
      expect(Number(mapError(error).problem.options.headers?.['retry-after'])).toBeGreaterThan(0);
  });

  test('refusals are told all, by JSON pointer; the unknown person of a path is 404', () => {
    const problem = refused([
      { code: 'a', field: 'insurance[1].from', problem: 'x' },
      { code: 'b', field: 'document.reference', problem: 'y' },
      { code: 'c', field: '', problem: 'z' },
    ]);
    expect(problem.status).toBe(422);
    expect(problem.options.errors?.map(({ pointer }) => pointer)).toEqual(['/insurance/1/from', '/document/reference', '']);
    expect(refused([{ code: 'person-unknown', field: 'personId', problem: 'x' }]).status).toBe(404);
  });

  test('a pointer repeats names that a schema may have, and no others', () => {
    expect(pointerOf(['lines', 3, 'date'])).toBe('/lines/3/date');
    expect(pointerOf(['123456782'])).toBe('/?');
    expect(pointerOf(['van der Berg'])).toBe('/?');
    expect(pointerOf(['a/b~c'])).toBe('/?');
    expect(pointerOfField('lines[12].date')).toBe('/lines/12/date');
  });
});

describe('faults of a schema', () => {
  const planted = 'Planted-7391';

  test('no fault repeats a value that was sent, wherever it stands', () => {
    const leaf = fc.constantFrom<unknown>(planted, [planted], { name: planted }, 7391, null);
    for (const schema of [personRegistration, historyImport]) {
      const names = Object.keys(schema.shape);
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...names, 'extra'), leaf), (value) => {
          const result = schema.safeParse(value);
          const faults = result.success ? [] : faultsOf('body', result.error.issues, value);
          expect(JSON.stringify(faults)).not.toMatch(/Planted|7391/);
        }),
        { numRuns: 200 },
      );
    }
  });

  test('a BSN that fails the 11-test is refused and not repeated, also in prose', () => {
    const result = personRegistration.safeParse({ bsn: '123456789', birthDate: '1970-01-01', insurance: [] });
    const faults = result.success ? [] : faultsOf('body', result.error.issues, {});
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/bsn']);
    expect(JSON.stringify(faults)).not.toContain('123456789');
    const prose = historyImport.shape.statedBy.safeParse('letter of 123456782');
    expect(prose.error?.issues[0]?.message).toMatch(/looks like a BSN/);
    expect(historyImport.shape.statedBy.safeParse('letter 123456789 of insurer 7095').success).toBe(true);
  });

  test('dates that do not exist are refused', () => {
    for (const date of ['2023-02-29', '2024-13-01', '2024-00-10', '2024-1-1', '24-01-01', '1899-12-31', '2200-01-01', ''])
      expect([date, personRegistration.shape.birthDate.safeParse(date).success]).toEqual([date, false]);
    expect(personRegistration.shape.birthDate.safeParse('2024-02-29').success).toBe(true);
  });
});
