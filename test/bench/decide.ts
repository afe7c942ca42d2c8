/**
 * `decide`: persons per second decided with the trace of every decision, against JSON.parse of the same persons' events; and how the time
 * per session grows with the number of sessions of one person. No store is needed.
 */
import { decide, sentencesOf, trace, compilePolicy, type PolicyBook } from '#libs/coverage';
import { loadPolicyFiles, policyFromContent } from '#libs/policy-files';
import { bookingOf } from '#libs/settlement';
import {
  foldPerson,
  type PersonFacts,
  type PersonFold,
  type PersonId,
  type SessionFact,
  type StoredEvent,
  type TrajectoryId,
} from '#libs/trajectory';
import { seeded } from './population';
import { median, note, print, round } from './result';

const ROUNDS = 5;
const POLICY = loadPolicyFiles();

interface StoredPerson {
  readonly facts: PersonFold;
  /** Data of SessionDeclared and PersonDecided, as they are stored. */
  readonly texts: readonly string[];
  readonly sessions: ReadonlyMap<string, SessionFact>;
}

const day = (start: string, n: number): string =>
  new Date(Date.parse(`${start}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10);

/** What a person's three trajectories are: a threshold, a threshold with a term, and care that only a package pays. */
const COURSES = [
  { regime: 'annex', diagnosis: '9373', csi: ['008', '001'] },
  { regime: 'annex', diagnosis: '4021', csi: ['008', '001'] },
  { regime: 'none', diagnosis: '4026', csi: ['009', '009'] },
] as const;

const CHUNK = 4;

/** A person with `count` sessions in three trajectories, one of them with an imported history; files bring four lines at a time. */
function storedPerson(n: number, count: number, book: PolicyBook, everyDays: number): StoredPerson {
  const random = seeded(n + 1);
  const personId = `person-${n}` as PersonId;
  const dossier = `dossier-${personId}`;
  const next = new Map<string, number>();
  const events: StoredEvent[] = [];
  const add = (stream: string, type: string, data: unknown): void => {
    const revision = next.get(stream) ?? 0;
    next.set(stream, revision + 1);
    events.push({ stream, revision, type, data });
  };
  add(dossier, 'PersonRegistered.v1', { personId });
  add(dossier, 'InsuranceStated.v1', { periods: [{ insurer: '3343', from: '2018-01-01', through: null }], diedOn: null });
  add(dossier, 'PackagesStated.v1', { packages: [{ insurer: '3343', package: 'Benfit', from: '2018-01-01', through: null }] });
  COURSES.forEach(({ regime, diagnosis }, c) => {
    const trajectoryId = `${personId}-${c}` as TrajectoryId;
    add(dossier, 'TrajectoryLinked.v1', { trajectoryId, regime, diagnosis });
    add(`trajectory-${trajectoryId}`, 'TrajectoryStarted.v1', { trajectoryId, personId, regime, diagnosis });
  });
  add(`trajectory-${personId}-0`, 'HistoryImported.v2', {
    ...{ importId: `import-${n}`, startedOn: '2017-06-01', count: 8, throughDate: '2017-12-20', scope: 'elsewhere' },
    ...{ source: 'form', statedBy: 'practice', document: { reference: 'BH' }, status: 'asserted' },
  });
  for (let i = 0; i < count; i += 1) {
    const course = i % COURSES.length;
    const { diagnosis, csi } = COURSES[course] as (typeof COURSES)[number];
    const date = day('2018-01-08', Math.floor(i * everyDays + random()));
    add(`trajectory-${personId}-${course}`, 'SessionDeclared.v1', {
      ...{ practice: '04012345', reference: `R-${n}-${i}`, date, list: '012', performance: '1000', quantity: 1 },
      ...{ diagnosis, csi: i < 60 ? csi[0] : csi[1], tariffCents: 4000, calculatedCents: 4000, declaredCents: 4000 },
      ...{ insurer: '3343', invoice: 'F2024-03', therapist: '04054321', ageYears: 52, deductibleAge: true },
      ...{ receivedOn: '2024-04-02', source: { file: 'f11e0000-0000-5000-8000-000000000001', record: i } },
    });
  }
  const facts = foldPerson(personId, events);
  const decisions = decide(facts, book);
  for (let i = 0; i < decisions.length; i += CHUNK) {
    const part = decisions.slice(i, i + CHUNK);
    add(dossier, 'PersonDecided.v1', {
      cause: { command: `00000000-0000-5000-8000-${String(i).padStart(12, '0')}`, type: 'DeclareClaimLines' },
      seen: Object.fromEntries(next),
      policy: { digest: book.digest, version: book.version },
      engine: '3',
      decisions: part,
      withdrawn: [],
      entries: part.map((decision) => ({ line: decision.line, ...bookingOf(decision) })),
    });
  }
  const texts = events
    .filter(({ type }) => type === 'SessionDeclared.v1' || type === 'PersonDecided.v1')
    .map(({ data }) => JSON.stringify(data));
  const sessions = [...facts.trajectories.values()].flatMap((each) => [...each.sessions.values()]);
  return { facts, texts, sessions: new Map(sessions.map((each) => [each.line, each])) };
}

/** Something of every result is kept, so that no work can be left out. */
let kept = 0;

const decided = (facts: PersonFacts, book: PolicyBook): void => void (kept += decide(facts, book).length);

function traced({ facts, sessions }: StoredPerson, book: PolicyBook, inWords: boolean): void {
  for (const decision of decide(facts, book)) {
    const session = sessions.get(decision.line);
    if (session === undefined) throw new Error('a decision on no session');
    const of = trace(decision, session, book);
    kept += of.steps.length;
    if (inWords) kept += sentencesOf(of, 'nl').decision.length + sentencesOf(of, 'en').decision.length;
  }
}

const parsed = ({ texts }: StoredPerson): void => {
  for (const text of texts) kept += Object.keys(JSON.parse(text) as object).length;
};

/** Seconds for all persons. */
function timed(persons: readonly StoredPerson[], work: (person: StoredPerson) => void): number {
  const start = process.hrtime.bigint();
  for (const person of persons) work(person);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** `persons` with 60 sessions each, then one person with ever more. */
export function benchDecide(count: number): Promise<void> {
  const book = compilePolicy(policyFromContent(POLICY.content), POLICY.digest);
  const persons = Array.from({ length: count }, (_, n) => storedPerson(n, 60, book, 7));
  const works = {
    traced: (person: StoredPerson) => traced(person, book, false),
    inWords: (person: StoredPerson) => traced(person, book, true),
    decided: ({ facts }: StoredPerson) => decided(facts, book),
    parsed,
  };
  const seconds = { traced: [] as number[], inWords: [] as number[], decided: [] as number[], parsed: [] as number[] };
  const names = Object.keys(works) as (keyof typeof works)[];
  for (const name of names) timed(persons, works[name]); // warm
  for (let run = 1; run <= ROUNDS; run += 1) {
    for (const name of names) seconds[name].push(timed(persons, works[name]));
    note(`decide round ${run}: ${names.map((name) => `${name} ${round(count / (seconds[name].at(-1) ?? 0))}/s`).join(', ')}`);
  }
  const perSecond = (name: keyof typeof works): number => count / median(seconds[name]);
  print({
    name: 'decide',
    value: round(perSecond('traced')),
    unit: 'persons/s, decided with the trace of every decision',
    baseline: { name: "JSON.parse of the persons' events", value: round(perSecond('parsed')) },
    settings: {
      ...{ persons: count, sessions: 60, trajectories: 3, rounds: ROUNDS },
      decidedOnly: round(perSecond('decided')),
      withSentences: round(perSecond('inWords')),
      bytesPerPerson: round(persons.reduce((sum, { texts }) => sum + texts.join('').length, 0) / count),
      ...{ ratio: round(perSecond('traced') / perSecond('parsed'), 3), bar: 0.5 },
    },
  });
  for (const sessions of [10, 100, 1_000, 10_000]) benchGrowth(sessions, book);
  if (kept === 0) throw new Error('nothing was decided');
  return Promise.resolve();
}

/** Microseconds per session; few sessions are repeated, so that each round takes about as long. */
function benchGrowth(sessions: number, book: PolicyBook): void {
  const person = storedPerson(0, sessions, book, Math.min(7, 3_000 / sessions));
  const repeated = Array.from({ length: Math.max(1, Math.round(20_000 / sessions)) }, () => person);
  const alone: number[] = [];
  const withTrace: number[] = [];
  const parse: number[] = [];
  const perSession = (work: (each: StoredPerson) => void): number => (timed(repeated, work) / repeated.length / sessions) * 1e6;
  for (let run = 0; run <= ROUNDS; run += 1) {
    const values = [
      perSession(({ facts }) => decided(facts, book)),
      perSession((each) => traced(each, book, false)),
      perSession(parsed),
    ] as const;
    if (run === 0) continue; // warm
    alone.push(values[0]);
    withTrace.push(values[1]);
    parse.push(values[2]);
  }
  print({
    name: 'decide-growth',
    value: round(median(withTrace), 2),
    unit: 'microseconds per session, with trace',
    baseline: { name: 'JSON.parse of the events, per session', value: round(median(parse), 2) },
    settings: { sessions, decideOnly: round(median(alone), 2), rounds: ROUNDS },
  });
}
