import * as coverage from '#libs/coverage';
import type { NewEvent, RecordedEvent } from '#libs/event-store';
import type { LineDecision, LineKey, PersonDecided, PersonId } from '#libs/trajectory';
import { v4 as uuid } from 'uuid';
import type { PolicyRegistry } from '../policy/registry';
import { commandId, debit, declare, give, personId, Policies, register, statePackages } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { verify, type VerifyFinding, type VerifyReport } from './verify';

jest.mock('#libs/coverage', () => {
  const actual = jest.requireActual<typeof coverage>('#libs/coverage');
  return { ...actual, decide: jest.fn(actual.decide) };
});
const decide = jest.mocked(coverage.decide);
const { decide: rightly } = jest.requireActual<typeof coverage>('#libs/coverage');

const policies = new Policies();
const person: PersonId = personId('one');
/** A person without lines, beside the one with. */
const other: PersonId = personId('other');
const dossier = `dossier-${person}`;
const file = 'claim-file-7f7b1c1e-0000-4000-8000-000000000001';
const lines = Array.from({ length: 25 }, (_, i) =>
  debit(i + 1, new Date(Date.UTC(2024, 0, 8 + 7 * i)).toISOString().slice(0, 10), '9373', '008'),
);

const check = (store: InMemoryEventStore): Promise<VerifyReport> =>
  verify(store.asProcess(), policies as unknown as PolicyRegistry);

async function write(store: InMemoryEventStore, stream: string, ...events: readonly Pick<NewEvent, 'type' | 'data'>[]) {
  const metadata = { commandId: commandId(`write ${stream}`), actor: 'test' };
  const appended = events.map((event) => ({ id: uuid(), ...event, metadata }));
  const expectedRevision = store.stream(stream).length - 1;
  const outcomes = await store.asProcess().append([{ streams: [{ stream, expectedRevision, events: appended }] }]);
  expect(outcomes).toMatchObject([{ outcome: 'appended' }]);
}

async function filled(): Promise<InMemoryEventStore> {
  const store = new InMemoryEventStore(true);
  await give(store, policies, register(person, other));
  await give(store, policies, statePackages(other));
  await give(store, policies, declare('lines', new Map([[person, lines]])));
  await write(store, file, { type: 'ClaimFileReceived.v1', data: {} }, { type: 'ClaimFileCompleted.v1', data: {} });
  return store;
}

const isDecision = (event: RecordedEvent): boolean => event.type === 'PersonDecided.v1';
const trajectoryOf = (store: InMemoryEventStore): string =>
  store.log.find((event) => event.type === 'TrajectoryStarted.v1')?.stream ?? '';

/** Changes the last decision of the person with lines. */
function tamperDecided(
  store: InMemoryEventStore,
  change: (decided: PersonDecided['data'], first: LineDecision) => Partial<PersonDecided['data']>,
): void {
  const last = store.stream(dossier).findLastIndex(isDecision);
  store.tamper(dossier, ({ data }, i) => {
    if (i !== last) return data;
    const decided = data as PersonDecided['data'];
    return { ...decided, ...change(decided, decided.decisions[0] as LineDecision) };
  });
}

interface Tampering {
  readonly kind: VerifyFinding['kind'];
  readonly what: string;
  /** Answers the stream that is to be named. */
  readonly tamper: (store: InMemoryEventStore) => string | Promise<string>;
  readonly line?: string;
}

