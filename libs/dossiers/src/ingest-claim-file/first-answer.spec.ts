/** Two processes that meet a new file at the same time, on different days: whichever recorded its answer first has answered. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandBus } from '@nestjs/cqrs';
import { formatPm304 } from '#libs/claims';
import type { EventStore } from '#libs/event-store';
import type { DossierContext } from '../context';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { ClaimFileIngestion } from './ingest';
import type { IngestReport } from './report';

const INVOICE_DATE = '2025-01-02';
const [THE_DAY_BEFORE, THE_DAY_AFTER] = ['2025-01-01', '2025-01-03'];

describe('a new file that two processes meet, before and after its invoice date', () => {
  let folder: string;
  let path: string;
  let events: InMemoryEventStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'traject-first-answer-'));
    path = join(folder, 'claims.pm304');
    const line = { date: '2024-01-15', performance: '1000', diagnosis: '3176', csi: '008', tariffCents: 3550, reference: 'R-1' };
    const person = { bsn: '111222333', birthDate: '1970-05-05', sex: '2', name: 'Voorbeeld', initials: 'V', houseNumber: 1 };
    const header = { insurer: '3343', practice: '04123456', periodStart: '2024-01-01', periodEnd: '2024-01-31' };
    const message = { header: { ...header, invoice: 'I-1', invoiceDate: INVOICE_DATE }, insured: [{ ...person, lines: [line] }] };
    await writeFile(path, formatPm304(message as Parameters<typeof formatPm304>[0]));
    events = new InMemoryEventStore(true);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Ingests as a process of its own; `beforeAppend` comes to pass when it is about to record its first event. */
  function ingest(receivedOn: string, beforeAppend?: () => Promise<unknown>): Promise<IngestReport> {
    const inner = events.asProcess();
    let meanwhile = beforeAppend;
    const store: EventStore = {
      ...inner,
      append: async (units) => {
        const first = meanwhile;
        meanwhile = undefined;
        await first?.();
        return inner.append(units);
      },
    };
    // a double: the vault knows nobody, so that every line is refused and no person is asked for
    const context = { store, vault: { resolveByBsn: () => Promise.resolve(new Map()) } } as unknown as DossierContext;
    return new ClaimFileIngestion(context, {} as CommandBus).ingest(path, { actor: 'test', receivedOn });
  }

  it.each([
    ['received', THE_DAY_AFTER, THE_DAY_BEFORE, 'ClaimFileReceived.v1'],
    ['refused', THE_DAY_BEFORE, THE_DAY_AFTER, 'ClaimFileRefused.v1'],
  ])('[wire-2] is %s, when that was recorded first, by both', async (_answer, firstDay, secondDay, type) => {
    let first: IngestReport | undefined;
    let message: Buffer | undefined;
    const second = await ingest(secondDay, async () => {
      first = await ingest(firstDay);
      message = await readFile(join(folder, 'claims.pm305'));
    });
    expect(events.log.filter((event) => /^ClaimFile(Received|Refused)\./.test(event.type)).map((each) => each.type)).toEqual([
      type,
    ]);
    expect(events.log[0]?.data).toMatchObject({ receivedOn: firstDay });
    expect(await readFile(join(folder, 'claims.pm305'))).toEqual(message);
    expect({ ...second, position: null, problems: withoutPosition(second) }).toEqual({
      ...first,
      position: null,
      problems: first && withoutPosition(first),
    });
    // and so does whoever comes later
    for (const day of [firstDay, secondDay]) await ingest(day);
    expect(await readFile(join(folder, 'claims.pm305'))).toEqual(message);
  });
});

/** Where in its record a problem stands is known only to who found it. */
const withoutPosition = ({ problems }: IngestReport): object[] => problems.map((each) => ({ ...each, position: null }));
