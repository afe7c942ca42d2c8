/** What practices are paid otherwise, by day, over HTTP; whatever it was booked by. */
import { parse } from 'csv-parse/sync';
import { declare, history, registerPerson, type Registered } from '../testing/persons';
import { activateCoveredOnly } from '../testing/policies';
import { RecordedAccesses } from '../testing/recorded-accesses';
import { TestApi, type Answer } from '../testing/test-api';
import { ONE_DAY_PATIENCE_MS, withinOneDutchDay } from '../../../../test/one-dutch-day';

interface Specification {
  readonly practice: string;
  readonly cause: { readonly type: string; readonly id: string };
  readonly date: string;
  readonly lines: readonly { readonly reference: string; readonly differenceCents: number }[];
  readonly totalDifferenceCents: number;
}
interface Told {
  readonly practice: string;
  readonly reference: string;
  readonly grantedBeforeCents: number;
  readonly grantedNowCents: number;
  readonly cause: { readonly type: string; readonly id: string };
}

const PATH = '/v1/payment-specifications';

describe('payment specifications of a day', () => {
  let api: TestApi;
  let today: string;
  let persons: Registered[];
  let digest: string;
  let position: string;
  /** Every change that any command's answer told. */
  const told: Told[] = [];

  const note = (answer: Answer): Answer => {
    expect(answer.status).toBe(200);
    told.push(...(answer.body.paymentChanges as Told[]));
    if (answer.body.position !== null) position = answer.body.position as string;
    return answer;
  };
  const ask = (query = '', headers = {}): Promise<Answer> =>
    api.get(`${PATH}?on=${today}${query}`, { 'traject-at-least': position, ...headers });
  const specificationsOf = (answer: Answer): Specification[] => answer.body.specifications as Specification[];

  beforeAll(async () => {
    await withinOneDutchDay();
    api = await TestApi.start();
    today = api.runtime.context.today();
    persons = [await registerPerson(api), await registerPerson(api)];
    const [one, other] = persons as [Registered, Registered];
    for (const { personId, line } of persons)
      note(
        await declare(
          api,
          personId,
          [1, 2, 3, 4, 5].map((nth) => line(nth)),
        ),
      );
    // by which grants move
    digest = await activateCoveredOnly(api);
    const packages = [{ insurer: '3343', package: 'Start', from: '2024-01-01', through: null }];
    note(await api.post(`/v1/persons/${one.personId}/packages`, { packages }));
    // lines before the others: later ones move behind the package's end
    note(await declare(api, one.personId, [one.line(0), one.line(-1), one.line(-2)]));
    note(await api.post(`/v1/persons/${other.personId}/histories`, history({ count: 18 })));
    const { practice, date, declaredCents, invoice } = other.line(1);
    const credit = { kind: 'credit', practice, reference: 'C1', date, declaredCents, invoice, debitReference: 'R0001' };
    note(await declare(api, other.personId, [credit]));
  }, ONE_DAY_PATIENCE_MS);
  afterAll(() => api.stop());

  test('[wire-3] are one per practice and cause, and add up to what the answers of the commands told', async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    const specifications = specificationsOf(answer);
    expect(new Set(specifications.map(({ practice, cause }) => `${practice} ${cause.id}`)).size).toBe(specifications.length);
    expect(specifications.map(({ practice }) => practice)).toEqual(specifications.map(({ practice }) => practice).sort());
    expect(new Set(specifications.map(({ cause }) => cause.type))).toEqual(
      new Set(['ActivatePolicy', 'StatePackages', 'DeclareClaimLines', 'ImportHistory']),
    );
    expect(specifications.filter(({ cause }) => cause.type === 'ActivatePolicy').map(({ cause }) => cause.id)).toEqual([
      ...[digest, digest],
    ]);
    const shown = specifications.flatMap(({ practice, cause, date, lines }) => {
      expect(date).toBe(today);
      return lines.map(({ reference, differenceCents }) => `${practice} ${cause.id} ${reference} ${differenceCents}`);
    });
    const expected = new Map<string, number>();
    for (const { practice, cause, reference, grantedBeforeCents, grantedNowCents } of told) {
      const key = `${practice} ${cause.id} ${reference}`;
      expected.set(key, (expected.get(key) ?? 0) + grantedNowCents - grantedBeforeCents);
    }
    expect(shown.sort()).toEqual([...expected].map(([key, cents]) => `${key} ${cents}`).sort());
    expect(answer.headers['traject-position']).toMatch(/^\d+-\d+$/);
  });

  test('of one practice alone; of another day, or a practice that nobody knows, none', async () => {
    const [{ practice }] = persons as [Registered];
    const whole = specificationsOf(await ask());
    expect(specificationsOf(await ask(`&practice=${practice}`))).toEqual(whole.filter((each) => each.practice === practice));
    expect((await ask('&practice=04999999')).body).toEqual({ specifications: [], next: null });
    expect((await api.get(`${PATH}?on=2020-02-29`)).body).toEqual({ specifications: [], next: null });
    const empty = await api.get(`${PATH}?on=2020-02-29`, { accept: 'text/csv' });
    expect(empty.text).toMatch(/^practice,invoice,reference,[a-z_,]+\n$/);
  });

  test('[wire-3] as CSV say the same, page by page', async () => {
    const rows: Record<string, string>[] = [];
    let path: string | null = `${PATH}?on=${today}&limit=3`;
    for (let pages = 0; path !== null; pages += 1) {
      const answer: Answer = await api.get(path, { accept: 'text/csv', 'traject-at-least': position });
      expect([answer.status, answer.headers['content-type'], answer.headers.vary]).toEqual([
        ...[200, 'text/csv; charset=utf-8', 'Accept'],
      ]);
      expect(answer.headers['content-disposition']).toBe(`attachment; filename="payments-${today}.csv"`);
      const page = parse(answer.text, { columns: true }) as unknown as Record<string, string>[];
      expect(page.length).toBeLessThanOrEqual(3);
      rows.push(...page);
      path = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1] ?? null;
      expect(pages).toBeLessThan(50);
    }
    const whole = specificationsOf(await ask());
    expect(rows.map((row) => [row.practice, row.cause_id, row.reference, Number(row.difference_cents)])).toEqual(
      whole.flatMap(({ practice, cause, lines }) =>
        lines.map(({ reference, differenceCents }) => [practice, cause.id, reference, differenceCents]),
      ),
    );
    const paged: Specification[] = [];
    for (let after = ''; ;) {
      const { body } = await ask(`&limit=3${after === '' ? '' : `&after=${after}`}`);
      paged.push(...(body.specifications as Specification[]));
      if (body.next === null) break;
      after = body.next as string;
    }
    expect(paged.flatMap(({ lines }) => lines)).toEqual(whole.flatMap(({ lines }) => lines));
  });

  test('are refused where the day, the practice or the page is none, every fault at once', async () => {
    const pointers = async (query: string): Promise<unknown> => {
      const { status, body } = await api.get(`${PATH}${query}`);
      return [status, ...((body.errors ?? []) as { pointer: string }[]).map(({ pointer }) => pointer).sort()];
    };
    expect(await pointers('')).toEqual([400, '/on']);
    expect(await pointers('?on=2024-02-30&practice=12&limit=5001&day=1')).toEqual([400, '/day', '/limit', '/on', '/practice']);
    expect(await pointers('?on=2024-02-28&after=x')).toEqual([400, '/after']);
  });

  test('are answered no sooner than the read models are there', async () => {
    const answer = await api.get(`${PATH}?on=${today}&atLeast=999999999999-1`);
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:not-fresh']);
  });

  test('put everybody of whom a line is told on record, and nobody else', async () => {
    const accesses = new RecordedAccesses(api);
    await accesses.since();
    const [one, other] = persons as [Registered, Registered];
    const recorded = async (): Promise<string[]> =>
      (await accesses.since()).map(({ event, action, outcome, object, person }) =>
        [event, action, outcome, object, person].join(' '),
      );
    const line = (person: string | null): string =>
      `payment-specifications read success payment-specification ${String(person)}`.replace('null', '');
    await ask(`&practice=${one.practice}`);
    expect(await recorded()).toEqual([line(one.personId)]);
    await ask('', { accept: 'text/csv' });
    expect((await recorded()).sort()).toEqual([line(one.personId), line(other.personId)].sort());
    await ask('&practice=04999999');
    expect(await recorded()).toEqual([line(null)]);
  });

  test('are withheld while the access cannot be recorded, with what the headers tell', async () => {
    await api.runtime.pool.query('alter function access.append(uuid[], text[]) rename to taken_away');
    try {
      const answer = await ask('&limit=1', { accept: 'text/csv' });
      expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:access-log-unavailable']);
      expect([answer.headers.link, answer.headers['content-disposition']]).toEqual([undefined, undefined]);
    } finally {
      await api.runtime.pool.query('alter function access.taken_away(uuid[], text[]) rename to append');
    }
  });

  test('are for those who read dossiers', async () => {
    for (const role of ['reader', 'corrector', 'approver'] as const)
      expect((await api.ask('GET', `${PATH}?on=${today}`, { as: { roles: [role] } })).status).toBe(200);
    for (const role of ['ingest', 'policy', 'auditor', 'operator'] as const)
      expect((await api.ask('GET', `${PATH}?on=${today}`, { as: { roles: [role] } })).status).toBe(403);
  });

  test('say that the read models are older than that, where they are', async () => {
    const set = (moment: string | null): Promise<unknown> =>
      api.runtime.pool.query('update read.checkpoint set payment_changes_after = $1', [moment]);
    await set('2025-06-30T12:00:00Z');
    const answer = await api.get(`${PATH}?on=2025-06-30`);
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:rebuild-needed']);
    await set(null);
  });
});
