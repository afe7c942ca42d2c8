/** A campaign from the mapping to the last person, and back. */
import type { CommandBus } from '@nestjs/cqrs';
import { foldPerson, type PersonId } from '#libs/trajectory';
import { Corrections } from '../corrections/corrections';
import type { DossierContext } from '../context';
import { loadPersons } from '../person/load';
import {
  debit,
  declare,
  give,
  importHistory,
  verifyHistory,
  personId,
  Policies,
  register,
  remap,
  type Given,
} from '../testing/commands';
import { InMemoryCampaignBook } from '../testing/in-memory-campaigns';
import { InMemoryEventStore, ProcessKilled } from '../testing/in-memory-event-store';
import { killedAt } from '../testing/interruptions';
import { Campaigns } from './campaigns';
import type { CampaignOrder, CampaignPreview } from './outcomes';
import type { Campaign, CampaignPerson } from './shape';

const policies = new Policies();
const MAPPING = 'old_code,new_code,effective_date\n9376,3176,2024-07-01\n';
const ORDER: CampaignOrder = { reason: 'code list of 1 July 2024', canary: 0, tolerancePercent: 0, proposedBy: 'anna' };
const everybody = Array.from({ length: 40 }, (_, i) => personId(`member ${i}`)).sort();

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a campaign, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  let book: InMemoryCampaignBook;
  const campaigns = (faults?: Parameters<InMemoryEventStore['asProcess']>[0]): Campaigns =>
    new Campaigns(
      {
        store: store.asProcess(faults),
        policies,
        foldCache: null,
        today: () => '2025-01-15',
        access: null,
      } as unknown as DossierContext,
      book,
    );
  async function* candidates(): AsyncGenerator<PersonId> {
    for (const each of everybody) yield await Promise.resolve(each);
  }
  const propose = async (change: Partial<CampaignOrder> = {}, mapping = MAPPING): Promise<Campaign> => {
    const proposed = await campaigns().proposeMapping(new TextEncoder().encode(mapping), { ...ORDER, ...change });
    if (proposed.outcome === 'refused') throw new Error(JSON.stringify(proposed.problems));
    return proposed.campaign;
  };
  const previewed = async (campaign: Campaign): Promise<CampaignPreview> => {
    const preview = await campaigns().preview(campaign.campaignId, candidates);
    if (typeof preview === 'string') throw new Error(preview);
    return preview;
  };
  const approved = async (campaign: Campaign): Promise<CampaignPreview> => {
    const preview = await previewed(campaign);
    expect(await campaigns().approve(campaign.campaignId, 'bert', preview.campaign.digest ?? '')).toBe('approved');
    return preview;
  };
  const run = async (id: string) => (await campaigns().run(id)).end;
  const leftAlone = async (id: string): Promise<CampaignPerson[]> => {
    const all: CampaignPerson[] = [];
    for await (const page of campaigns().exceptions(id)) all.push(...page);
    return all;
  };
  const fold = async (person: PersonId) =>
    foldPerson(person, (await loadPersons(store.asProcess(), [person])).get(person)?.events ?? []);
  const positions = async (person: PersonId) =>
    [...(await fold(person)).decisions.values()].map(({ line, units }) => [line, units[0]?.position]).sort();
  const remapped = (): number => store.log.filter(({ type }) => type === 'DiagnosisRemapped.v1').length;

  /** Nineteen sessions under the code that closes, two under the one that follows: joined, the last is the twenty-first. */
  const lines = (first: number) => [
    ...Array.from({ length: 19 }, (_, i) => debit(first + i, `2024-05-${String(i + 1).padStart(2, '0')}`, '9376', '008')),
    debit(first + 19, '2024-07-08', '3176', '008'),
    debit(first + 20, '2024-07-15', '3176', '008'),
  ];

  beforeEach(async () => {
    policies.reset();
    store = new InMemoryEventStore(atomic);
    book = new InMemoryCampaignBook();
    await give(store, policies, register(...everybody));
    await give(store, policies, declare('lines', new Map(everybody.map((each, i) => [each, lines(i * 100)]))));
  });

  it('previews totals and outliers over all persons, and writes nothing to any of them', async () => {
    const length = store.log.length;
    const { totals, outliers, campaign } = await previewed(await propose());
    expect(store.log).toHaveLength(length);
    expect(totals).toEqual({
      ...{ persons: 40, trajectories: 80, lines: 80, released: 0, centsMoved: 40 * 4000, leftAlone: {} },
      cents: {
        ...{ basic: 40 * 4000, supplementary: 0, insured: -40 * 4000, refused: 0, undecided: 0 },
        ...{ paidToProvider: 0, claimFromInsured: -40 * 4000 },
      },
    });
    expect(outliers).toHaveLength(20);
    expect(campaign.status).toBe('previewed');
  });

  it('has one digest for the same mapping, policy and totals, and another for other totals', async () => {
    const first = (await previewed(await propose())).campaign.digest;
    expect((await previewed(await propose())).campaign.digest).toBe(first);
    expect((await previewed(await propose({ tolerancePercent: 5 }))).campaign.digest).not.toBe(first);
    await give(store, policies, remap(everybody[0] as PersonId, '9376', '3176'));
    expect((await previewed(await propose())).campaign.digest).not.toBe(first);
  });

  it('is not run before a second person has approved what was previewed', async () => {
    const campaign = await propose();
    const { digest } = (await previewed(campaign)).campaign;
    expect(await run(campaign.campaignId)).toBe('not-approved');
    expect(await campaigns().approve(campaign.campaignId, ' Anna', digest ?? '')).toBe('own');
    expect(await campaigns().approve(campaign.campaignId, 'bert', 'f'.repeat(64))).toBe('other-digest');
    expect(await campaigns().approve(campaign.campaignId, 'bert', digest ?? '')).toBe('approved');
    expect(await campaigns().approve(campaign.campaignId, 'bert', digest ?? '')).toBe('decided');
  });

  it('is not approved when it was previewed anew while somebody agreed to the preview before', async () => {
    const campaign = await propose();
    const { digest } = (await previewed(campaign)).campaign;
    await give(store, policies, remap(everybody[0] as PersonId, '9376', '3176'));
    const move = book.move.bind(book);
    jest.spyOn(book, 'move').mockImplementationOnce(async (...given) => {
      await previewed(campaign);
      return move(...given);
    });
    expect(await campaigns().approve(campaign.campaignId, 'bert', digest ?? '')).toBe('other-digest');
    expect((await campaigns().read(campaign.campaignId))?.status).toBe('previewed');
  });

  it('books what was previewed, waits after the canary, and ends when somebody lets it go on', async () => {
    const campaign = await propose({ canary: 5 });
    const { totals } = await approved(campaign);
    const canary = await campaigns().run(campaign.campaignId);
    expect([canary.end, canary.progress?.booked, remapped()]).toEqual(['waiting', 5, 5]);
    const rest = await campaigns().run(campaign.campaignId);
    expect([rest.end, rest.progress?.booked, remapped()]).toEqual(['done', 40, 40]);
    expect(rest.progress?.bookedTotals).toEqual(totals);
    const last = store.stream(`dossier-${everybody[0] ?? ''}`).at(-1);
    expect(last?.metadata).toMatchObject({ actor: 'anna', approvedBy: 'bert', reason: 'code-list-changed' });
    expect(await run(campaign.campaignId)).toBe('ended');
  });

  it('leaves alone whose own effects are no longer those previewed, and nobody else', async () => {
    const campaign = await propose({ tolerancePercent: 10 });
    await approved(campaign);
    const [moved, unmoved] = everybody as [PersonId, PersonId];
    await give(store, policies, declare('late', new Map([[moved, [debit(9001, '2024-05-20', '9376', '008')]]])));
    await give(store, policies, declare('apart', new Map([[unmoved, [debit(9002, '2024-05-20', '6210', '009')]]])));
    const before = store.stream(`dossier-${moved}`).length;
    expect(await run(campaign.campaignId)).toBe('done');
    expect((await leftAlone(campaign.campaignId)).map(({ personId: id, code }) => [id, code])).toEqual([
      [moved, 'effects-moved'],
    ]);
    expect(store.stream(`dossier-${moved}`)).toHaveLength(before);
    expect(remapped()).toBe(39);
  });

  it('stops itself when what can still be booked leaves the tolerance', async () => {
    const campaign = await propose({ tolerancePercent: 2 });
    await approved(campaign);
    await give(
      store,
      policies,
      declare('late', new Map([[everybody[3] as PersonId, [debit(9001, '2024-05-20', '9376', '008')]]])),
    );
    const report = await campaigns().run(campaign.campaignId);
    expect(report.end).toBe('stopped');
    expect(report.campaign?.remark).toBe('persons: 39 can be reached, 40 were approved, with a tolerance of 2 per cent');
    expect(report.progress?.booked).toBe(15);
  });

  it('stops when another policy version has taken effect, before it touches anybody', async () => {
    const campaign = await propose();
    await approved(campaign);
    policies.activate();
    const length = store.log.length;
    const report = await campaigns().run(campaign.campaignId);
    expect([report.end, report.campaign?.remark]).toEqual(['stopped', expect.stringMatching(/another policy version/)]);
    expect(store.log).toHaveLength(length);
  });

  it('leaves alone whom no correction by hand would be allowed for, with what to do', async () => {
    const [person] = everybody as [PersonId];
    await give(store, policies, importHistory(person, '3176', 30));
    await give(store, policies, importHistory(person, '9376', 5));
    const campaign = await propose();
    const { totals } = await previewed(campaign);
    expect([totals.persons, totals.leftAlone]).toEqual([39, { 'two-histories': 1 }]);
    const [left] = await leftAlone(campaign.campaignId);
    expect([left?.personId, left?.problem]).toEqual([person, expect.stringMatching(/retract the one that does not stand/)]);
  });

  it('leaves alone a person whose verified count would fall', async () => {
    const [person] = everybody as [PersonId];
    const campaign = await propose();
    await approved(campaign);
    await run(campaign.campaignId);
    const imported = importHistory(person, '9376', 30);
    await give(store, policies, imported);
    await give(store, policies, verifyHistory(imported));
    const undo = (await campaigns().proposeUndo(campaign.campaignId, ORDER)) as Campaign;
    expect((await previewed(undo)).totals).toMatchObject({ persons: 39, leftAlone: { 'verified-count-falls': 1 } });
  });

  it('leaves alone whose history was verified since the preview, though its effects are the same', async () => {
    const [person] = everybody as [PersonId];
    const campaign = await propose();
    await approved(campaign);
    await run(campaign.campaignId);
    const imported = importHistory(person, '9376', 30);
    await give(store, policies, imported);
    const undo = (await campaigns().proposeUndo(campaign.campaignId, { ...ORDER, tolerancePercent: 10 })) as Campaign;
    await approved(undo);
    await give(store, policies, verifyHistory(imported));
    expect(await run(undo.campaignId)).toBe('done');
    expect((await leftAlone(undo.campaignId)).map(({ personId: id, code }) => [id, code])).toEqual([
      [person, 'verified-count-falls'],
    ]);
  });

  it('pauses and stops between two groups when it is told to', async () => {
    const campaign = await propose();
    await approved(campaign);
    const id = campaign.campaignId;
    const told: Promise<boolean>[] = [];
    const paused = await campaigns().run(id, {
      onProgress: () => {
        if (told.length === 0) told.push(campaigns().pause(id, 'bert'));
      },
    });
    expect([paused.end, await Promise.all(told)]).toEqual(['paused', [true]]);
    expect(paused.progress?.booked).toBeLessThan(40);
    const end = await campaigns().run(id, { onProgress: () => void campaigns().stop(id, 'bert', 'the wrong list') });
    expect([end.end, end.campaign?.remark]).toEqual(['stopped', 'the wrong list (bert)']);
    expect(await run(id)).toBe('ended');
  });

  it('does not go on to the rest for whoever saw it paused, before the canary was booked', async () => {
    const campaign = await propose({ canary: 5 });
    await approved(campaign);
    const id = campaign.campaignId;
    await campaigns().begin(id, ['approved']);
    await campaigns().pause(id, 'bert');
    expect((await campaigns().run(id, {}, 'paused')).end).toBe('waiting');
    expect((await campaigns().run(id, {}, 'paused')).end).toBe('waiting');
    expect(remapped()).toBe(5);
    expect((await campaigns().run(id, {}, 'waiting')).end).toBe('done');
  });

  it.each([3, 8, 17, 29])('goes on after its process was killed at step %i, and books nobody twice', async (step) => {
    const campaign = await propose({ canary: 3 });
    const { totals } = await approved(campaign);
    const id = campaign.campaignId;
    await expect(
      campaigns(killedAt(step))
        .run(id)
        .then(() => campaigns(killedAt(step)).run(id)),
    ).rejects.toThrow(ProcessKilled);
    let end = await run(id);
    if (end === 'waiting') end = await run(id);
    expect(end).toBe('done');
    expect(remapped()).toBe(40);
    expect((await campaigns().progress(id)).bookedTotals).toEqual(totals);
    for (const person of everybody) {
      const id = store.stream(`dossier-${person}`).filter(({ type }) => type === 'PersonDecided.v1').length;
      expect(id).toBe(3);
    }
  });

  it('is undone person by person, previewed and approved like any other', async () => {
    const before = await Promise.all(everybody.map(positions));
    const campaign = await propose();
    const { totals } = await approved(campaign);
    expect(await campaigns().proposeUndo(campaign.campaignId, ORDER)).toBeNull();
    expect(await run(campaign.campaignId)).toBe('done');
    const [late] = everybody as [PersonId];
    await give(store, policies, declare('late', new Map([[late, [debit(9001, '2024-07-22', '3176', '008')]]])));
    const undo = (await campaigns().proposeUndo(campaign.campaignId, { ...ORDER, reason: 'the wrong list' })) as Campaign;
    const preview = await approved(undo);
    expect(preview.totals.leftAlone).toEqual({ 'lines-under-code': 1 });
    expect(preview.totals.cents.basic).toBe((-totals.cents.basic / 40) * 39);
    expect(await run(undo.campaignId)).toBe('done');
    expect(await Promise.all(everybody.slice(1).map(positions))).toEqual(before.slice(1));
  });

  it('that is stopped after a kill has its last group paid and taken back too', async () => {
    store = new InMemoryEventStore(atomic);
    // by which grants move
    policies.activateCoveredOnly();
    await give(store, policies, register(...everybody));
    await give(store, policies, declare('lines', new Map(everybody.map((each, i) => [each, lines(i * 100)]))));
    const before = await Promise.all(everybody.map(positions));
    const campaign = await propose();
    await approved(campaign);
    const id = campaign.campaignId;
    const lost = jest.spyOn(book, 'record').mockRejectedValueOnce(new ProcessKilled());
    await expect(run(id)).rejects.toThrow(ProcessKilled);
    lost.mockRestore();
    expect([remapped(), (await campaigns().progress(id)).booked]).toEqual([16, 0]);
    expect(await campaigns().stop(id, 'bert', 'the wrong list')).toBe(true);
    const paid: string[] = [];
    for await (const changes of campaigns().payments(id)) paid.push(...changes.map(({ cause }) => cause.id));
    expect(paid).toEqual(Array(16).fill(id));
    const undo = (await campaigns().proposeUndo(id, ORDER)) as Campaign;
    expect((await approved(undo)).totals.persons).toBe(16);
    expect(await run(undo.campaignId)).toBe('done');
    expect(await Promise.all(everybody.map(positions))).toEqual(before);
  });

  it('is undone once it has ended, and nobody is at it any more', async () => {
    const campaign = await propose({ canary: 5 });
    await approved(campaign);
    const id = campaign.campaignId;
    expect(await run(id)).toBe('waiting');
    expect(await campaigns().proposeUndo(id, ORDER)).toBeNull();
    expect(await campaigns().begin(id, ['waiting'])).toBe(true);
    expect(await campaigns().pause(id, 'bert')).toBe(true);
    expect(await campaigns().proposeUndo(id, ORDER)).toBeNull();
    await campaigns().stop(id, 'bert', 'the wrong list');
    const undo = (await campaigns().proposeUndo(id, ORDER)) as Campaign;
    const meanwhile = await book.claimed(id, () => campaigns().preview(undo.campaignId, candidates));
    expect(meanwhile).toBe('busy');
    expect((await previewed(undo)).totals.persons).toBe(5);
  });

  it('that booked nobody has nothing to take back: a remap that was made by hand stays', async () => {
    const campaign = await propose();
    await approved(campaign);
    expect(await campaigns().stop(campaign.campaignId, 'bert', 'the wrong list')).toBe(true);
    await give(store, policies, remap(everybody[0] as PersonId, '9376', '3176'));
    const undo = (await campaigns().proposeUndo(campaign.campaignId, ORDER)) as Campaign;
    expect((await previewed(undo)).totals).toMatchObject({ persons: 0, leftAlone: {} });
  });

  it('decides everybody anew by a policy version, as it was previewed', async () => {
    policies.activateCoveredOnly();
    const campaign = await campaigns().proposePolicy({ ...ORDER, canary: 4 });
    const length = store.log.length;
    const { totals } = await approved(campaign);
    expect(store.log).toHaveLength(length);
    expect(totals).toMatchObject({ persons: 40, lines: 40 * 21 });
    expect(totals.cents.paidToProvider).toBeLessThan(0);
    const id = campaign.campaignId;
    await expect(campaigns(killedAt(9)).run(id)).rejects.toThrow(ProcessKilled);
    let end = await run(id);
    if (end === 'waiting') end = await run(id);
    expect(end).toBe('done');
    const progress = await campaigns().progress(id);
    expect([progress.booked, progress.exceptions]).toEqual([40, 0]);
    let told = 0;
    for await (const changes of campaigns().payments(id))
      for (const each of changes)
        told += each.changes.reduce(
          (sum, { grantedNowCents, grantedBeforeCents }) => sum + grantedNowCents - grantedBeforeCents,
          0,
        );
    expect(told).toBe(totals.cents.paidToProvider);
  });

  it('leaves alone, in a mapping, whom no campaign has brought up to the policy', async () => {
    policies.activateCoveredOnly();
    const { totals } = await previewed(await propose());
    expect(totals).toMatchObject({ persons: 0, leftAlone: { 'not-up-to-date': 40 } });
  });

  it('carries out what a correction by hand would: one remap has one digest either way', async () => {
    const bus = { execute: (command: Given) => give(store, policies, command) } as unknown as CommandBus;
    const corrections = new Corrections(bus, { today: () => '2025-01-15' } as unknown as DossierContext);
    const [person] = everybody as [PersonId];
    const input = { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'by hand', absorb: true };
    const byHand = await corrections.preview({ personId: person, kind: 'remap-diagnosis', input }, 'anna');
    const campaign = await propose();
    await previewed(campaign);
    const found = (await book.persons(campaign.campaignId, ['previewed'], null, 1))[0];
    expect(byHand.outcome === 'previewed' && byHand.preview.digest).toBe(found?.effects);
  });
});
