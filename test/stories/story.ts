/** The scene of a story: a database of its own, a folder with files, and the built command line run on them as a user runs it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPm304, readPm305, type Pm304InsuredInput, type Pm304LineInput } from '#libs/claims';
import { createTestDatabase, type TestDatabase } from '../postgres/database';

const MAIN = join(__dirname, '../../dist/apps/cli/src/main.js');
export const PRACTICE = '04012345';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of a claim file with what the tests do not vary filled in. */
export type StoryLine = Partial<Pm304LineInput> & Pick<Pm304LineInput, 'date' | 'reference'>;

export interface ReturnedLine {
  readonly granted: number;
  readonly codes: readonly string[];
}

/** A session as `traject show --json` prints it. */
export interface ShownSession {
  readonly reference: string;
  readonly date: string;
  readonly diagnosis: string;
  readonly decision: {
    readonly status: string;
    readonly units: readonly { readonly position: number | null; readonly purse: string | null }[];
    readonly split: Readonly<Record<'basic' | 'supplementary' | 'insured' | 'refused' | 'undecided', number>>;
    readonly codes: readonly string[];
  } | null;
  readonly booked: Readonly<Record<'basic' | 'supplementary' | 'insured' | 'paidToProvider' | 'claimFromInsured', number>> | null;
}
export interface ShownTrajectory {
  readonly id: string;
  readonly regime: string;
  readonly codes: readonly string[];
  readonly absorbed: readonly string[];
  readonly sessions: readonly ShownSession[];
}
export interface ShownDossier {
  readonly personId: string;
  readonly trajectories: readonly ShownTrajectory[];
}

