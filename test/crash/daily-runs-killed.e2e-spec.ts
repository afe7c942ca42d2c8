import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { Client } from 'pg';
import { generateBsn } from '#libs/claims';
import { Corrections, DossierContext, DossiersModule, openDossierRuntime, Proposals, type DossierRuntime } from '#libs/dossiers';
import { openReadModels, rebuildReadModels } from '#libs/read-models';
import { dossierStream, dutchDay, type CommandId, type PersonId } from '#libs/trajectory';
import { PRACTICE, Story } from '../stories/story';
import { seededRandom } from './claim-material';
import { dossierOf, killedWaiting, registeredKey } from './killed-waiting';
import { onlooker, whatIsThereTwice } from './log-of';

const KEK = Buffer.alloc(32, 9).toString('base64');
const DAY_MS = 86_400_000;
const CENTS = 4000;
/** Persons with overrides that have lapsed, and how many each of them has. */
const [PERSONS, EACH] = [6, 2];

interface Specification {
  readonly cause: { readonly type: string; readonly id: string };
  readonly lines: readonly {
    readonly reference: string;
    readonly grantedBeforeCents: number;
    readonly grantedNowCents: number;
  }[];
}
/** A move to the child that Anna has proposed. */
interface Move {
  readonly id: string;
  readonly effects: string;
  readonly from: PersonId;
  readonly reference: string;
}

