import { declare, history, registerPerson, registration, someBsn } from './testing/persons';
import { TestApi, type Answer } from './testing/test-api';

const NAME = 'Zonderen';
const BIRTH_DATE = '1970-05-17';

describe('identity', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  test('no answer, no log line and no table of ours holds a BSN, a name or a birth date; only the answer of the lookup does', async () => {
    const bsns: string[] = [];
    const answers: Answer[] = [];
    const note = (answer: Answer): Answer => {
      answers.push(answer);
      return answer;
    };
    for (let nth = 0; nth < 25; nth += 1) {
      const bsn = someBsn();
      bsns.push(bsn);
      const { personId, line, practice } = await registerPerson(api, bsn);
      const path = `/v1/persons/${personId}`;
      note(await api.post('/v1/persons', registration(bsn)));
      const found = await api.post('/v1/persons/lookup', { bsn });
      expect(found.body).toMatchObject({ personId, identity: { birthDate: BIRTH_DATE } });
      note(await api.post(`${path}/switches`, { switchDate: '2024-01-01', diagnosis: '3176' }));
      note(await declare(api, personId, [line(1), line(2)]));
      const { position } = note(await api.post(`${path}/histories`, history())).body as { position: string };
      const dossier = note(await api.get(`${path}/dossier?atLeast=${position}`));
      const { trajectoryId } = (dossier.body.trajectories as { trajectoryId: string }[])[0] ?? { trajectoryId: '' };
      note(await api.get(`/v1/trajectories/${trajectoryId}`));
      note(await api.get(`/v1/trajectories/${trajectoryId}/events`));
      note(await api.get(`${path}/decisions/${practice}/R0001`));
      // where it must not be sent it is not repeated either
      note(await api.get(`/v1/persons/${bsn}/dossier`));
      note(await api.get(`/v1/work-list?kind=${bsn}`));
      note(await api.post('/v1/persons', { ...registration(bsn), [bsn]: bsn, birthDate: bsn }));
      note(await api.post(`${path}/histories`, history({ statedBy: `daughter of ${bsn}` })));
      note(await api.post(`${path}/packages`, { packages: [] }, { key: `person-${bsn}` }));
    }
    note(await api.get('/v1/work-list'));
    const told = answers.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n');
    const logged = api.logged.join('');
    expect(logged).toContain('"route":"/v1/persons/lookup"');
    const { rows } = await api.runtime.pool.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema', 'identity')`,
    );
    expect(rows.map(({ name }) => name)).toContain('api.idempotency');
    let stored = '';
    for (const { name } of rows)
      stored += JSON.stringify((await api.runtime.pool.query(`select row_to_json(t)::text as row from ${name} t`)).rows);
    for (const [where, text] of Object.entries({ told, logged, stored })) {
      expect([where, bsns.filter((bsn) => text.includes(bsn))]).toEqual([where, []]);
      expect([where, text.includes(NAME), text.includes(BIRTH_DATE)]).toEqual([where, false, false]);
    }
  });
});