const FIRST = '04012345/R-1';
const tamperings: readonly Tampering[] = [
  {
    kind: 'decision-differs',
    what: 'a decision that the engine does not take',
    line: FIRST,
    tamper: (store) => {
      tamperDecided(store, ({ decisions }, first) => ({
        decisions: decisions.map((each) => (each === first ? { ...each, codes: ['9999'] } : each)),
      }));
      return dossier;
    },
  },
  {
    kind: 'decision-missing',
    what: 'a declared line without a decision',
    line: FIRST,
    tamper: (store) => {
      tamperDecided(store, ({ decisions, entries }, first) => ({
        decisions: decisions.filter((each) => each !== first),
        entries: entries.filter((entry) => entry.line !== first.line),
      }));
      return dossier;
    },
  },
  {
    kind: 'decision-too-many',
    what: 'a decision on a line that nobody declared',
    line: '04012345/none',
    tamper: (store) => {
      const split = { basic: 0, supplementary: 0, insured: 0, refused: 4000, undecided: 0 };
      tamperDecided(store, ({ decisions }, first) => ({
        decisions: [
          ...decisions,
          { ...first, line: '04012345/none' as LineKey, status: 'invalid', split, paidToProvider: 0, claimFromInsured: 0 },
        ],
      }));
      return dossier;
    },
  },
  {
    kind: 'books-differ',
    what: 'a cent booked that was not decided',
    line: FIRST,
    tamper: (store) => {
      tamperDecided(store, ({ entries }) => ({
        entries: entries.map((entry) => (entry.line === FIRST ? { ...entry, paidToProvider: 3999 } : entry)),
      }));
      return dossier;
    },
  },
  {
    kind: 'unbooked',
    what: 'a fact after the last decision',
    tamper: async (store) => {
      await write(store, trajectoryOf(store), {
        type: 'InsurerSwitched.v1',
        data: { switchDate: '2024-02-01', recordedBy: 'command' },
      });
      return dossier;
    },
  },
  {
    kind: 'seen-ahead',
    what: 'a decision on an event that is gone',
    tamper: (store) => {
      const stream = trajectoryOf(store);
      tamperDecided(store, ({ seen }) => ({ seen: { ...seen, [stream]: (seen[stream] ?? 0) + 1 } }));
      return stream;
    },
  },
  {
    kind: 'not-continuous',
    what: 'an event lost in the middle of a stream',
    tamper: (store) => {
      store.tamper(`dossier-${other}`, ({ data }, i) => (i === 1 ? null : data));
      return `dossier-${other}`;
    },
  },
  {
    kind: 'trajectory-not-linked',
    what: 'a trajectory of no dossier',
    tamper: async (store) => {
      const id = uuid();
      const data = { trajectoryId: id, personId: other, regime: 'annex', diagnosis: '9376' };
      await write(store, `trajectory-${id}`, { type: 'TrajectoryStarted.v1', data });
      return `trajectory-${id}`;
    },
  },
  {
    kind: 'file-unfinished',
    what: 'a claim file whose processing stopped',
    tamper: (store) => {
      store.tamper(file, ({ type, data }) => (type === 'ClaimFileCompleted.v1' ? null : data));
      return file;
    },
  },
];

describe('the verification of a store', () => {
  afterEach(() => decide.mockImplementation(rightly));

  it('finds nothing in what the commands wrote', async () => {
    const { lines: verified, ...report } = await check(await filled());
    expect(report).toEqual({ persons: 2, trajectories: 1, claimFiles: 1, findings: [], more: 0 });
    expect(verified).toBe(lines.length);
  });

  it('finds nothing in a store without events', async () => {
    expect(await check(new InMemoryEventStore(true))).toMatchObject({ persons: 0, lines: 0, findings: [], more: 0 });
  });

  it.each(tamperings)('finds $what: $kind, and nothing else', async ({ kind, tamper, line }) => {
    const store = await filled();
    const stream = await tamper(store);
    const { findings } = await check(store);
    expect(findings.map((each) => ({ kind: each.kind, stream: each.stream, line: each.line }))).toEqual([{ kind, stream, line }]);
  });

  it('finds a split that does not add up to what was declared, though the engine then and now agree on it', async () => {
    decide.mockImplementation((facts, book) =>
      rightly(facts, book).map((each) =>
        each.line === FIRST ? { ...each, split: { ...each.split, refused: each.split.refused + 1 } } : each,
      ),
    );
    const { findings } = await check(await filled());
    expect(findings).toMatchObject([{ kind: 'split-does-not-close', stream: dossier, line: FIRST }]);
    expect(findings[0]?.detail).toMatch(/4001 cents, 4000 were declared/);
  });

  it('still verifies the others when one person cannot be folded', async () => {
    const store = await filled();
    store.tamper(`dossier-${other}`, ({ data }, i) => (i === 0 ? null : data));
    const report = await check(store);
    expect(report).toMatchObject({ persons: 1, lines: lines.length });
    expect(report.findings[0]?.detail).toMatch(/not continuous/);
  });

  it('lists a thousand findings at most, and counts the rest', async () => {
    const store = new InMemoryEventStore(true);
    for (let i = 0; i < 1003; i += 1) await write(store, `claim-file-${i}`, { type: 'ClaimFileReceived.v1', data: {} });
    const { findings, more } = await check(store);
    expect([findings.length, more]).toEqual([1000, 3]);
  });
});
