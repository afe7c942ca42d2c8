import { debit, registerPerson } from './testing/persons';
import { TestApi } from './testing/test-api';

describe('from a person to a payer split', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  test('lines that are declared are decided, booked, read back with their reason, and added up', async () => {
    const { personId, bsn } = await registerPerson(api);
    const declared = await api.post(`/v1/persons/${personId}/claim-lines`, { lines: [1, 2, 3].map((n) => debit(n)) });
    expect(declared.status).toBe(200);
    const looked = await api.post('/v1/persons/lookup', { bsn });
    expect(looked.body).toEqual({ personId, identity: { birthDate: '1970-05-17', name: 'Aafke van Zonderen-Proef' } });
  });
});