export class Story {
  private constructor(
    readonly folder: string,
    readonly database: TestDatabase,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async open(more: NodeJS.ProcessEnv = {}): Promise<Story> {
    const folder = await mkdtemp(join(tmpdir(), 'traject-story-'));
    const database = await createTestDatabase();
    const { TRAJECT_TEST_POSTGRES_URL: _server, ...inherited } = process.env;
    return new Story(folder, database, {
      ...inherited,
      TRAJECT_DATA_DIR: join(folder, 'data'),
      TRAJECT_DATABASE_URL: database.url,
      TRAJECT_LOG_LEVEL: 'warn',
      ...more,
    });
  }

  /** What the other built processes are started with, on the same scene. */
  get childEnvironment(): NodeJS.ProcessEnv {
    return this.environment;
  }

  /** The same folder and key on another database; closing it is its maker's. */
  in(url: string): Story {
    const database = { url, drop: () => Promise.resolve() };
    return new Story(this.folder, database, { ...this.environment, TRAJECT_DATABASE_URL: url });
  }

  /** The same scene with more in its environment. */
  with(more: NodeJS.ProcessEnv): Story {
    return new Story(this.folder, this.database, { ...this.environment, ...more });
  }

  async close(): Promise<void> {
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts the command line without waiting for it. */
  start(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [MAIN, ...args], { env: this.environment, cwd: this.folder, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  /** Runs the command line to its end. */
  async run(args: readonly string[], input = ''): Promise<Run> {
    const child = this.start(args);
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin?.end(input);
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return { code, stdout, stderr };
  }

  /** Runs the command line, which must succeed, and answers what it prints with --json. */
  async json<T>(args: readonly string[], input = ''): Promise<T> {
    const run = await this.run([...args, '--json'], input);
    if (run.code !== 0) throw new Error(`traject ${args.join(' ')} ended with ${run.code}:\n${run.stderr}${run.stdout}`);
    return JSON.parse(run.stdout) as T;
  }

  /** Imports members: each is a list of CSV rows without the BSN, `kind,birth_date,name,relation_number,insurer,package,from,through,dcsph,previous_insurer`. */
  async members(persons: Readonly<Record<string, readonly string[]>>): Promise<void> {
    const rows = Object.entries(persons).flatMap(([bsn, list]) => list.map((row) => row.replace(',', `,${bsn},`)));
    await writeFile(
      this.path('members.csv'),
      `kind,bsn,birth_date,name,relation_number,insurer,package,from,through,dcsph,previous_insurer\n${rows.join('\n')}\n`,
    );
    await this.json(['import-members', 'members.csv']);
  }

  /** Writes a claim file; lines are 40 euros under code 1000, unless said. */
  async claimFile(
    name: string,
    groups: readonly { readonly bsn: string; readonly birthDate?: string; readonly lines: readonly StoryLine[] }[],
    header: {
      readonly insurer?: string;
      readonly practice?: string;
      readonly invoice?: string;
      readonly invoiceDate?: string;
    } = {},
  ): Promise<string> {
    const insured = groups.map(({ bsn, birthDate = '1970-05-05', lines }): Pm304InsuredInput => ({
      bsn,
      birthDate,
      sex: '2',
      name: 'Voorbeeld',
      initials: 'V',
      houseNumber: 1,
      lines: lines.map((line) => ({
        performance: '1000',
        tariffCents: 4000,
        csi: '001',
        diagnosis: '9373',
        therapist: '04054321',
        ...line,
      })),
    }));
    const bytes = formatPm304({
      header: {
        insurer: header.insurer ?? '3343',
        practice: header.practice ?? PRACTICE,
        periodStart: '2023-01-01',
        periodEnd: '2024-12-31',
        invoice: header.invoice ?? name.replace(/\W/g, '').slice(0, 12),
        invoiceDate: header.invoiceDate ?? '2025-01-02',
      },
      insured,
    });
    await writeFile(this.path(name), bytes);
    return name;
  }

  /** Ingests claim files that must be taken in. */
  async ingest(...names: string[]): Promise<void> {
    await this.json(['ingest', '--received-on', '2025-01-03', ...names]);
  }

  /** The lines of a return message, by reference number. */
  async returned(name: string): Promise<ReadonlyMap<string, ReturnedLine>> {
    const lines = new Map<string, ReturnedLine>();
    for await (const record of readPm305(createReadStream(this.path(name))))
      if (record.kind === 'performance') lines.set(record.reference, { granted: record.grantedCents, codes: record.codes });
    return lines;
  }

  async dossier(bsn: string): Promise<ShownDossier> {
    return this.json<ShownDossier>(['show', '--bsn-from-stdin'], bsn);
  }

  /** Corrections as JSON lines; answers what became of each. */
  async correct(
    name: string,
    corrections: readonly object[],
  ): Promise<{ reports: { outcome: string; commandId: string; released: number; entries: number }[]; payments: string[] }> {
    await writeFile(this.path(name), corrections.map((each) => `${JSON.stringify(each)}\n`).join(''));
    return this.json(['correct', name]);
  }

  async verifyIsClean(): Promise<void> {
    const report = await this.json<{ findings: unknown[] }>(['verify']);
    if (report.findings.length > 0) throw new Error(`verify found: ${JSON.stringify(report.findings, null, 1)}`);
  }

  text(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }
}

/** The n-th weekday-like date from a start: a session a week. */
export function weekly(start: string, count: number, everyDays = 7): string[] {
  const first = Date.parse(`${start}T00:00:00Z`);
  return Array.from({ length: count }, (_, i) => new Date(first + i * everyDays * 86_400_000).toISOString().slice(0, 10));
}

/** Position, purse and status of each session of a trajectory, in order of position: `15 insured`, `held`, `invalid`. */
export const outline = (trajectory: ShownTrajectory | undefined): string[] =>
  (trajectory?.sessions ?? []).map(({ decision }) =>
    decision === null
      ? 'not decided'
      : decision.status === 'decided'
        ? decision.units.map((unit) => `${unit.position} ${unit.purse}`).join('+')
        : decision.status,
  );
