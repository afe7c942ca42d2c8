import { execFile } from 'node:child_process';
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { openDatabase, stopAbandonedServer } from '#libs/platform';
import { openReadModels, ReadModelQueries } from '#libs/read-models';
import { ROLES } from '#libs/sign-in';
import { ApiProcess } from '../stories/api-process';
import { Story, weekly } from '../stories/story';

const ERASED = '111222333';
const OTHER = '123456782';
const run = promisify(execFile);

/** A copy with owners and modes, as an administrator makes it. */
const copy = (from: string, to: string): Promise<unknown> => run('cp', ['-a', from, to]);

// every step starts the command line and, with it, the embedded server
jest.setTimeout(300_000);

describe('A person is erased, and then the data folder of before is put back', () => {
  let story: Story;
  /** Where the embedded PostgreSQL keeps its files. */
  let server: string;
  let [erased, other, trajectory, documentId] = ['', '', '', ''];
  let splitBefore: unknown;
  let api: ApiProcess;
  let headers: { readonly authorization: string };

  /** The payer split by the read models as they are. */
  async function payerSplit(): Promise<unknown> {
    const database = await openDatabase({ database: { kind: 'embedded' }, dataDirectory: story.path('data') });
    const readModels = await openReadModels({ url: database.url, poolSize: 2 });
    try {
      server = database.embedded?.location ?? '';
      return await new ReadModelQueries(readModels).payerSplit('2023-01', '2024-12');
    } finally {
      await readModels.destroy();
      await database.close();
    }
  }

  async function restore(): Promise<void> {
    await rm(server, { recursive: true });
    await copy(`${server}.before`, server);
  }

  beforeAll(async () => {
    story = await Story.open({ TRAJECT_DATABASE_URL: '' });
    // PostgreSQL's user must be able to pass through
    await chmod(story.folder, 0o711);
    story = story.with({ TRAJECT_ERASURE_LIST: story.path('erasures') });
    api = await ApiProcess.prepare(story.childEnvironment);
    headers = await api.signIn('somebody', ...ROLES);
    const created = await story.run(['erase', 'create-list']);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    const insured = 'insurance,,,,3343,,2015-01-01,,,';
    await story.members({
      [ERASED]: ['member,1970-05-05,V. Voorbeeld,12345678,3343,,,,,', insured],
      [OTHER]: ['member,1971-06-06,A. Ander,,,,,,,', insured],
    });
    const lines = (name: string) =>
      weekly('2023-01-09', 25).map((date, i) => ({ date, reference: `${name}-${i}`, csi: i < 20 ? '008' : '001' }));
    await story.claimFile('claims.pm304', [
      { bsn: ERASED, lines: lines('E') },
      { bsn: OTHER, lines: lines('O') },
    ]);
    await story.ingest('claims.pm304');
    await story.json(['rebuild']);
    splitBefore = await payerSplit();
    const dossier = await story.dossier(ERASED);
    [erased, trajectory] = [dossier.personId, dossier.trajectories[0]?.id ?? ''];
    other = (await story.dossier(OTHER)).personId;
    await writeFile(story.path('letter.txt'), 'veertien zittingen elders');
    documentId = (await story.json<{ documentId: string }>(['document', 'add', 'letter.txt', '--person', erased])).documentId;
    await copy(server, `${server}.before`);
  });
  afterAll(async () => {
    await api.close();
    await stopAbandonedServer(server);
    for (const folder of [server, `${server}.before`]) await rm(folder, { recursive: true, force: true });
    await story.close();
  });

  it('a document is given back as it was kept, and one that is not what its name says is refused', async () => {
    await story.json(['document', 'get', documentId, '--person', erased, '--out', 'again.txt']);
    expect(await story.text('again.txt')).toBe('veertien zittingen elders');
    await writeFile(story.path('letter.pdf'), 'veertien zittingen elders');
    const refused = await story.run(['document', 'add', 'letter.pdf', '--person', erased]);
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('the content is text/plain and not application/pdf'),
    ]);
  });

  it('it is looked at, asked for by one, held, released, and confirmed by another', async () => {
    const preview = await story.run(['erase', 'preview', '--bsn-from-stdin'], ERASED);
    expect(preview.code).toBe(0);
    expect(preview.stdout).toContain('0 notes, 1 documents (25 bytes)');
    expect(preview.stdout).toContain('1 trajectories, 25 lines');
    const asked = ['erase', 'request', '--person', erased, '--by', 'anna', '--reason', 'form V-12'];
    const { request } = await story.json<{ request: { requestId: string } }>(asked);
    const confirm = (by: string): string[] => ['erase', 'confirm', request.requestId, '--by', by];
    const alone = await story.run(confirm('anna'));
    expect([alone.code, alone.stderr]).toEqual([3, expect.stringContaining('cannot confirm it')]);
    const held = ['erase', 'hold', '--person', erased, '--by', 'jurist', '--until', '2099-12-31', '--reason', 'case 26/104'];
    const { hold } = await story.json<{ hold: { holdId: string } }>(held);
    const refused = await story.run(confirm('bert'));
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('a legal hold stands until 2099-12-31')]);
    await story.json(['erase', 'release', hold.holdId, '--by', 'jurist']);
    expect(await story.json(confirm('bert'))).toMatchObject({ outcome: 'erased', personId: erased });
  });

  const isErased = async (): Promise<void> => {
    expect(await story.json(['show', '--person', erased])).toMatchObject({
      personId: erased,
      erasedAt: expect.any(String) as string,
    });
    expect((await story.run(['show', '--bsn-from-stdin'], ERASED)).code).toBe(2);
    expect((await story.dossier(OTHER)).trajectories[0]?.sessions).toHaveLength(25);
    expect(await payerSplit()).toEqual(splitBefore);
    await story.verifyIsClean();
  };

  it('then nothing leads to the person, and every total is as it was', async () => {
    await isErased();
    expect(await readFile(story.path('erasures'), 'utf8')).not.toMatch(/111222333|Voorbeeld|1970/);
  });

  it('put back without its list the database answers nobody: not a command, not the projector’s work, not the API', async () => {
    await restore();
    await rename(story.path('erasures'), story.path('erasures.away'));
    for (const args of [['show', '--person', erased], ['rebuild'], ['parked'], ['start', '--no-sample', '--exit-after-sample']]) {
      const { code, stdout, stderr } = await story.run(args);
      expect([args[0], code, stdout]).toEqual([args[0], 1, '']);
      expect(stderr).toContain('put the list back from its own back-up');
    }
    await expect(api.start()).rejects.toThrow('the API ended with 1');
    const damaged = (await readFile(story.path('erasures.away'), 'utf8')).replace(erased, other);
    await writeFile(story.path('erasures'), damaged);
    const { code, stderr } = await story.run(['show', '--person', erased]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is damaged at line 2')]);
    await rename(story.path('erasures.away'), story.path('erasures'));
  });

  it('with its list the first answer of the API is that the person was erased', async () => {
    const address = await api.start();
    const dossier = (await (await fetch(`${address}/v1/persons/${erased}/dossier`, { headers })).json()) as object;
    expect(dossier).toMatchObject({ personId: erased, erasedAt: expect.any(String) as string, insurance: [], trajectories: [] });
    const statusOf = async (path: string): Promise<number> => (await fetch(`${address}/v1${path}`, { headers })).status;
    expect(await statusOf(`/trajectories/${trajectory}`)).toBe(404);
    expect(await statusOf(`/trajectories/${trajectory}/events`)).toBe(404);
    expect(await statusOf(`/persons/${erased}/documents/${documentId}`)).toBe(404);
    expect(await statusOf(`/persons/${erased}/decisions/04012345/E-1`)).toBe(404);
    expect(await statusOf(`/persons/${other}/decisions/04012345/O-1`)).toBe(200);
    const found = await fetch(`${address}/v1/persons/lookup`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ bsn: ERASED }),
    });
    expect([found.status, await found.json()]).toEqual([200, { personId: null, identity: null }]);
    await api.stop();
    expect(await payerSplit()).toEqual(splitBefore);
  });

  it('put back once more, a command erases again before it does its own work', async () => {
    await restore();
    await isErased();
  });
});
