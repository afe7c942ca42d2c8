import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandBus } from '@nestjs/cqrs';
import { checkPm304, ClaimFileError, isValidBsn, readPm304, type PerformanceRecord } from '#libs/claims';
import { DossierContext, MemberImport, type Member } from '#libs/dossiers';
import type { IdentityVault } from '#libs/identity';
import { SampleError, writeSample, type SampleCorrection, type SampleManifest } from './index';
import { bsnOf, spoiledBsn } from './identity';
import { Population } from './population';
import { addDays, sessionDates } from './calendar';
import { DECK } from './proportions';
import { Random } from './random';

const PERSONS = 300;
const SEED = 20240701;
let root: string;
let out: string;
let manifest: SampleManifest;
let members: readonly Member[];
let bsns: ReadonlySet<string>;
let corrections: readonly SampleCorrection[];
/** Every line of every claim file, in the order of ingestion. */
let lines: readonly (PerformanceRecord & { readonly file: string })[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'traject-sample-'));
  out = join(root, 'first');
  manifest = await writeSample({ persons: PERSONS, seed: SEED, out });
  const read: (PerformanceRecord & { readonly file: string })[] = [];
  for (const { file } of manifest.claimFiles)
    for await (const record of readPm304(createReadStream(join(out, file))))
      if (record.kind === 'performance') read.push({ ...record, file });
  lines = read;
  corrections = (await readFile(join(out, 'corrections.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SampleCorrection);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const filesOf = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** Imports the member file with the real reader and checks, into a vault and handlers that only remember. */
async function importMembers(path: string) {
  const registered = new Map<string, string>();
  const taken: Member[] = [];
  const vault = {
    registerPersons: (persons: readonly { bsn: string }[]) => {
      for (const { bsn } of persons) registered.set(bsn, `person-${bsn}`);
      return Promise.resolve(registered);
    },
  };
  const commands = {
    execute: (command: { readonly members: readonly Member[] }) => {
      taken.push(...command.members);
      return Promise.resolve(command.members.map(() => ({ outcome: 'done', changed: true })));
    },
  };
  const nothing = undefined as never;
  const context = new DossierContext(nothing, vault as unknown as IdentityVault, nothing, nothing);
  const report = await new MemberImport(context, commands as unknown as CommandBus).import(path, { actor: 'test' });
  return { report, registered, taken };
}

describe('a sample of 300 persons', () => {
  it('the member file is taken without a problem, all persons of it', async () => {
    const { report, registered, taken } = await importMembers(join(out, 'members.csv'));
    expect(report).toMatchObject({ persons: PERSONS, changed: PERSONS, refused: 0, problemCount: 0 });
    expect(report.historyToAsk).toBe(manifest.members.switchesWithoutCode);
    members = taken;
    bsns = new Set(registered.keys());
    expect(bsns.size).toBe(PERSONS);
    for (const bsn of bsns) expect(isValidBsn(bsn)).toBe(true);
  });

  it('insurance periods follow one another, and packages lie within them, one at a time', () => {
    for (const { insurance, packages } of members) {
      for (const periods of [insurance, packages])
        periods.forEach((period, i) => {
          const next = periods[i + 1];
          if (period.through !== null) expect(period.through >= period.from).toBe(true);
          if (next !== undefined) expect(period.through !== null && period.through < next.from).toBe(true);
        });
      expect(packages.every((held) => insurance.some((each) => each.insurer === held.insurer && each.from <= held.from))).toBe(
        true,
      );
    }
    const names = new Set(members.flatMap((member) => member.packages.map((held) => held.package)));
    expect([...names].sort()).toEqual(['Benfit', 'Extra', 'Optifit', 'Start', 'Startfit']);
  });

  it('every claim file can be taken as a whole, and holds what the manifest says', async () => {
    for (const { file, lines: count, persons } of manifest.claimFiles) {
      const { counts } = await checkPm304(createReadStream(join(out, file)));
      expect({ file, lines: counts.performances, persons: counts.insured }).toEqual({ file, lines: count, persons });
    }
    expect(lines).toHaveLength(manifest.lines.total);
    expect(lines.length).toBeGreaterThan(3000);
    expect(lines.length).toBeLessThan(5000);
  });

  it('the files sort by name into the order of ingestion', () => {
    const names = manifest.claimFiles.map(({ file }) => file);
    expect(names).toEqual([...names].sort());
    expect(names.every((name) => /^claims-202[345]-\d\d-\d{8}\.pm304$/.test(name))).toBe(true);
  });

  it('only the lines that are meant to fail cannot be read', () => {
    const unreadable = lines.filter((line) => line.problems.length > 0);
    const codes = unreadable.flatMap((line) => [...new Set(line.problems.map((problem) => problem.code))]);
    const count = (code: string): number => codes.filter((each) => each === code).length;
    for (const code of ['0435', '8007', '8061', '8176'])
      expect([code, count(code)]).toEqual([code, manifest.expected.byCode[code]]);
    expect(new Set(codes)).toEqual(new Set(['0435', '8007', '8061', '8176']));
  });

  it('each kind of case is there', () => {
    const hundreds = PERSONS / DECK.length;
    expect(manifest.lines.byMishap).toEqual(
      Object.fromEntries(
        [...new Set(DECK.flatMap(({ mishap }) => mishap ?? []))].map((mishap) => [
          mishap,
          hundreds * DECK.filter((card) => card.mishap === mishap).length,
        ]),
      ),
    );
    expect(Object.keys(manifest.members.byCourse).sort()).toEqual([...new Set(DECK.map(({ course }) => course))].sort());
    expect(Object.keys(manifest.expected.byCode).sort()).toEqual(
      '0320 0328 0435 0582 0587 0638 3102 8007 8009 8017 8058 8059 8061 8067 8084 8176'.split(' '),
    );
    expect(Object.values(manifest.expected.byOutcome).every((count) => count > 0)).toBe(true);
    expect(Object.values(manifest.expected.byOutcome).reduce((sum, count) => sum + count)).toBe(lines.length);
    expect(new Set(lines.map(({ csi }) => csi))).toEqual(new Set(['', '001', '003', '008', '009', '012', '014', '016']));
    expect(manifest.expected.heldAfterCorrections).toBeGreaterThan(0);
    expect(manifest.expected.heldAfterCorrections).toBeLessThan(manifest.expected.byOutcome.held);
    expect(manifest.members.switchesWithCode).toBeGreaterThan(0);
    expect(manifest.members.deceased).toBeGreaterThan(0);
    expect(new Set(lines.map(({ insurer }) => insurer))).toEqual(new Set(['3343', '3365']));
  });

  it('references are unique but for the lines that are sent twice', () => {
    const seen = new Map<string, number>();
    for (const { practice, reference } of lines)
      seen.set(`${practice} ${reference}`, (seen.get(`${practice} ${reference}`) ?? 0) + 1);
    expect([...seen.values()].filter((count) => count > 1)).toHaveLength(manifest.lines.byMishap['same-reference'] ?? 0);
  });

  it('nobody has one session twice, but for those that are meant to', () => {
    const seen = new Map<string, Set<string>>();
    for (const line of lines.filter(({ debitCredit, problems }) => debitCredit === 'D' && problems.length === 0)) {
      const session = [line.bsn, line.practice, line.date, line.performance, line.diagnosis].join(' ');
      seen.set(session, (seen.get(session) ?? new Set()).add(line.reference));
    }
    expect([...seen.values()].filter((references) => references.size > 1)).toHaveLength(
      manifest.lines.byMishap['same-session'] ?? 0,
    );
  });

  it('a credit comes in a later file than its debit, with its amount, but for those that are meant to fail', () => {
    const order = new Map(manifest.claimFiles.map(({ file }, i) => [file, i]));
    const credits = lines.filter(({ debitCredit }) => debitCredit === 'C');
    expect(credits).toHaveLength(manifest.lines.credits);
    const good = credits.filter((credit) => {
      const debit = lines.find((line) => line.practice === credit.practice && line.reference === credit.relatedReference);
      if (debit?.declaredCents !== credit.declaredCents || debit.date !== credit.date || debit.bsn !== credit.bsn) return false;
      expect(order.get(debit.file) as number).toBeLessThan(order.get(credit.file) as number);
      return true;
    });
    const bad = (manifest.lines.byMishap['credit-unknown'] ?? 0) + (manifest.lines.byMishap['credit-amount'] ?? 0);
    expect(credits.length - good.length).toBe(bad);
    expect(good.length - (manifest.lines.byMishap['credit-twice'] ?? 0)).toBe(manifest.expected.byOutcome.credited);
  });

  it('a late line comes in after a later session of the same person', () => {
    const lastSeen = new Map<string, string>();
    let late = 0;
    for (const line of lines.filter(
      ({ debitCredit, bsn, problems }) => debitCredit === 'D' && bsn !== '' && problems.length === 0,
    )) {
      const key = `${line.bsn} ${line.diagnosis}`;
      const last = lastSeen.get(key) ?? '';
      if (line.date < last) late += 1;
      else lastSeen.set(key, line.date);
    }
    expect(manifest.lines.late).toBeGreaterThan(0);
    expect(late).toBeGreaterThanOrEqual(manifest.lines.late);
  });

  it('an orderly Annex 1 row asserts 008 up to the twentieth session and 001 from there', () => {
    const orderly = [...new Population(SEED, PERSONS).members()].filter(
      ({ card }) => card.course === 'annex' && card.mishap === undefined,
    );
    for (const { lines: row } of orderly)
      expect(row.map(({ line }) => line.csi)).toEqual(row.map((_line, i) => (i < 20 ? '008' : '001')));
    expect(orderly.some((person) => person.lines.length > 20)).toBe(true);
    expect(orderly.some((person) => person.lines.length < 20)).toBe(true);
  });

  it('the person that nobody knows is not in the member file, and the bad number fails the eleven test', () => {
    const strangers = lines.filter(({ bsn, problems }) => problems.length === 0 && !bsns.has(bsn));
    expect(strangers).toHaveLength(manifest.lines.byMishap['unknown-person'] ?? 0);
    expect(strangers.every(({ bsn }) => isValidBsn(bsn))).toBe(true);
  });

  it('corrections are of members: a history for a reported switch, a remap for sessions under the closed code', () => {
    expect(corrections.every(({ bsn }) => bsns.has(bsn))).toBe(true);
    const closed = lines.filter(({ diagnosis }) => diagnosis === '9376');
    const successors = lines.filter(({ diagnosis, date }) => diagnosis === '3176' && date >= '2024-07-01');
    for (const correction of corrections) {
      if (correction.command === 'remap-diagnosis') {
        const { bsn } = correction;
        expect(closed.filter((line) => line.bsn === bsn && line.date < '2024-07-01').length).toBeGreaterThan(20);
        expect(closed.some((line) => line.bsn === bsn && line.date >= '2024-07-01')).toBe(true);
        expect(new Set(successors.filter((line) => line.bsn === bsn).map(({ csi }) => csi))).toEqual(new Set(['001', '008']));
      } else {
        const { diagnosis, count, startedOn, throughDate } = correction.input;
        const own = lines.filter((line) => line.bsn === correction.bsn);
        expect(own.every((line) => line.diagnosis === diagnosis && line.date > throughDate)).toBe(true);
        expect(startedOn < throughDate).toBe(true);
        const member = members.find(({ personId }) => String(personId) === `person-${correction.bsn}`);
        expect(member?.switches.map((each) => [each.diagnosis, each.switchDate])).toEqual([[diagnosis, '2024-01-01']]);
        // the twenty-first session of the whole is the first with 001
        expect(own.filter((line) => line.csi === '008')).toHaveLength(20 - count);
      }
    }
    expect(manifest.corrections.byCommand).toEqual({ 'import-history': 15, 'remap-diagnosis': 9 });
  });

  it('names carry letters beyond ASCII, in ISO 8859-1', async () => {
    const file = manifest.claimFiles[0]?.file ?? '';
    const bytes = await readFile(join(out, file));
    expect(bytes.toString('latin1')).toMatch(/[éë]/);
    expect(bytes.length % 312).toBe(0);
  });

  it('the file with the wrong count in its trailer is refused whole', async () => {
    await expect(checkPm304(createReadStream(join(out, 'bad', 'bad-trailer.pm304')))).rejects.toBeInstanceOf(ClaimFileError);
  });

  it('the folder says that all of it is made up', async () => {
    expect(await readFile(join(out, 'README.txt'), 'utf8')).toMatch(/^Everybody and everything in this folder is made up/);
    expect(JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'))).toEqual(manifest);
  });

  it('the same seed writes the same bytes, another seed others', async () => {
    const [second, third] = [join(root, 'second'), join(root, 'third')];
    await writeSample({ persons: PERSONS, seed: SEED, out: second });
    await writeSample({ persons: PERSONS, seed: SEED + 1, out: third });
    const names = await filesOf(out);
    expect(await filesOf(second)).toEqual(names);
    let different = 0;
    for (const name of names) {
      const [a, b] = await Promise.all([readFile(join(out, name)), readFile(join(second, name))]);
      expect([name, a.equals(b)]).toEqual([name, true]);
      if (!(await readFile(join(third, name)).catch(() => Buffer.alloc(0))).equals(a)) different += 1;
    }
    expect(different).toBe(names.length);
  });
});

describe('the folder of a sample', () => {
  it('is written again when it holds the same sample, also after an interruption', async () => {
    const folder = join(root, 'again');
    const first = await writeSample({ persons: 3, seed: 1, out: folder });
    await rm(join(folder, 'manifest.json'));
    expect(await writeSample({ persons: 3, seed: 1, out: folder })).toEqual(first);
    expect(await writeSample({ persons: 3, seed: 1, out: folder })).toEqual(first);
    expect((await filesOf(folder)).some((name) => name.startsWith('.partial'))).toBe(false);
  });

  it('is left alone when it holds another one, or something else of that name', async () => {
    const folder = join(root, 'other');
    await writeSample({ persons: 3, seed: 1, out: folder });
    await expect(writeSample({ persons: 4, seed: 1, out: folder })).rejects.toThrow(SampleError);
    await writeFile(join(folder, 'manifest.json'), 'not ours');
    await expect(writeSample({ persons: 3, seed: 1, out: folder })).rejects.toThrow(/name an empty folder/);
  });

  it.each([
    ['no persons', { persons: 0, seed: 1 }],
    ['half a person', { persons: 1.5, seed: 1 }],
    ['too many', { persons: 500_001, seed: 1 }],
    ['a negative seed', { persons: 1, seed: -1 }],
    ['no number', { persons: Number.NaN, seed: 1 }],
  ])('is not begun with %s', async (_what, bounds) => {
    const folder = join(root, 'never');
    await expect(writeSample({ ...bounds, out: folder })).rejects.toThrow(SampleError);
    await expect(readdir(folder)).rejects.toThrow(/ENOENT/);
  });
});

describe('dates of sessions', () => {
  it('are weekdays, as far apart as asked, none after the end', () => {
    const dates = sessionDates(new Random(1), '2024-02-24', '2024-12-31', 100, [3, 3]);
    expect(dates.slice(0, 3)).toEqual(['2024-02-26', '2024-02-29', '2024-03-04']);
    expect(dates.every((date) => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()))).toBe(true);
    expect(dates[dates.length - 1]).toBe('2024-12-30');
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01');
  });
});

describe('made-up numbers', () => {
  it('pass the eleven test and never come twice in a sample', () => {
    const numbers = new Set(Array.from({ length: 20_000 }, (_, index) => bsnOf(5, index)));
    expect(numbers.size).toBe(20_000);
    for (const bsn of numbers) expect(isValidBsn(bsn)).toBe(true);
  });

  it('fail the eleven test when spoiled', () => {
    for (let index = 0; index < 1000; index += 1) expect(isValidBsn(spoiledBsn(bsnOf(5, index)))).toBe(false);
  });
});

describe('the proportions', () => {
  it('are of a hundred persons', () => {
    expect(DECK).toHaveLength(100);
  });
});
