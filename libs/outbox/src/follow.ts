/** Follows the log and writes down whom to tell of what: once per cause and practice, wherever it is cut or killed. */
import { closingIds, loadPersons } from '#libs/dossiers';
import type { EventStore, RecordedEvent } from '#libs/event-store';
import { dossierStream, type PersonDecided, type PersonId } from '#libs/trajectory';
import type { CampaignConfirmation, Confirmation } from './confirmation';
import { confirmationsOf } from './confirmations-of';
import type { MessageBook } from './message-book';

const PAGE_EVENTS = 2_000;

/** Commands that come by the million and never process a history or a remap: their persons are not read. */
const NEVER_CONFIRMED: ReadonlySet<string> = new Set(['DeclareClaimLines', 'RegisterPerson', 'ActivatePolicy', 'RunCampaign']);

/**
 * Takes the log in up to its end. A confirmation and the position up to which the log was followed are one transaction, and there is
 * one confirmation per cause and practice at most, so that following again from anywhere adds nothing twice. What was recorded before
 * the outbox was there is left out. What campaigns did is gathered, and told by `writeCampaignMessages`.
 * @returns how many confirmations are new
 */
export async function followLog(
  store: EventStore,
  book: MessageBook,
  signal: AbortSignal,
  pageEvents = PAGE_EVENTS,
): Promise<number> {
  const { position, since } = await book.followed();
  let after = position;
  let added = 0;
  while (!signal.aborted) {
    const { events, checkpoint } = await store.readLog(after, pageEvents);
    if (events.length === 0 || checkpoint === null) return added;
    const closing = events.filter((event) => isToConfirm(event) && new Date(event.recordedAt) >= since);
    const { single, ofCampaigns } = await confirmations(store, book, closing);
    added += await book.add(single, checkpoint, after, ofCampaigns);
    after = checkpoint;
  }
  return added;
}

/** The decision that closes a command: on a store without transactions over streams earlier ones may have decided parts of it. */
function isToConfirm({ id, type, data, metadata }: RecordedEvent): boolean {
  if (!type.startsWith('PersonDecided.') || metadata.personId === undefined) return false;
  const { cause } = data as PersonDecided['data'];
  if (NEVER_CONFIRMED.has(cause.type)) return false;
  return closingIds(cause.command, dossierStream(metadata.personId as PersonId)).includes(id);
}

interface Told {
  readonly single: Confirmation[];
  readonly ofCampaigns: CampaignConfirmation[];
}

async function confirmations(store: EventStore, book: MessageBook, closing: readonly RecordedEvent[]): Promise<Told> {
  const told: Told = { single: [], ofCampaigns: [] };
  if (closing.length === 0) return told;
  const ids = [...new Set(closing.map(({ metadata }) => metadata.personId as PersonId))];
  const persons = await loadPersons(store, ids);
  const campaigns = await book.campaignsOf(ids);
  for (const event of closing) {
    const confirmed = confirmationsOf(event, persons.get(event.metadata.personId as PersonId)?.events ?? []);
    const cause = (event.data as PersonDecided['data']).cause.command;
    const campaign = campaigns.get(cause);
    if (campaign === undefined) told.single.push(...confirmed);
    // that it was followed is kept as well: a campaign is told once all of it was
    else if (confirmed.length === 0) told.ofCampaigns.push({ campaign, cause, practice: '', confirmed: 'remap', lines: [] });
    else told.ofCampaigns.push(...confirmed.map((each) => ({ campaign, ...each })));
  }
  return told;
}