describe('Killed: the runs that finish what lies about are killed themselves', () => {
  let story: Story;
  let client: Client;
  let runtime: DossierRuntime;
  /** By id: the order in which they come up. */
  let overridden: readonly PersonId[];
  let child: PersonId;
  let moves: readonly [Move, Move];

  beforeAll(async () => {
    story = await Story.open({ TRAJECT_KEK: KEK });
    client = await onlooker(story.database.url);
    const random = seededRandom(20250103);
    const bsns = [...new Set(Array.from({ length: PERSONS + 3 }, () => generateBsn(random)))];
    const [childBsn = '', ...others] = bsns;
    const [senders, held] = [others.slice(0, 2), others.slice(2)];
    const adult = ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'];
    await story.members({
      ...Object.fromEntries(senders.map((bsn) => [bsn, adult])),
      ...Object.fromEntries(held.map((bsn) => [bsn, [...adult, 'switch,,,,,,2024-01-01,,9373,7095']])),
      [childBsn]: ['member,2012-01-02,K. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2015-01-01,,,'],
    });
    const heldLines = (n: number) =>
      Array.from({ length: EACH }, (_, i) => ({ date: `2024-01-${15 + i}`, reference: `O-${n}-${i}` }));
    await story.claimFile('one.pm304', [
      ...senders.map((bsn, n) => ({ bsn, lines: [{ date: `2024-01-${22 + n}`, reference: `W-${n}`, csi: '008' }] })),
      ...held.map((bsn, n) => ({ bsn, lines: heldLines(n) })),
    ]);
    await story.ingest('one.pm304');

    runtime = await openDossierRuntime(
      { eventStore: { kind: 'postgres' }, keyEncryptionKey: { value: KEK, create: false } },
      story.database.url,
      'daily-runs-killed',
    );
    const { store, vault, policies, lineKeys, proposals, access } = runtime.context;
    // set some days ago, through a day that has passed
    const then = () => new Date(Date.now() - 3 * DAY_MS);
    const endsOn = dutchDay(new Date(Date.now() - 2 * DAY_MS));
    const context = new DossierContext(store, vault, policies, lineKeys, null, proposals, then, access);
    const app = await NestFactory.createApplicationContext(DossiersModule.forContext(context), { logger: false });
    const known = await vault.resolveByBsn(bsns);
    const idOf = (bsn: string): PersonId => known.get(bsn)?.personId as PersonId;
    child = idOf(childBsn);
    for (const [n, bsn] of held.entries())
      for (const { reference } of heldLines(n)) {
        const input = {
          ...{ practice: PRACTICE, reference, endsOn },
          split: { basic: 0, supplementary: 0, insured: CENTS },
        };
        const set = await app.get(Corrections).carryOut({
          ...{ personId: idOf(bsn), kind: 'override-decision', input, commandId: randomUUID() as CommandId, actor: 'anna' },
          warrant: { reason: 'complaint', approvedBy: 'bert' },
        });
        expect(set.outcome).toBe('done');
      }
    overridden = held.map(idOf).sort();
    const proposed: Move[] = [];
    for (const [n, bsn] of senders.entries()) {
      const input = { practice: PRACTICE, reference: `W-${n}`, toPerson: child };
      const correction = { personId: idOf(bsn), kind: 'move-session-to-person' as const, input };
      const seen = await app.get(Corrections).preview(correction, 'anna');
      if (seen.outcome === 'refused') throw new Error(JSON.stringify(seen.refusals));
      const about = { proposalId: randomUUID(), reason: 'clerical-error' as const, note: null, actor: 'anna' };
      const { proposalId: id, effects } = await app.get(Proposals).propose({ ...correction, ...about }, seen.preview);
      proposed.push({ id, effects, from: correction.personId, reference: input.reference });
    }
    moves = proposed.sort((a, b) => (a.from < b.from ? -1 : 1)) as unknown as typeof moves;
    await app.close();
    await readModelsUpToDate();
  });
  afterAll(async () => {
    await runtime.close();
    await client.end();
    await story.close();
  });

  /** As far as the log goes now; no projector runs beside these tests. */
  async function readModelsUpToDate(): Promise<void> {
    const connection = { url: story.database.url };
    await (await openReadModels(connection)).destroy();
    // What is committed is shown once older transactions have ended, also those of other tests on the same server.
    const hidden = 'select count(*)::int as count from eventstore.events where xid >= pg_snapshot_xmin(pg_current_snapshot())';
    while ((await rows<{ count: number }>(hidden))[0]?.count !== 0) await delay(20);
    await rebuildReadModels({ store: runtime.store, connection });
  }
  const specified = async (files: readonly string[]): Promise<readonly Specification[]> =>
    JSON.parse(
      await readFile(story.path(files.find((each) => each.endsWith('.json')) ?? 'none.json'), 'utf8'),
    ) as Specification[];
  const rows = async <T extends object>(text: string, values: readonly unknown[] = []): Promise<readonly T[]> =>
    (await client.query<T>(text, [...values])).rows;
  /** Who had an override ended, and the day on which that was recorded. */
  const ended = () =>
    rows<{ personId: PersonId; overrideId: string; recordedAt: Date }>(
      `select metadata->>'personId' as "personId", data->>'overrideId' as "overrideId", recorded_at as "recordedAt"
         from eventstore.events where type = 'OverrideEnded.v1' order by 1, 2`,
    );
  const endedPersons = async (): Promise<readonly string[]> => [...new Set((await ended()).map(({ personId }) => personId))];
  const onRecord = async (event: string): Promise<readonly { person: string | null; outcome: string }[]> =>
    (await rows<{ content: string }>('select content from access.entry order by seq'))
      .map(({ content }) => JSON.parse(content) as { event: string; person: string | null; outcome: string })
      .filter((each) => each.event === event);

  describe('overrides end-due', () => {
    const endDue = ['overrides', 'end-due', '--payments-to', 'ended', '--json'];

    it('killed twice and run again, ends each override once', async () => {
      await killedWaiting(story, endDue, dossierOf(overridden[2] as PersonId), 'lost');
      expect(await endedPersons()).toEqual(overridden.slice(0, 2));
      await readModelsUpToDate();
      await killedWaiting(story, endDue, dossierOf(overridden[3] as PersonId), 'written');
      expect(await endedPersons()).toEqual(overridden.slice(0, 4));
      const behind = await story.run(['overrides', 'end-due', '--payments-to', 'ended']);
      expect([behind.code, behind.stderr]).toEqual([1, expect.stringContaining('have not taken in all that was recorded')]);
      await expect(readdir(story.path('ended'))).rejects.toThrow('ENOENT');

      await readModelsUpToDate();
      const last = await story.json<{ payments: string[] }>(['overrides', 'end-due', '--payments-to', 'ended']);
      expect(last).toMatchObject({ persons: 2, ended: 2 * EACH, refused: [] });
      const all = await ended();
      expect(all).toHaveLength(PERSONS * EACH);
      expect(new Set(all.map(({ overrideId }) => overrideId)).size).toBe(all.length);
      expect(await whatIsThereTwice(client)).toEqual([]);
      // it tells of what it ended itself
      expect((await specified(last.payments)).flatMap(({ lines }) => lines)).toHaveLength(2 * EACH);
      await story.verifyIsClean();
    });

    it('has each person on record, also one whom its process did not hear of any more', async () => {
      const record = await onRecord('overrides-end-due');
      const outcomes = overridden.map((id) => record.filter(({ person }) => person === id).map(({ outcome }) => outcome));
      const [whole, again] = [
        ['attempted', 'success'],
        ['attempted', 'attempted', 'success'],
      ];
      expect(outcomes).toEqual([whole, whole, again, ['attempted'], whole, whole]);
    });

    it('the payment specifications of the day are not written while the read models lack some of it', async () => {
      const run = await story.run(['overrides', 'payments', '--to', 'early']);
      expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('have not taken in all that was recorded')]);
      await expect(readdir(story.path('early'))).rejects.toThrow('ENOENT');
    });

    it('the payment specifications of the day are whole, whichever run ended what, with a line on record of each person', async () => {
      await readModelsUpToDate();
      const told: Specification[] = [];
      const days = new Set((await ended()).map(({ recordedAt }) => dutchDay(recordedAt)));
      for (const day of days) {
        const { payments } = await story.json<{ payments: string[] }>(['overrides', 'payments', '--on', day, '--to', day]);
        told.push(...(await specified(payments)));
      }
      expect(new Set(told.map(({ cause }) => cause.id)).size).toBe(PERSONS);
      expect(told.every(({ cause }) => cause.type === 'EndLapsedOverrides')).toBe(true);
      const lines = told.flatMap((each) => each.lines).sort((a, b) => (a.reference < b.reference ? -1 : 1));
      expect(lines).toMatchObject(
        Array.from({ length: PERSONS * EACH }, (_, i) => ({
          ...{ reference: `O-${Math.floor(i / EACH)}-${i % EACH}`, grantedBeforeCents: CENTS, grantedNowCents: 0 },
        })),
      );
      const record = await onRecord('overrides-payments');
      expect(record.map(({ outcome }) => outcome)).toEqual(overridden.map(() => 'success'));
      expect(record.map(({ person }) => person).sort()).toEqual(overridden);
    });
  });

  describe('finish-moves', () => {
    const approve = ({ id, effects }: Move) => ['proposals', 'approve', id, '--effects', effects];
    const arrived = () =>
      rows<{ reference: string }>(
        `select data->'session'->>'reference' as reference from eventstore.events where type = 'SessionMovedIn.v1' order by pos`,
      );
    const taken = ({ reference }: Move) => [{ reference, grantedBeforeCents: CENTS, grantedNowCents: 0 }];

    it('killed when a line has come and before its file is written: the next one finishes the others and tells of them', async () => {
      for (const move of moves) await killedWaiting(story, approve(move), dossierOf(child), 'lost');
      expect(await arrived()).toEqual([]);
      const finish = ['finish-moves', '--payments-to', 'moved'];
      await killedWaiting(story, finish, registeredKey(`${PRACTICE}/${moves[0].reference}`), 'lost');
      expect(await arrived()).toEqual([{ reference: moves[0].reference }]);
      await expect(readdir(story.path('moved'))).rejects.toThrow('ENOENT');

      const next = await story.json<{ moves: object[]; payments: string[] }>(finish);
      expect(next.moves).toMatchObject([
        { line: `${PRACTICE}/${moves[1].reference}`, from: moves[1].from, to: child, outcome: 'arrived' },
      ]);
      expect(await specified(next.payments)).toMatchObject([{ lines: taken(moves[1]) }]);
    });

    it('the approval given again tells of both persons, books nothing twice and notes where the line went', async () => {
      const holderOf = async ({ reference }: Move) =>
        (
          await rows<{ person: string }>('select person_id as person from dossiers.line_key where line = $1', [
            `${PRACTICE}/${reference}`,
          ])
        )[0]?.person;
      expect([await holderOf(moves[0]), await holderOf(moves[1])]).toEqual([moves[0].from, child]);
      const { outcome, payments } = await story.json<{ outcome: string; payments: string[] }>(approve(moves[0]));
      expect([outcome, await specified(payments)]).toMatchObject([
        'booked',
        [{ cause: { type: 'MoveSessionToPerson' }, lines: taken(moves[0]) }],
      ]);
      expect(await arrived()).toHaveLength(moves.length);
      expect(await holderOf(moves[0])).toBe(child);
      const decided = await rows<{ count: string }>(
        `select count(*) from eventstore.events where type like 'PersonDecided.%' and stream = any ($1)
          and data->'cause'->>'type' = 'MoveSessionToPerson' group by stream order by 1`,
        [[...moves.map(({ from }) => from), child].map((id) => dossierStream(id))],
      );
      expect(decided.map(({ count }) => Number(count))).toEqual([1, 1, 2]);
      await story.verifyIsClean();
    });
  });
});
