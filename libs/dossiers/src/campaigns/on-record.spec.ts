/** Whom a campaign looks at and changes is on the access log before it does; what cannot be recorded is not done. */
import {
  AccessLogUnavailableError,
  AccessWriter,
  processAccessor,
  type AccessEntry,
  type AccessRecorder,
} from '#libs/access-log';
import type { PersonId } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { debit, declare, give, personId, Policies, register } from '../testing/commands';
import { InMemoryCampaignBook } from '../testing/in-memory-campaigns';
import { InMemoryEventStore, ProcessKilled } from '../testing/in-memory-event-store';
import { killedAt } from '../testing/interruptions';
import { Campaigns } from './campaigns';
import { GROUP } from './groups';

const policies = new Policies();
const MAPPING = new TextEncoder().encode('old_code,new_code,effective_date\n9376,3176,2024-07-01\n');
const everybody = Array.from({ length: 2 * GROUP + 3 }, (_, i) => personId(`on record ${i}`)).sort();

/** TEST DOUBLE: a log in memory, that may be away from a call on. */
class Recorder implements AccessRecorder {
  readonly entries = new Map<string, AccessEntry>();
  awayAfter = Infinity;
  #calls = 0;

  record(entries: readonly AccessEntry[]): Promise<void> {
    this.#calls += 1;
    if (this.#calls > this.awayAfter) return Promise.reject(new AccessLogUnavailableError(new Error('no connection')));
    for (const each of entries) if (!this.entries.has(each.id)) this.entries.set(each.id, each);
    return Promise.resolve();
  }

  away(calls: number): void {
    this.awayAfter = this.#calls + calls;
  }

