import { Story, outline, weekly } from './story';

const BSN = '111222333';

describe('Switch: on 1 January 2024 a person comes over with 14 sessions given elsewhere', () => {
  let story: Story;
  const dates = weekly('2024-01-08', 10);

  beforeAll(async () => {
    story = await Story.open();
    await story.members({
      [BSN]: [
        'member,1970-05-05,V. Voorbeeld,,,,,,,',
        'insurance,,,,3343,,2024-01-01,,,',
        'package,,,,3343,Start,2024-01-01,,,',
        'switch,,,,,,2024-01-01,,9373,7095',
      ],
    });
  });
  afterAll(() => story.close());

  it('[wire-1] holds the lines that come in, and the return message says so', async () => {
    const lines = dates.map((date, i) => ({ date, reference: `S-${i + 1}`, csi: i < 6 ? '008' : '001' }));
    await story.claimFile('switch.pm304', [{ bsn: BSN, lines }]);
    await story.ingest('switch.pm304');
    const returned = await story.returned('switch.pm305');
    for (const line of returned.values()) expect(line).toEqual({ granted: 0, codes: ['0613', '8072'] });
    const [trajectory] = (await story.dossier(BSN)).trajectories;
    expect(outline(trajectory)).toEqual(dates.map(() => 'held'));
  });

  it('[hold-6] [wire-3] one imported history of 14 releases them all: 15 to 20 package or insured, from 21 basic', async () => {
    const history = {
      command: 'import-history',
      bsn: BSN,
      input: {
        diagnosis: '9373',
        startedOn: '2023-03-06',
        count: 14,
        throughDate: '2023-12-18',
        scope: 'elsewhere',
        previousInsurer: '7095',
        source: 'treatment history form',
        statedBy: 'practice 04099999',
        document: { reference: 'BH-31' },
      },
    };
    const { reports, payments } = await story.correct('history.jsonl', [history]);
    expect(reports).toMatchObject([{ outcome: 'done', released: 10 }]);
    const [trajectory] = (await story.dossier(BSN)).trajectories;
    expect(outline(trajectory)).toEqual([
      '15 supplementary',
      '16 supplementary',
      '17 supplementary',
      '18 insured',
      '19 insured',
      '20 insured',
      '21 basic',
      '22 basic',
      '23 basic',
      '24 basic',
    ]);
    const specification = await story.text(payments.find((path) => path.endsWith('.csv')) ?? '');
    expect(specification.split('\n').filter((row) => row.startsWith('04012345,'))).toHaveLength(10);
    expect(specification).toContain(`,S-1,2024-01-08,0,4000,4000,ImportHistory,${reports[0]?.commandId}`);
  });

  it('every booking carries that command', async () => {
    const { reports } = await story.correct('history-again.jsonl', []);
    expect(reports).toEqual([]);
    const { Client } = await import('pg');
    const client = new Client({ connectionString: story.database.url });
    await client.connect();
    const { rows } = await client.query<{ cause: string; entries: number }>(
      `select data->'cause'->>'type' as cause, json_array_length(data->'entries')::int as entries
         from eventstore.events where type = 'PersonDecided.v1' order by pos`,
    );
    await client.end();
    expect(rows.filter((row) => row.entries > 0)).toEqual([{ cause: 'ImportHistory', entries: 10 }]);
  });

  it('the same file of corrections again books nothing again', async () => {
    expect((await story.json<{ reports: { outcome: string }[] }>(['correct', 'history.jsonl'])).reports).toMatchObject([
      { outcome: 'done-before' },
    ]);
    await story.verifyIsClean();
  });
});
