import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { formatPm304, type Pm304InsuredInput } from '#libs/claims';
import { startDevelopmentIssuer } from '#libs/development-issuer';
import { ROLES } from '#libs/sign-in';
import { PRACTICE, Story, type Run } from '../stories/story';
import { plant, Search, type Planted } from './planted';

const API = join(__dirname, '../../dist/apps/api/src/main.js');
const MEMBERS = 'kind,bsn,birth_date,name,relation_number,insurer,package,from,through,dcsph,previous_insurer';
const planted = plant(1000);
const search = new Search(planted);
const person = (index: number): Planted => planted[index] as Planted;

/** Claim lines of everybody; every tenth is wrong in some way, and comments repeat who it is about. */
function claimFile(invoice: string, people: readonly Planted[], date: string): Buffer {
  const insured = people.map(({ bsn, birthDate, name, relationNumber }, i): Pm304InsuredInput => ({
    bsn: i % 50 === 7 ? String(Number(bsn) + 1).padStart(9, '0') : bsn,
    birthDate,
    sex: '2',
    name,
    initials: 'Z',
    houseNumber: 1,
    relationNumber,
    comments: [`${name} ${bsn} ${birthDate}`],
    lines: [
      {
        date,
        reference: `${invoice}-${i}`,
        performance: i % 20 === 3 ? '9999' : '1000',
        diagnosis: i % 30 === 5 ? '0000' : '9373',
        csi: i % 10 === 9 ? '001' : '008',
        tariffCents: 4000,
        quantity: i % 40 === 11 ? 5 : 1,
        therapist: '04054321',
      },
    ],
  }));
  const header = { insurer: '3343', practice: PRACTICE, periodStart: '2023-01-01', periodEnd: '2024-12-31', invoice };
  return Buffer.from(formatPm304({ header: { ...header, invoiceDate: '2025-01-02' }, insured }));
}

const memberRows = ({ bsn, birthDate, name, relationNumber }: Planted, i: number): string[] => [
  `member,${bsn},${birthDate},${name},${relationNumber},3343,,,,,`,
  `insurance,${bsn},,,,3343,,2015-01-01,,,`,
  ...(i % 3 === 0 ? [`package,${bsn},,,,3343,Startfit,2018-01-01,,,`] : []),
  ...(i % 9 === 0 ? [`switch,${bsn},,,,,,2024-01-01,,${i % 2 === 0 ? '9373' : ''},7095`] : []),
];

/** Rows with a fault, some with identity where it does not belong. */
const badRows = (people: readonly Planted[]): string[] =>
  people.flatMap(({ bsn, birthDate, name, relationNumber }, i) => [
    `member,${bsn},${i % 4 === 0 ? `${birthDate.slice(0, 4)}-02-30` : birthDate},${name},${relationNumber},3343,,,,,`,
    [
      `insurance,${bsn},,,,${bsn},,2015-01-01,,,`,
      `${name},${bsn},,,,3343,,2015-01-01,,,`,
      `insurance,${bsn},,${name},,3343,,${birthDate},${relationNumber},,`,
      `insurance,${bsn},"${name}`.replaceAll('"', ''),
    ][i % 4] as string,
  ]);

