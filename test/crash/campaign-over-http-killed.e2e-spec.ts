import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Client } from 'pg';
import { startDevelopmentIssuer, type DevelopmentIssuer } from '#libs/development-issuer';
import type { Role } from '#libs/sign-in';
import { Story } from '../stories/story';
import { seededRandom } from './claim-material';
import { closedCode, MAPPING } from './closed-code';
import { reached } from './kill';
import { eventsDrawn, onlooker, whatIsThereTwice } from './log-of';

const API = join(__dirname, '../../dist/apps/api/src/main.js');
const PERSONS = 400;
const KILLS = 3;
const SEED = 20250117;
const PATIENCE_MS = 60_000;

interface Shown {
  readonly campaign: { readonly status: string; readonly digest: string };
  readonly progress: { readonly booked: number; readonly exceptions: number };
  readonly work: { readonly looked: number; readonly outcome: string | null } | null;
}

describe('Killed: the API, while it previews and runs a campaign in the background', () => {
  let story: Story;
  let issuer: DevelopmentIssuer;
  let client: Client;
  let persons: number;
  const children: ChildProcess[] = [];
  const random = seededRandom(SEED);

  beforeAll(async () => {
    story = await Story.open();
    issuer = await startDevelopmentIssuer();
    persons = await closedCode(story, PERSONS, random);
    client = await onlooker(story.database.url);
  }, 300_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await client?.end();
    await issuer?.stop();
    await story?.close();
  });

  async function startApi(): Promise<{
    readonly child: ChildProcess;
    readonly address: string;
    readonly ended: Promise<unknown>;
  }> {
    const { TRAJECT_TEST_POSTGRES_URL: _server, ...env } = process.env;
    const child = fork(API, [], {
      env: {
        ...env,
        ...{ TRAJECT_DATA_DIR: story.path('data'), TRAJECT_DATABASE_URL: story.database.url, TRAJECT_PORT: '0' },
        ...{ TRAJECT_OIDC_ISSUER: issuer.issuer, TRAJECT_OIDC_AUDIENCE: issuer.audience, TRAJECT_LOG_LEVEL: 'error' },
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(child);
    const ended = once(child, 'exit');
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ address: string }];
    return { child, address: message.address, ended };
  }
  async function ask(address: string, role: Role, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const authorization = `Bearer ${await issuer.sign({ subject: `one-who-is-${role}`, roles: [role] })}`;
    const response = await fetch(`${address}/v1/campaigns${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    expect([response.status, answer]).toEqual([200, answer]);
    return answer;
  }
  const show = (address: string, id: string): Promise<Shown> => ask(address, 'operator', 'GET', `/${id}`) as Promise<Shown>;
  async function until(address: string, id: string, isReached: (shown: Shown) => boolean): Promise<Shown> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(50)) {
      const shown = await show(address, id);
      if (isReached(shown)) return shown;
    }
    throw new Error(`it did not come to that: ${JSON.stringify(await show(address, id))}`);
  }
  const onRecord = async (event: string): Promise<{ lines: number; persons: number }> => {
    const { rows } = await client.query<{ lines: number; persons: number }>(
      `select count(*)::int as lines, count(distinct content::jsonb->>'person')::int as persons from access.entry
       where content::jsonb->>'event' = $1 and content::jsonb->>'person' is not null`,
      [event],
    );
    return rows[0] as { lines: number; persons: number };
  };
  const kept = async (): Promise<number> => {
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from corrections.campaign_person');
    return rows[0]?.n ?? 0;
  };

  it('goes on by itself when the API is started again; nobody is looked at, booked or recorded twice', async () => {
    let api = await startApi();
    const order = { kind: 'mapping', mapping: MAPPING, reason: 'code list', canary: 10 };
    const { campaignId: id } = (await ask(api.address, 'corrector', 'POST', '', order)) as { campaignId: string };
    expect(await reached(api.ended, async () => ((await kept()) >= PERSONS / 4 ? true : null))).toBe(true);
    api.child.kill('SIGKILL');
    await api.ended;
    expect(await kept()).toBeLessThan(persons);

    api = await startApi();
    const { campaign } = await until(api.address, id, ({ work }) => work?.outcome === 'previewed');
    await ask(api.address, 'approver', 'POST', `/${id}/approval`, { digest: campaign.digest });
    await ask(api.address, 'operator', 'POST', `/${id}/run`, {});
    await until(api.address, id, ({ campaign: { status }, work }) => status === 'waiting' && work?.outcome === 'waiting');
    const before = await eventsDrawn(client);
    await ask(api.address, 'operator', 'POST', `/${id}/resume`, { from: 'waiting' });

    // three events a person: two facts and a decision, near enough
    const events = (persons - 10) * 3;
    for (let n = 1; n <= KILLS; n += 1) {
      const moment = before + Math.floor(((n - 1 + random()) / (KILLS + 2)) * events);
      const isThere = await reached(api.ended, async () => ((await eventsDrawn(client)) >= moment ? true : null));
      expect(isThere).toBe(true);
      api.child.kill('SIGKILL');
      await api.ended;
      api = await startApi();
    }
    await ask(api.address, 'operator', 'POST', `/${id}/pause`, {});
    const paused = await until(
      api.address,
      id,
      ({ campaign: { status }, work }) => status === 'paused' && work?.outcome === 'paused',
    );
    expect(paused.progress.booked).toBeLessThan(persons);
    // a second API and the command line meet at the same campaign: one of them is at it
    const other = await startApi();
    await ask(other.address, 'operator', 'POST', `/${id}/resume`, { from: 'paused' });
    await story.run(['campaign', 'resume', id]);
    const done = await until(api.address, id, ({ campaign: { status } }) => status === 'done');
    expect(done.progress).toMatchObject({ booked: persons, exceptions: 0 });
    expect(await whatIsThereTwice(client)).toEqual([]);
    expect(await onRecord('preview-campaign')).toEqual({ lines: persons, persons });
    expect(await onRecord('run-campaign')).toEqual({ lines: persons, persons });
    for (const { child, ended } of [api, other]) {
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
    expect(await story.json<{ findings: unknown[] }>(['verify'])).toMatchObject({ findings: [] });
  }, 300_000);
});
