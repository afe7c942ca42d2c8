import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { DOCUMENT_LIMIT_BYTES } from '#libs/identity';
import { registerPerson } from '../testing/persons';
import { TestApi, type Answer } from '../testing/test-api';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n', 'latin1');
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('documents over HTTP', () => {
  let api: TestApi;
  let personId: string;
  let path: string;
  beforeAll(async () => {
    api = await TestApi.start({ projector: false });
    await api.app.listen(0, '127.0.0.1');
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    personId = (await registerPerson(api)).personId;
    path = `/v1/persons/${personId}/documents`;
  });

  const send = (content: Buffer, type: string, to = path): Promise<Answer> =>
    api.ask('POST', to, { payload: content, headers: { 'content-type': type }, key: null });
  const kept = async (): Promise<number> => (await api.runtime.context.vault.sealedOf(personId)).documents;
  const told = ({ status, body }: Answer): unknown[] => [status, body.type];

  test('a document comes back byte for byte, to be saved and not to be shown', async () => {
    const receipt = await send(PDF, 'application/pdf');
    const digest = createHash('sha256').update(PDF);
    const [hex, base64] = [digest.copy().digest('hex'), digest.digest('base64')];
    expect(receipt.body).toEqual({
      ...{ documentId: expect.any(String) as string, mediaType: 'application/pdf', bytes: PDF.length, digest: hex, isNew: true },
    });
    const id = String(receipt.body.documentId);
    const read = await api.get(`${path}/${id}`);
    expect(read.status).toBe(200);
    expect(read.bytes.equals(PDF)).toBe(true);
    expect(read.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="document-${id}.pdf"`,
      'content-digest': `sha-256=:${base64}:`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  test('the same twice is the same document', async () => {
    const [first, second] = [await send(PDF, 'application/pdf'), await send(PDF, 'application/pdf')];
    expect(second.body).toEqual({ ...first.body, isNew: false });
    expect(await kept()).toBe(1);
  });

  test('plain text is a document here, and nowhere else a body', async () => {
    expect((await send(Buffer.from('veertien zittingen'), 'text/plain; charset=utf-8')).status).toBe(200);
    expect(told(await send(Buffer.from('{}'), 'text/plain', `/v1/persons/${personId}/packages`))).toEqual([
      415,
      'urn:traject:problem:media-type-unsupported',
    ]);
  });

  test('that is not what it says is 422, and says what it is', async () => {
    const answer = await send(PNG, 'application/pdf');
    expect(told(answer)).toEqual([422, 'urn:traject:problem:document-type-differs']);
    expect(answer.body.errors).toMatchObject([{ in: 'body', problem: expect.stringContaining('is image/png') as string }]);
    expect(await kept()).toBe(0);
  });

  test('that is empty is 422', async () => {
    expect(told(await send(Buffer.alloc(0), 'application/pdf'))).toEqual([422, 'urn:traject:problem:document-empty']);
  });

  test.each(['application/zip', 'application/json', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])(
    'of type %s is 415, with the types that are taken',
    async (type) => {
      const answer = await send(Buffer.from('{}'), type);
      expect(told(answer)).toEqual([415, 'urn:traject:problem:document-type-unknown']);
      expect(answer.headers.accept).toContain('application/pdf');
    },
  );

  test('of 10 MiB is taken; of one byte more it is 413', async () => {
    const largest = Buffer.concat([PDF, Buffer.alloc(DOCUMENT_LIMIT_BYTES - PDF.length)]);
    expect((await send(largest, 'application/pdf')).status).toBe(200);
    const answer = await send(Buffer.concat([largest, Buffer.alloc(1)]), 'application/pdf');
    expect(told(answer)).toEqual([413, 'urn:traject:problem:document-too-large']);
    expect(await kept()).toBe(1);
  });

  /** Sends bytes on a connection of its own, and reads until the server or we end it. */
  async function raw(headers: readonly string[], parts: readonly Buffer[], isCut: boolean): Promise<string> {
    const { port } = api.app.getHttpServer().address() as { port: number };
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString('latin1'))).on('error', () => undefined);
    const ended = once(socket, 'close');
    socket.write([`POST ${path} HTTP/1.1`, 'host: 127.0.0.1', 'content-type: application/pdf', ...headers, '', ''].join('\r\n'));
    for (const part of parts) if (socket.writable) socket.write(part);
    if (isCut) socket.end();
    await ended;
    return text;
  }

  test('that has no length is refused while it comes in, as soon as it is too large', async () => {
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 0x20), Buffer.from('\r\n')]);
    const answer = await raw(
      ['transfer-encoding: chunked'],
      Array.from({ length: 11 }, () => chunk),
      false,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('urn:traject:problem:document-too-large');
    expect(await kept()).toBe(0);
  });

  test('that is cut off on its way is not kept', async () => {
    await raw([`content-length: ${PDF.length + 100}`], [PDF], true);
    await raw(['transfer-encoding: chunked'], [Buffer.from(`${PDF.length.toString(16)}\r\n`), PDF], true);
    expect(await kept()).toBe(0);
    expect((await send(PDF, 'application/pdf')).body.isNew).toBe(true);
  });

  test('of nobody, of somebody else, and of somebody who was erased is 404', async () => {
    const { documentId } = (await send(PDF, 'application/pdf')).body as { documentId: string };
    const other = (await registerPerson(api)).personId;
    for (const each of [`/v1/persons/${other}/documents/${documentId}`, `${path}/${randomUUID()}`])
      expect(told(await api.get(each))).toEqual([404, 'urn:traject:problem:not-found']);
    expect(told(await send(PDF, 'application/pdf', `/v1/persons/${randomUUID()}/documents`))).toEqual([
      404,
      'urn:traject:problem:person-unknown',
    ]);
    await api.runtime.context.vault.destroyKey(personId);
    expect((await api.get(`${path}/${documentId}`)).status).toBe(404);
    expect((await send(PDF, 'application/pdf')).status).toBe(404);
  });

  test('is in no log line and in no table in clear', async () => {
    await send(Buffer.from('Planted-Prose in a document'), 'text/plain');
    expect(api.logged.join('')).not.toContain('Planted-Prose');
    const { rows } = await api.runtime.pool.query<{ sealed: Buffer }>('select sealed from identity.sealed_object');
    expect(rows.some(({ sealed }) => sealed.includes('Planted-Prose'))).toBe(false);
  });
});
