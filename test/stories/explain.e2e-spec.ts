import { Story, weekly } from './story';

const BSN = '111222333';
const LINE = '04012345/S-7';

interface Step {
  readonly name: string;
  readonly outcome: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly parameters: readonly { readonly name: string; readonly source: string }[];
}
interface Explained {
  readonly personId: string;
  readonly session: { readonly date: string; readonly creditReference: string | null };
  readonly decision: { readonly cause: { readonly type: string } } | null;
  readonly trace: { readonly decidedBy: string; readonly steps: readonly Step[]; readonly next: readonly object[] } | null;
  readonly sentences: Readonly<Record<'en' | 'nl', { readonly decision: string; readonly next: readonly string[] }>> | null;
  readonly known: readonly { readonly status: string; readonly cause: { readonly type: string }; readonly recordedAt: string }[];
  readonly bookings: readonly { readonly cause: { readonly type: string }; readonly basic?: number }[];
  readonly booked: Readonly<Record<string, number>> | null;
}

describe('Explain: why this cent, step by step, and since when it is known', () => {
  let story: Story;
  const explain = (line = LINE): Promise<Explained> => story.json(['explain', '--bsn-from-stdin', '--line', line], BSN);

  beforeAll(async () => {
    story = await Story.open();
    await story.members({
      [BSN]: [
        'member,1970-05-05,V. Voorbeeld,12345678,3343,,,,,',
        'insurance,,,,3343,,2024-01-01,,,',
        'package,,,,3343,Start,2024-01-01,,,',
        'switch,,,,,,2024-01-01,,9373,7095',
      ],
    });
    const lines = weekly('2024-01-08', 10).map((date, i) => ({ date, reference: `S-${i + 1}`, csi: i < 6 ? '008' : '001' }));
    await story.claimFile('explain.pm304', [{ bsn: BSN, lines }]);
    await story.ingest('explain.pm304');
  });
  afterAll(() => story.close());

  it('a held line says what releases it', async () => {
    const held = await explain();
    expect(held.trace).toMatchObject({
      decidedBy: 'hold',
      next: [{ kind: 'history-for-switch', values: { switch: '2024-01-01' } }],
    });
    expect(held.sentences?.en.next).toEqual(['An import that answers the switch of 2024-01-01 releases it.']);
    expect(held.known.map(({ status }) => status)).toEqual(['held']);
    expect(held.bookings).toEqual([]);
  });

  it('after the import it is basic: both decisions are told with their causes, and the bookings with theirs', async () => {
    const input = {
      ...{ diagnosis: '9373', startedOn: '2023-03-06', count: 14, throughDate: '2023-12-18', scope: 'elsewhere' },
      ...{ source: 'treatment history form', statedBy: 'practice 04099999', document: { reference: 'BH-31' } },
    };
    await story.correct('history.jsonl', [{ command: 'import-history', bsn: BSN, input }]);
    const basic = await explain();
    expect(basic.sentences?.nl.decision).toMatch(/^Zitting 21 .* na de eerste 20: de basisverzekering betaalt\.$/);
    const order = basic.trace?.steps.find(({ name }) => name === 'order');
    expect(order?.facts).toMatchObject({ position: 21, imported: 14 });
    const threshold = basic.trace?.steps.find(({ name }) => name === 'threshold');
    expect(threshold).toMatchObject({
      outcome: 'opened-basic',
      facts: { threshold: 20, start: '2023-03-06' },
      parameters: [{ name: 'threshold', source: 'Besluit zorgverzekering article 2.6-2', validFrom: '2012-01-01' }, {}],
    });
    for (const { parameters } of basic.trace?.steps ?? []) for (const { source } of parameters) expect(source).not.toBe('');
    expect(basic.known.map(({ status, cause }) => [status, cause.type])).toEqual([
      ['held', 'DeclareClaimLines'],
      ['decided', 'ImportHistory'],
    ]);
    expect(basic.known[0]?.recordedAt).toMatch(/^\d{4}-\d{2}-\d{2}T/);
    expect(basic.bookings).toMatchObject([{ basic: 4000, cause: { type: 'ImportHistory' } }]);
    expect(basic.booked).toMatchObject({ basic: 4000, paidToProvider: 4000 });
    expect((await explain('04012345/S-6')).sentences?.en.next).toContain('From session 21 the basic insurance pays.');
  });

  it('for people: sentences in the language that was asked for, and tables', async () => {
    const dutch = await story.run(['explain', '--relation', '3343:12345678', '--line', LINE, '--lang', 'nl']);
    expect(dutch.code).toBe(0);
    expect(dutch.stdout).toContain('na de eerste 20: de basisverzekering betaalt.');
    expect(dutch.stdout).toContain('Known when');
    expect(`${dutch.stdout}${dutch.stderr}`).not.toMatch(/111222333|Voorbeeld|1970/);
  });

  it('a line that is not there, or asked for wrongly', async () => {
    const { personId } = await explain();
    const unknown = await story.run(['explain', '--person', personId, '--line', '04012345/NONE']);
    expect([unknown.code, unknown.stderr]).toEqual([3, 'this person has no such line\n']);
    expect((await story.run(['explain', '--person', personId, '--line', 'S-7'])).code).toBe(2);
    expect((await story.run(['explain', '--person', personId, '--line', LINE, '--lang', 'de'])).code).toBe(2);
  });
});
