/** One cold process that previews a campaign (`preview`), carries it out (`commit`), or reads and appends the same persons bare (`bare`). */
import { v4 as uuid } from 'uuid';
import { Campaigns, openDossierRuntime, type DossierRuntime } from '#libs/dossiers';
import type { EventStore, RecordedEvent } from '#libs/event-store';
import { dossierStream, trajectoryStream, type PersonId, type TrajectoryLinked } from '#libs/trajectory';

const GROUP = 16;
const PAGE = 1_000;
const MAPPING = 'old_code,new_code,effective_date\n9376,3176,2024-07-01\n';

async function* personsOf(store: EventStore): AsyncGenerator<PersonId> {
  for (let after: string | null = null; ;) {
    const heads = await store.listStreams('dossier', after, PAGE);
    for (const { stream } of heads) yield stream.slice('dossier-'.length) as PersonId;
    const last = heads.at(-1);
    if (last === undefined || heads.length < PAGE) return;
    after = last.stream;
  }
}

async function preview({ context, campaigns, store }: DossierRuntime): Promise<number> {
  const all = new Campaigns(context, campaigns);
  const order = { reason: 'bench', canary: 0, tolerancePercent: 1, proposedBy: 'bench' };
  const proposed = await all.proposeMapping(new TextEncoder().encode(MAPPING), order);
  if (proposed.outcome === 'refused') throw new Error(JSON.stringify(proposed.problems));
  const shown = await all.preview(proposed.campaign.campaignId, () => personsOf(store));
  if (typeof shown === 'string') throw new Error(`the campaign was not previewed: ${shown}`);
  await all.approve(shown.campaign.campaignId, 'another', shown.campaign.digest ?? '');
  return shown.totals.persons;
}

async function commit({ context, campaigns }: DossierRuntime): Promise<number> {
  const all = new Campaigns(context, campaigns);
  const [campaign] = await all.list(1);
  const { end, progress } = await all.run(campaign?.campaignId ?? '');
  if (end !== 'done') throw new Error(`the campaign ended as ${end}`);
  return progress?.booked ?? 0;
}

/** What no campaign can do without: every stream of a person read, and as many events appended in one unit, at exact revisions. */
async function bare({ store }: DossierRuntime): Promise<number> {
  let [done, group]: [number, PersonId[]] = [0, []];
  const flush = async (): Promise<void> => {
    const dossiers = await store.readStreams(group.map((personId) => ({ stream: dossierStream(personId) })));
    const linked = dossiers.map((events) =>
      events.flatMap((event) =>
        event.type === 'TrajectoryLinked.v1' ? [trajectoryStream((event.data as TrajectoryLinked['data']).trajectoryId)] : [],
      ),
    );
    const trajectories = await store.readStreams(linked.flat().map((stream) => ({ stream })));
    let next = 0;
    await store.append(
      group.map((personId, i) => {
        const metadata = { personId, commandId: uuid(), actor: 'bench' };
        const appendTo = (events: readonly RecordedEvent[], stream: string, data: unknown) => ({
          ...{ stream, expectedRevision: events.at(-1)?.revision ?? -1 },
          events: [{ id: uuid(), type: 'Bare.v1', data, metadata }],
        });
        const own = (linked[i] ?? []).map((stream) => appendTo(trajectories[next++] ?? [], stream, { from: '9376', to: '3176' }));
        const decided = dossiers[i]?.findLast(({ type }) => type === 'PersonDecided.v1')?.data;
        return { streams: [appendTo(dossiers[i] ?? [], dossierStream(personId), decided), ...own] };
      }),
    );
    done += group.length;
    group = [];
  };
  for await (const personId of personsOf(store)) if (group.push(personId) === GROUP) await flush();
  if (group.length > 0) await flush();
  return done;
}

async function main(): Promise<void> {
  const [job = '', url = '', kek = ''] = process.argv.slice(2);
  const config = { eventStore: { kind: 'postgres' as const }, keyEncryptionKey: { value: kek, create: false as const } };
  const runtime = await openDossierRuntime(config, url, 'bench');
  const start = process.hrtime.bigint();
  const persons = await (job === 'preview' ? preview(runtime) : job === 'commit' ? commit(runtime) : bare(runtime));
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await runtime.close();
  process.stdout.write(`${JSON.stringify({ seconds, persons, peakMegabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
}

void main();