  of(event: string): AccessEntry[] {
    return [...this.entries.values()].filter((each) => each.event === event);
  }
}

let store: InMemoryEventStore;
let book: InMemoryCampaignBook;
let log: Recorder;
const campaigns = (faults?: Parameters<InMemoryEventStore['asProcess']>[0]): Campaigns => {
  const access = new AccessWriter(log, processAccessor('test', 'code-list'));
  const context = { store: store.asProcess(faults), policies, foldCache: null, today: () => '2025-01-15', access };
  return new Campaigns(context as unknown as DossierContext, book);
};
async function* candidates(): AsyncGenerator<PersonId> {
  for (const each of everybody) yield await Promise.resolve(each);
}
const proposed = async (canary = 0): Promise<string> => {
  const order = { reason: 'code list', canary, tolerancePercent: 0, proposedBy: 'anna' };
  const answer = await campaigns().proposeMapping(MAPPING, order);
  if (answer.outcome === 'refused') throw new Error(JSON.stringify(answer.problems));
  return answer.campaign.campaignId;
};
const approved = async (canary = 0): Promise<string> => {
  const id = await proposed(canary);
  const shown = await campaigns().preview(id, candidates);
  if (typeof shown === 'string') throw new Error(shown);
  await campaigns().approve(id, 'bert', shown.campaign.digest ?? '');
  return id;
};
const personsOf = (entries: readonly AccessEntry[]): (string | null)[] => entries.map(({ person }) => person).sort();

beforeEach(async () => {
  policies.reset();
  store = new InMemoryEventStore(true);
  book = new InMemoryCampaignBook();
  log = new Recorder();
  await give(store, policies, register(...everybody));
  const lines = (i: number) => [debit(i * 10, '2024-05-01', '9376', '008'), debit(i * 10 + 1, '2024-07-08', '3176', '008')];
  await give(store, policies, declare('lines', new Map(everybody.map((each, i) => [each, lines(i)]))));
});

it('one line per person and step, which names the campaign, in the name of whoever asked', async () => {
  const id = await approved(5);
  const by = { user: 'otto', roles: ['operator'], purpose: null, source: 'host/api/1' };
  expect((await campaigns().as(by).goOn(id)).toString()).toBe('stopped');
  expect(log.of('run-campaign')).toEqual([]);
  expect((await campaigns().as(by).run(id)).end).toBe('waiting');
  expect((await campaigns().run(id)).end).toBe('done');
  const [looked, changed] = [log.of('preview-campaign'), log.of('run-campaign')];
  expect(personsOf(looked)).toEqual(everybody);
  expect(personsOf(changed)).toEqual(everybody);
  expect(looked[0]).toMatchObject({ action: 'preview', outcome: 'attempted', purpose: 'code-list', object: `campaign/${id}` });
  expect(changed.filter(({ user }) => user === 'otto')).toHaveLength(5);
  expect(new Set([...looked, ...changed].map(({ request }) => request)).size).toBe(2);
});

it('a preview anew is another look at everybody; one that goes on is the same', async () => {
  const id = await proposed();
  await expect(campaigns(killedAt(4)).preview(id, candidates)).rejects.toThrow(ProcessKilled);
  await campaigns().preview(id, candidates);
  expect(personsOf(log.of('preview-campaign'))).toEqual(everybody);
  await campaigns().preview(id, candidates);
  expect(log.of('preview-campaign')).toHaveLength(2 * everybody.length);
});

it('a log that is away ends a preview before anybody is looked at, and a run before anybody is changed', async () => {
  const id = await proposed();
  log.away(1);
  await expect(campaigns().preview(id, candidates)).rejects.toThrow(AccessLogUnavailableError);
  expect((await book.kept(id, everybody)).size).toBe(GROUP);
  log.away(Infinity);
  const shown = await campaigns().preview(id, candidates);
  await campaigns().approve(id, 'bert', typeof shown === 'string' ? '' : (shown.campaign.digest ?? ''));
  const length = store.log.length;
  log.away(0);
  await expect(campaigns().run(id)).rejects.toThrow(AccessLogUnavailableError);
  expect(store.log).toHaveLength(length);
  log.away(Infinity);
  expect((await campaigns().run(id)).end).toBe('done');
  expect(personsOf(log.of('run-campaign'))).toEqual(everybody);
});

it('a run that was killed puts nobody on record twice', async () => {
  const id = await approved();
  await expect(campaigns(killedAt(7)).run(id)).rejects.toThrow(ProcessKilled);
  expect((await campaigns().run(id)).end).toBe('done');
  expect(personsOf(log.of('run-campaign'))).toEqual(everybody);
});

it('whoever goes on with what another one began is on record with everybody that he looks at or changes himself', async () => {
  const [otto, olga] = ['otto', 'olga'].map((user) => ({ user, roles: ['operator'], purpose: null, source: 'host/api/1' }));
  if (otto === undefined || olga === undefined) throw new Error('nobody');
  const by = (event: string, user: string): number => log.of(event).filter((each) => each.user === user).length;
  const id = await proposed();
  await expect(campaigns(killedAt(3)).as(otto).preview(id, candidates)).rejects.toThrow(ProcessKilled);
  const kept = (await book.kept(id, everybody)).size;
  const shown = await campaigns().as(olga).preview(id, candidates);
  expect([by('preview-campaign', 'otto'), by('preview-campaign', 'olga')]).toEqual([kept + GROUP, everybody.length - kept]);
  await campaigns().approve(id, 'bert', typeof shown === 'string' ? '' : (shown.campaign.digest ?? ''));
  await expect(campaigns(killedAt(7)).as(otto).run(id)).rejects.toThrow(ProcessKilled);
  const { booked } = await book.progress(id);
  expect((await campaigns().as(olga).run(id)).end).toBe('done');
  expect([by('run-campaign', 'otto'), by('run-campaign', 'olga')]).toEqual([booked + GROUP, everybody.length - booked]);
});

it('an exception is no reason to record less: who was read and left alone is on record too', async () => {
  const id = await approved();
  const [late] = everybody as [PersonId];
  await give(store, policies, declare('late', new Map([[late, [debit(9001, '2024-05-20', '9376', '008')]]])));
  expect((await campaigns().run(id)).end).toBe('stopped');
  expect(log.of('run-campaign').map(({ person }) => person)).toContain(late);
});