describe('No BSN, name, birth date or relation number is outside the vault', () => {
  let story: Story;
  const runs: { readonly what: string; readonly run: Run }[] = [];
  const run = async (args: readonly string[], input = ''): Promise<Run> => {
    const ended = await story.run(args, input);
    runs.push({ what: args.join(' '), run: ended });
    return ended;
  };
  let personId: string;
  let trajectoryId: string;

  beforeAll(async () => {
    story = await Story.open({ TRAJECT_LOG_LEVEL: 'trace' });
    const good = planted.slice(0, 960);
    await writeFile(story.path('members.csv'), `${[MEMBERS, ...good.flatMap(memberRows)].join('\n')}\n`);
    await writeFile(story.path('bad-members.csv'), `${[MEMBERS, ...badRows(planted.slice(950, 990))].join('\n')}\n`);
    const claims = claimFile('ONE', planted, '2024-02-05');
    await writeFile(story.path('one.pm304'), claims);
    await writeFile(story.path('two.pm304'), claimFile('TWO', planted.slice(0, 300), '2024-03-04'));
    await writeFile(story.path('utf8.pm304'), claims.toString('latin1').replace('Zwqux', 'Zwqüx'), 'utf8');
    await writeFile(story.path('cut.pm304'), claims.subarray(0, 100_000));
    // records that have slipped: every field holds a part of its neighbours
    await writeFile(
      story.path('slipped.pm304'),
      Buffer.concat([claims.subarray(0, 312), Buffer.from(' '), claims.subarray(312)]),
    );
    const history = (bsn: string, extra: object = {}): object => ({
      command: 'import-history',
      bsn,
      input: {
        diagnosis: '9373',
        startedOn: '2023-01-02',
        count: 14,
        throughDate: '2023-12-28',
        scope: 'elsewhere',
        source: 'previous insurer',
        statedBy: 'clerk 7',
        document: { reference: 'LETTER-1' },
        ...extra,
      },
    });
    const corrections = [
      ...planted.slice(0, 40).map(({ bsn }) => history(bsn)),
      ...planted
        .slice(40, 60)
        .map(({ bsn, name, birthDate }) => history(bsn, { [bsn]: name, startedOn: birthDate.replace(/..$/, '99') })),
      ...planted.slice(990).map(({ bsn }) => history(bsn)),
    ].map((each) => JSON.stringify(each));
    await writeFile(story.path('corrections.jsonl'), `${[...corrections, `{"bsn":"${person(3).bsn}"`].join('\n')}\n`);

    await run(['import-members', 'members.csv']);
    await run(['import-members', '--json', 'bad-members.csv']);
    await run(['ingest', '--received-on', '2025-01-03', 'one.pm304', 'two.pm304', 'utf8.pm304', 'cut.pm304', 'slipped.pm304']);
    await run(['correct', '--json', 'corrections.jsonl']);
    await run(['show', '--bsn-from-stdin'], person(0).bsn);
    const shown = await run(['show', '--json', '--bsn-from-stdin'], person(0).bsn);
    ({
      personId,
      trajectories: [{ id: trajectoryId }],
    } = JSON.parse(shown.stdout) as { personId: string; trajectories: [{ id: string }] });
    await run(['show', '--bsn-from-stdin'], person(999).bsn);
    await run(['rebuild']);
    await run(['verify']);
  });
  afterAll(() => story.close());

  it('the commands did their work: 1,000 lines, the bad members and corrections refused, nothing that verify finds', () => {
    expect(runs.map(({ what, run: { code } }) => [what.split(' ')[0], code])).toEqual([
      ['import-members', 0],
      ['import-members', 3],
      ['ingest', 3],
      ['correct', 3],
      ['show', 0],
      ['show', 0],
      ['show', 2],
      ['rebuild', 0],
      ['verify', 0],
    ]);
    expect(runs[2]?.run.stderr).not.toContain('    at ');
    expect(runs[2]?.run.stdout).toContain('one.pm304: 1000 lines: ');
  });

  it('not on the console', () => {
    for (const { what, run: ended } of runs)
      expect([what, search.in(ended.stdout), search.in(ended.stderr)]).toEqual([what, [], []]);
  });

  it('not over HTTP, apart from the answer of the lookup; not in headers, addresses or the log of the server', async () => {
    const server = await startApi(story);
    try {
      const [{ bsn, name, birthDate, relationNumber }, stranger] = [person(0), person(995)];
      const found = await server.ask('POST', '/v1/persons/lookup', { bsn });
      expect(JSON.parse(found.body)).toEqual({ personId, identity: { birthDate, name } });
      const byRelation = await server.ask('POST', '/v1/persons/lookup', { insurer: '3343', relationNumber });
      for (const { headers, body } of [found, byRelation])
        expect(search.in(headers + body.replace(name, '').replace(birthDate, ''))).toEqual([]);

      const registration = { ...stranger, relationNumbers: [{ insurer: '3343', number: stranger.relationNumber }] };
      const { relationNumber: _number, ...registered } = { ...registration, insurance: { periods: [] } };
      const asked: [string, string, object?][] = [
        ['GET', `/v1/persons/${personId}/dossier`],
        ['GET', `/v1/trajectories/${trajectoryId}`],
        ['GET', `/v1/trajectories/${trajectoryId}/events`],
        ['GET', '/v1/work-list'],
        ['GET', '/v1/payer-split?from=2024-01&through=2024-12'],
        ['GET', '/v1/claim-files'],
        ['GET', '/health/ready'],
        ['GET', '/metrics'],
        ['POST', '/v1/persons', registered],
        ['POST', '/v1/persons/lookup', { bsn: person(998).bsn }],
        ['POST', '/v1/persons/lookup', { bsn, [person(4).bsn]: name }],
        ['POST', '/v1/persons/lookup', { insurer: bsn, relationNumber }],
        ['POST', `/v1/persons/${personId}/histories`, { diagnosis: bsn, statedBy: name, startedOn: `${birthDate}x` }],
        // what a user does by mistake
        ['GET', `/v1/persons/${bsn}/dossier`],
        ['GET', `/v1/trajectories/${bsn}`],
        ['GET', `/v1/work-list?bsn=${bsn}&name=${name}`],
        ['DELETE', `/v1/persons/${bsn}`],
        ['GET', `/${bsn}/${name}/${birthDate}`],
      ];
      const statuses: number[] = [];
      for (const [method, path, body] of asked) {
        const answer = await server.ask(method, path, body);
        statuses.push(answer.status);
        expect([method, path.slice(0, 20), search.in(answer.headers), search.in(answer.body)]).toEqual([
          method,
          path.slice(0, 20),
          [],
          [],
        ]);
      }
      expect(statuses.slice(0, 7)).toEqual([200, 200, 200, 200, 200, 200, 200]);
      expect(statuses.filter((status) => status >= 500)).toEqual([]);
    } finally {
      await server.stop();
    }
    expect(search.in(server.output())).toEqual([]);
    expect(server.output()).not.toBe('');
  });

  it('not in any column of any table: events, vault, read models, what commands remember', async () => {
    const client = new Client({ connectionString: story.database.url });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
      );
      expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['eventstore.events', 'identity.person']));
      let rowCount = 0;
      for (const { name } of tables) {
        // bytes come as hex, which the search decodes
        const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
        rowCount += rows.length;
        expect([name, search.in(rows.map(({ row }) => row).join('\n')).slice(0, 5)]).toEqual([name, []]);
      }
      expect(rowCount).toBeGreaterThan(5_000);
      const { rows } = await client.query<{ persons: number }>('select count(*)::int as persons from identity.person');
      expect(rows[0]?.persons).toBeGreaterThanOrEqual(950);
    } finally {
      await client.end();
    }
  });

  it('not in what the commands left in folders, apart from claim and return messages', async () => {
    const given = /\.(pm304|pm305)$|members\.csv$|corrections\.jsonl$/;
    const entries = await readdir(story.folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => each.isFile() && !given.test(each.name));
    expect(files.map((each) => each.name)).toEqual(expect.arrayContaining(['traject-development-key']));
    for (const { parentPath, name } of files)
      expect([name, search.in(name), search.in(await readFile(join(parentPath, name), 'latin1'))]).toEqual([name, [], []]);
    // the search does find what is there
    expect(search.in(await readFile(story.path('one.pm305'), 'latin1')).length).toBeGreaterThan(1000);
  });
});

interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** The API as a process of its own, on a free port. */
async function startApi(story: Story): Promise<{
  ask(method: string, path: string, body?: object): Promise<Answer>;
  output(): string;
  stop(): Promise<void>;
}> {
  const issuer = await startDevelopmentIssuer();
  const token = await issuer.sign({ subject: 'somebody', roles: ROLES });
  const child: ChildProcess = fork(API, [], {
    silent: true,
    execArgv: [],
    env: {
      PATH: process.env.PATH,
      TRAJECT_DATA_DIR: story.path('data'),
      TRAJECT_DATABASE_URL: story.database.url,
      TRAJECT_PORT: '0',
      TRAJECT_OIDC_ISSUER: issuer.issuer,
      TRAJECT_OIDC_AUDIENCE: issuer.audience,
      TRAJECT_LOG_LEVEL: 'trace',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`the API ended: ${output}`))),
  ])) as [{ address: string }];
  let key = 0;
  return {
    async ask(method, path, body) {
      const response = await fetch(`${message.address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          'idempotency-key': `identity-test-${(key += 1)}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: JSON.stringify([...response.headers]), body: await response.text() };
    },
    output: () => output,
    async stop() {
      await issuer.stop();
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
