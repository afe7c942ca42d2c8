import { readdir, readFile, writeFile } from 'node:fs/promises';
import { MailServer } from '../../libs/outbox/src/testing/mail-server';
import { Story, weekly } from './story';

const BSN = '111222333';
const ADDRESS = 'praktijk@voorbeeld.nl';

interface Listed {
  readonly counts: Readonly<Record<'waiting' | 'unaddressed' | 'parked' | 'sent', number>>;
  readonly messages: readonly {
    readonly id: string;
    readonly practice: string;
    readonly state: string;
    readonly attempts: number;
  }[];
}
const history = (reference: string, count: number) => ({
  command: 'import-history',
  bsn: BSN,
  input: {
    ...{ diagnosis: '9373', startedOn: '2023-03-06', count, throughDate: '2023-12-18', scope: 'elsewhere' },
    ...{ source: 'treatment history form', statedBy: 'practice 04099999', document: { reference } },
  },
});

/** A person with a switch, and six lines of one practice that are held for want of a history. */
async function openWithHeldLines(environment: NodeJS.ProcessEnv): Promise<Story> {
  const story = await Story.open(environment);
  await story.members({
    [BSN]: ['member,1970-05-05,V. Voorbeeld,,,,,,,', 'insurance,,,,3343,,2024-01-01,,,', 'switch,,,,,,2024-01-01,,9373,7095'],
  });
  const lines = weekly('2024-01-08', 6).map((date, i) => ({ date, reference: `S-${i + 1}`, csi: '008' }));
  await story.claimFile('lines.pm304', [{ bsn: BSN, lines }]);
  await story.ingest('lines.pm304');
  return story;
}

describe('Confirmation by file: a history is imported, and the practice is told once', () => {
  let story: Story;
  beforeAll(async () => (story = await openWithHeldLines({})));
  afterAll(() => story.close());
  const files = (): Promise<string[]> => readdir(story.path('data/outbox')).catch(() => []);

  it('as one file in the data folder, with the references of its lines and nothing of the person', async () => {
    await story.correct('history.jsonl', [history('BH-31', 14)]);
    expect(await files()).toEqual([]);
    const report = await story.json(['outbox', 'send']);
    expect(report).toMatchObject({ confirmations: 1, sent: 1, open: { waiting: 0, unaddressed: 0, parked: 0 } });
    const [file = '', ...more] = await files();
    expect(more).toEqual([]);
    const text = await readFile(story.path(`data/outbox/${file}`), 'utf8');
    for (let i = 1; i <= 6; i += 1) expect(text).toContain(`linespm304 / S-${i}\r\n`);
    const { personId } = await story.dossier(BSN);
    for (const each of [BSN, personId, '9373', 'Voorbeeld']) expect(text).not.toContain(each);
  });

  it('and not again: not by sending again, by the same corrections again, nor by a rebuild of the read models', async () => {
    await story.json(['correct', 'history.jsonl']);
    await story.json(['rebuild']);
    expect(await story.json(['outbox', 'send'])).toMatchObject({ confirmations: 0, sent: 0 });
    expect(await files()).toHaveLength(1);
    expect((await story.json<Listed>(['outbox', 'list', '--state', 'sent'])).messages).toHaveLength(1);
  });
});

describe('Confirmation by mail', () => {
  let story: Story;
  let server: MailServer;
  let onMessage: () => void | Promise<void> = () => undefined;
  beforeAll(async () => {
    server = await MailServer.start({ onMessage: () => onMessage() });
    story = await openWithHeldLines({
      ...{
        TRAJECT_SMTP_URL: server.url,
        TRAJECT_MAIL_FROM: 'traject@verzekeraar.example',
        TRAJECT_PRACTICES_FILE: 'practices.csv',
      },
    });
    await writeFile(story.path('practices.csv'), 'practice,email\n');
    await story.correct('history.jsonl', [history('BH-31', 14)]);
  });
  afterAll(async () => {
    await story.close();
    await server.close();
  });

  it('a practice without an address is listed, exit code 4', async () => {
    expect((await story.run(['outbox', 'send'])).code).toBe(4);
    expect((await story.json<Listed>(['outbox', 'list'])).messages).toMatchObject([
      { practice: '04012345', state: 'unaddressed' },
    ]);
    expect(server.received).toEqual([]);
  });

  it('a sender that is killed after the server took the message over sends it again, with the same Message-ID', async () => {
    await writeFile(story.path('practices.csv'), `practice,email\n04012345,${ADDRESS}\n`);
    const sender = story.start(['outbox', 'send']);
    const ended = new Promise((resolve) => sender.on('exit', resolve));
    onMessage = async () => {
      sender.kill('SIGKILL');
      await ended;
    };
    await ended;
    onMessage = () => undefined;
    expect(server.received).toHaveLength(1);
    expect((await story.json<Listed>(['outbox', 'list'])).messages).toMatchObject([{ state: 'waiting', attempts: 1 }]);
    expect(await story.json(['outbox', 'send', '--now'])).toMatchObject({ sent: 1 });
    const [first, second, ...more] = server.received;
    expect(more).toEqual([]);
    expect(second).toMatchObject({ to: [ADDRESS], messageId: first?.messageId });
    expect(await story.json(['outbox', 'send', '--now'])).toMatchObject({ sent: 0 });
  });

  it('a file of addresses with a fault is named with its line, and nothing is lost', async () => {
    await writeFile(story.path('practices.csv'), 'practice,email\n4012345,x\n');
    const [{ importId } = { importId: '' }] =
      (await story.json<{ trajectories: { histories: { importId: string }[] }[] }>(['show', '--bsn-from-stdin'], BSN))
        .trajectories[0]?.histories ?? [];
    const retract = { command: 'retract-history', bsn: BSN, input: { importId, reason: 'of somebody else' } };
    await story.correct('retract.jsonl', [retract]);
    const run = await story.run(['outbox', 'send']);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('practices.csv:2: practice: give the AGB code, eight digits');
    await writeFile(story.path('practices.csv'), `practice,email\n04012345,${ADDRESS}\n`);
    expect(await story.json(['outbox', 'send'])).toMatchObject({ sent: 1 });
  });
});
