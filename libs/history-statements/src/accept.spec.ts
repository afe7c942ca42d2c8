import type { HistoryImportId } from '#libs/trajectory';
import { acceptStatement, type Accepted, type Acceptance } from './accept';
import type { HistoryStatement } from './statement';
import { dossierOf, imported, type Told } from './testing/dossier';

const DIGEST = 'a'.repeat(64);
const statement: HistoryStatement = {
  iss: '7095',
  jti: '0f0c8a52-3c4d-4e57-9a39-6b2f7a1d0c11',
  iat: Date.parse('2024-01-15T23:30:00Z') / 1000,
  exp: Date.parse('2024-07-13T23:30:00Z') / 1000,
  subject: { bsn: '111222333', birthDate: '1970-05-05' },
  history: {
    ...{ diagnosis: '3176', codes: ['3176', '9376'], startedOn: '2023-03-06', count: 14, throughDate: '2023-12-31' },
    ...{ perCalendarYear: { '2023': 14 }, scope: 'everything', practices: ['04012345'], severalTherapists: false, rests: [] },
  },
};
const accept = (told: Told, over: Partial<Acceptance> = {}): Accepted =>
  acceptStatement({
    ...{ statement, digest: DIGEST, state: dossierOf(told), birthDate: '1970-05-05' },
    ownImport: 'own' as HistoryImportId,
    ...over,
  });
const codesOf = (accepted: Accepted): string[] =>
  accepted.outcome === 'refused' ? accepted.refusals.map(({ code }) => code) : ['accepted'];
const ofSameInsurer = (digest: string, importId: string) =>
  imported(12, '2023-11-30', {
    importId: importId as HistoryImportId,
    document: { reference: 'history statement 7095/first', digest },
  });

describe('a verified statement', () => {
  it('becomes the import of just that count, with its origin, document, digest and day of signing', () => {
    expect(accept({ diagnosis: '9373' })).toEqual({
      outcome: 'accepted',
      input: {
        ...{ diagnosis: '3176', startedOn: '2023-03-06', count: 14, throughDate: '2023-12-31', scope: 'everything' },
        ...{ perCalendarYear: { '2023': 14 }, previousInsurer: '7095', statedBy: 'insurer 7095', signedOn: '2024-01-16' },
        source: 'history statement of an insurer',
        document: { reference: 'history statement 7095/0f0c8a52-3c4d-4e57-9a39-6b2f7a1d0c11', digest: DIGEST },
      },
    });
  });

  it('goes to the trajectory that is known here under an earlier code', () => {
    expect(accept({ diagnosis: '9376' })).toMatchObject({ input: { diagnosis: '9376' } });
  });

  it('of a person with another date of birth is refused', () => {
    expect(codesOf(accept({}, { birthDate: '1970-05-06' }))).toEqual(['birth-date-differs']);
  });

  it('is refused a second time, but not when the same command comes again', () => {
    const told: Told = { diagnosis: '3176', facts: [ofSameInsurer(DIGEST, 'first')] };
    expect(codesOf(accept(told))).toEqual(['statement-imported']);
    expect(codesOf(accept(told, { ownImport: 'first' as HistoryImportId }))).toEqual(['accepted']);
  });

  it('after an earlier one of the same insurer is refused unless it supersedes that one: both counts would add up', () => {
    const told: Told = { diagnosis: '3176', facts: [ofSameInsurer('b'.repeat(64), 'first')] };
    expect(codesOf(accept(told))).toEqual(['earlier-statement']);
    const supersedes = 'first' as HistoryImportId;
    expect(accept(told, { supersedes })).toMatchObject({ outcome: 'accepted', input: { supersedes } });
  });
});
