import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPool, type Pool } from '#libs/platform';
import type { LogPosition } from '#libs/event-store';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/database';
import { messageId } from './confirmation';
import { MessageBook, type Message } from './message-book';
import { OutboxBusyError, workOnce } from './run';
import { installOutbox, OUTBOX_LOCK } from './schema';
import { sendDue, type DeliveryPolicy } from './send';
import { MailServer, type MailServerAnswers } from './testing/mail-server';
import { filesTransport } from './transports/files';
import { smtpTransport } from './transports/smtp';

const PRACTICE = '04012345';
const FROM = 'traject@verzekeraar.example';
const ADDRESSES = new Map([[PRACTICE, 'praktijk@voorbeeld.nl']]);
const AT_ONCE: DeliveryPolicy = { attempts: 3, firstPauseMs: 0, longestPauseMs: 0 };

let database: TestDatabase;
let pool: Pool;
let book: MessageBook;
let folder: string;
const servers: MailServer[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 4, applicationName: 'test' });
  await installOutbox(pool);
  book = new MessageBook(pool);
  folder = await mkdtemp(join(tmpdir(), 'traject-outbox-'));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => pool.query('truncate outbox.message'));
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function mailServer(answers: MailServerAnswers = {}): Promise<MailServer> {
  const server = await MailServer.start(answers);
  servers.push(server);
  return server;
}
async function write(practice = PRACTICE): Promise<string> {
  const cause = randomUUID();
  const { position } = await book.followed();
  const lines = [
    { invoice: 'F-2024-1', reference: 'R-1' },
    { invoice: 'F-2024-1', reference: 'R-2' },
  ];
  await book.add([{ cause, practice, confirmed: 'import', lines }], `1-${Date.now()}` as LogPosition, position);
  return messageId({ cause, practice });
}
const one = async (id: string): Promise<Message | undefined> =>
  (await book.list(['waiting', 'unaddressed', 'parked', 'sent'], 100)).find((each) => each.id === id);

describe('by mail', () => {
  it('a practice gets its message, in Dutch and English, with its own references and nothing of the person', async () => {
    const server = await mailServer();
    const id = await write();
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toEqual({
      sent: 1,
      failed: 0,
      parked: 0,
      unaddressed: 0,
    });
    const [mail] = server.received;
    expect(mail).toMatchObject({ messageId: `<${id}@verzekeraar.example>`, to: ['praktijk@voorbeeld.nl'] });
    expect(mail?.raw).toContain('De behandelhistorie is verwerkt.');
    expect(mail?.raw).toContain('The treatment history has been processed.');
    expect(mail?.raw).toContain('F-2024-1 / R-2');
    expect(await one(id)).toMatchObject({ state: 'sent', attempts: 1, fault: null });
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toMatchObject({ sent: 0 });
    expect(server.received).toHaveLength(1);
  });

  it('a message whose sender died before it could note the success is sent again, under the same Message-ID', async () => {
    const server = await mailServer();
    const id = await write();
    const dying = Object.assign(Object.create(book) as MessageBook, { sent: () => Promise.reject(new Error('killed')) });
    await expect(sendDue(dying, smtpTransport(server.url, FROM), ADDRESSES)).rejects.toThrow('killed');
    expect(await one(id)).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toMatchObject({ sent: 0 });
    await book.makeDue();
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toMatchObject({ sent: 1 });
    expect(server.received.map(({ messageId: each }) => each)).toEqual(Array(2).fill(`<${id}@verzekeraar.example>`));
    expect(server.received[0]?.raw).toBe(server.received[1]?.raw);
  });

  it('a connection that breaks before the answer leaves it unknown whether it was taken over: it is sent again', async () => {
    let isFirst = true;
    const server = await mailServer({
      onMessage: () => {
        if (isFirst) server.cut();
        isFirst = false;
      },
    });
    const id = await write();
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toMatchObject({ failed: 1 });
    await book.makeDue();
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toMatchObject({ sent: 1 });
    expect(new Set(server.received.map(({ messageId: each }) => each))).toEqual(new Set([`<${id}@verzekeraar.example>`]));
  });

  it('without a server it waits ever longer, is parked in the end, and goes out once it is asked for again', async () => {
    const id = await write();
    const nobody = smtpTransport('smtp://127.0.0.1:1', FROM);
    expect(
      await sendDue(book, nobody, ADDRESSES, { policy: { ...AT_ONCE, firstPauseMs: 60_000, longestPauseMs: 90_000 } }),
    ).toMatchObject({
      failed: 1,
    });
    const waiting = await one(id);
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, fault: 'ESOCKET' });
    expect(waiting?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 30_000);
    await book.makeDue();
    expect(await sendDue(book, nobody, ADDRESSES, { policy: AT_ONCE })).toMatchObject({ failed: 1 });
    expect(await sendDue(book, nobody, ADDRESSES, { policy: AT_ONCE })).toMatchObject({ parked: 1 });
    expect(await sendDue(book, nobody, ADDRESSES, { policy: AT_ONCE })).toMatchObject({ failed: 0, parked: 0 });
    expect(await one(id)).toMatchObject({ state: 'parked', attempts: 3 });
    expect(await book.retry([randomUUID()])).toBe(0);
    expect(await book.retry([id])).toBe(1);
    const server = await mailServer();
    expect(await sendDue(book, smtpTransport(server.url, FROM), ADDRESSES)).toMatchObject({ sent: 1 });
  });

  it('a receiver whom the server refuses for good is parked at once, one for now is tried again, and the others go on', async () => {
    const other = new Map([...ADDRESSES, ['04000001', 'gone@voorbeeld.nl'], ['04000002', 'full@voorbeeld.nl']]);
    const refuseReceiver = (address: string) => (address.startsWith('gone') ? 550 : address.startsWith('full') ? 452 : null);
    const server = await mailServer({ refuseReceiver });
    const [gone, full, fine] = [await write('04000001'), await write('04000002'), await write()];
    expect(await sendDue(book, smtpTransport(server.url, FROM), other)).toEqual({
      sent: 1,
      failed: 1,
      parked: 1,
      unaddressed: 0,
    });
    expect(await one(gone)).toMatchObject({ state: 'parked', fault: 'SMTP-550 RCPT TO' });
    expect(await one(full)).toMatchObject({ state: 'waiting', fault: 'SMTP-452 RCPT TO' });
    expect(await one(fine)).toMatchObject({ state: 'sent' });
  });

  it('a practice without an address is listed and not lost: its message goes out once it has one', async () => {
    const server = await mailServer();
    const id = await write();
    const transport = smtpTransport(server.url, FROM);
    expect(await sendDue(book, transport, new Map())).toEqual({ sent: 0, failed: 0, parked: 0, unaddressed: 1 });
    expect(await book.list(['unaddressed'], 10)).toMatchObject([{ id, practice: PRACTICE, attempts: 0 }]);
    expect(await sendDue(book, transport, new Map())).toMatchObject({ unaddressed: 0 });
    expect(await sendDue(book, transport, ADDRESSES)).toMatchObject({ sent: 1 });
  });
});

describe('by file', () => {
  it('a message is one whole file, also when it is written twice, and asks for no address', async () => {
    const id = await write();
    const transport = filesTransport(join(folder, 'messages'));
    expect(await sendDue(book, transport, new Map())).toMatchObject({ sent: 1 });
    const path = join(folder, 'messages', `${id}.eml`);
    const first = await readFile(path, 'utf8');
    expect(first).toContain('F-2024-1 / R-1');
    expect(first).not.toMatch(/^To:/m);
    await pool.query(`update outbox.message set state = 'waiting'`);
    await book.makeDue();
    await sendDue(book, transport, new Map());
    expect(await readdir(join(folder, 'messages'))).toEqual([`${id}.eml`]);
    expect(await readFile(path, 'utf8')).toBe(first);
  });

  it('a folder that cannot be written to fails the attempt, with the code of why', async () => {
    await writeFile(join(folder, 'a-file'), '');
    const id = await write();
    expect(await sendDue(book, filesTransport(join(folder, 'a-file', 'in-it')), new Map())).toMatchObject({ failed: 1 });
    expect(await one(id)).toMatchObject({ state: 'waiting', fault: 'ENOTDIR' });
  });

  it('messages that waited for an address by mail are written when files are chosen', async () => {
    await write();
    await sendDue(book, smtpTransport('smtp://127.0.0.1:1', FROM), new Map());
    expect(await sendDue(book, filesTransport(join(folder, 'chosen')), new Map())).toMatchObject({ sent: 1 });
  });
});

describe('two senders', () => {
  it('never work at once', async () => {
    const holder = await pool.connect();
    await holder.query(`select pg_advisory_lock(${OUTBOX_LOCK})`);
    const transport = filesTransport(folder);
    const work = { store: {} as never, pool, transport, addressesFile: null, signal: new AbortController().signal };
    await expect(workOnce(work)).rejects.toThrow(OutboxBusyError);
    await holder.query(`select pg_advisory_unlock(${OUTBOX_LOCK})`);
    holder.release();
  });
});
