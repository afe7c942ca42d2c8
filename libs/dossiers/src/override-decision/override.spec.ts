/** The money of a line set by hand, ended by hand, and ended because its last day has passed. */
import { AccessWriter, processAccessor, type AccessEntry } from '#libs/access-log';
import { dutchDay, foldPerson, type PersonFold, type PersonId } from '#libs/trajectory';
import { Corrections, type Correction } from '../corrections/corrections';
import type { CommandResult } from '../command-result';
import { endDueOverrides, overridesDue } from '../end-due-overrides/run';
import { paymentsOfLapses } from '../end-due-overrides/payments';
import { EndOverride } from '../end-override/command';
import { loadPersons } from '../person/load';
import type { PolicyRegistry } from '../policy/registry';
import type { Preview } from '../preview/shape';
import { base, credit, debit, declare, give, personId, Policies, PRACTICE, register, statePackages } from '../testing/commands';
import { InMemoryEventStore, ProcessKilled } from '../testing/in-memory-event-store';
import { MoveSession } from '../move-session/command';
import { MoveSessionToPerson } from '../move-session-to-person/command';
import { killedAt } from '../testing/interruptions';
import { overridesDesk } from '../testing/overrides';
import { refusalsOf } from '../testing/statements';
import { verify } from '../verify/verify';
import { OverrideDecision, type OverrideInput } from './command';

const policies = new Policies();
const person: PersonId = personId('one');
const TODAY = '2025-01-15';
const SPLIT = { basic: 1500, supplementary: 0, insured: 2500 };
const INPUT: OverrideInput = { practice: PRACTICE, reference: 'R-2', split: SPLIT, endsOn: '2025-06-30' };

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('a decision set by hand, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  const desk = (today = TODAY) => overridesDesk(store, policies, today);
  const set = (change: Partial<OverrideInput> = {}, key = 'override', today = TODAY): Promise<CommandResult> =>
    desk(today).execute(new OverrideDecision(base(key, person), { ...INPUT, ...change }));
  const end = (reference = 'R-2', key = 'end'): Promise<CommandResult> =>
    desk().execute(new EndOverride(base(key, person), { practice: PRACTICE, reference }));
  const fold = async (): Promise<PersonFold> =>
    foldPerson(person, (await loadPersons(store.asProcess(), [person])).get(person)?.events ?? []);
  const splits = async (): Promise<(readonly [string, number, number])[]> =>
    [...(await fold()).decisions.values()]
      .map(({ line, split }) => [line.split('/')[1] ?? '', split.basic, split.insured] as const)
      .sort();
  const findings = async (today: string | null = TODAY): Promise<string[]> =>
    (await verify(store.asProcess(), policies as unknown as PolicyRegistry, undefined, today)).findings.map(({ kind }) => kind);

  beforeEach(async () => {
    policies.reset();
    store = new InMemoryEventStore(atomic);
    await give(store, policies, register(person));
    const lines = [1, 2, 3].map((n) => debit(n, `2024-0${n}-08`, '9373', '008'));
    await give(store, policies, declare('lines', new Map([[person, [...lines, debit(4, '2024-04-08', '0000', '008')]]])));
  });

  it('[override-13] keeps its line where it is until it has ended', async () => {
    const move = (key: string) =>
      give(store, policies, new MoveSession(base(key, person), { practice: PRACTICE, reference: 'R-2', diagnosis: '4021' }));
    const other = personId('other');
    await give(store, policies, register(other));
    const toOther = (key: string) =>
      give(
        store,
        policies,
        new MoveSessionToPerson(base(key, person), { practice: PRACTICE, reference: 'R-2', toPerson: other }),
      );
    await set();
    const length = store.log.length;
    expect(refusalsOf(await move('move'))).toEqual(['line-overridden reference']);
    expect(refusalsOf(await toOther('give'))).toEqual(['line-overridden reference']);
    expect(store.log).toHaveLength(length);
    await end();
    expect(refusalsOf(await move('move again'))).toEqual(['done']);
    expect(refusalsOf(await toOther('give again'))).toEqual(['done']);
  });

  it('moves the money of its line and nothing else, is told by verify as no difference, and ends by hand', async () => {
    const before = await splits();
    expect(refusalsOf(await set())).toEqual(['done']);
    expect(await splits()).toEqual(before.map((each) => (each[0] === 'R-2' ? ['R-2', 1500, 2500] : each)));
    expect(await findings()).toEqual([]);
    expect(refusalsOf(await end())).toEqual(['done']);
    expect(await splits()).toEqual(before);
    expect(store.log.findLast(({ type }) => type === 'OverrideEnded.v1')?.data).toMatchObject({ because: 'ended' });
    expect(await findings()).toEqual([]);
  });

  it('is set once, however often the command is given, and by whom the same is said', async () => {
    await set();
    const length = store.log.length;
    expect(await set()).toMatchObject({ outcome: 'done', changed: false });
    expect(await set({}, 'the same again')).toMatchObject({ outcome: 'done', changed: false });
    // given again after its last day
    expect(await set({}, 'override', '2026-01-15')).toMatchObject({ outcome: 'done', changed: false });
    expect(store.log).toHaveLength(length);
  });

  it.each<[string, Partial<OverrideInput>, string[]]>([
    ['a line that nobody has', { reference: 'R-9' }, ['line-unknown reference']],
    ['an invalid line', { reference: 'R-4' }, ['line-invalid reference']],
    ['a split that does not add up', { split: { ...SPLIT, insured: 2501 } }, ['split-does-not-add-up split']],
    ['cents that are none', { split: { basic: -1, supplementary: 0.5, insured: 1 } }, ['cents-invalid split.basic', 'cents-invalid split.supplementary']],
    ['cents of a package that is not there', { split: { basic: 0, supplementary: 4000, insured: 0 } }, ['package-missing split.supplementary']],
    ['a last day that has passed', { endsOn: '2025-01-14' }, ['date-in-past endsOn']],
    ['a last day further ahead than the policy lets it be', { endsOn: '2026-01-16' }, ['ends-too-late endsOn']],
    ['a day that does not exist', { endsOn: '2025-02-30' }, ['date-invalid endsOn']],
    ['a code that does not say that nothing is paid', { code: '8009' }, ['code-unknown code']],
  ])('[override-8] is refused: %s', async (_what, change, refusals) => {
    expect(refusalsOf(await set(change))).toEqual(refusals);
  }); // prettier-ignore

  it('[override-8] may hold through today, and through the last day that the policy allows', async () => {
    expect(refusalsOf(await set({ endsOn: TODAY }))).toEqual(['done']);
    expect(refusalsOf(await set({ reference: 'R-3', endsOn: '2026-01-15' }, 'other'))).toEqual(['done']);
  });

  it('[override-8] is refused of a person who is not known, of a credited line, and where nothing was declared', async () => {
    const stranger = desk().execute(new OverrideDecision(base('x', personId('nobody')), INPUT));
    expect(refusalsOf(await stranger)).toEqual(['person-unknown personId']);
    const free = { ...debit(5, '2024-05-08', '9373', '008'), declaredCents: 0, calculatedCents: 0, tariffCents: 0 };
    const taken = debit(2, '2024-02-08', '9373', '008');
    await give(store, policies, declare('later', new Map([[person, [free, credit(6, taken)]]])));
    expect(refusalsOf(await set())).toEqual(['line-credited reference']);
    const nothing = { basic: 0, supplementary: 0, insured: 0 };
    expect(refusalsOf(await set({ reference: 'R-5', split: nothing }, 'free'))).toEqual(['nothing-declared reference']);
  });

  it('[override-8] is refused where the policy does not say how long it may hold', async () => {
    const { books } = policies;
    const silent = { ...books[0], corrections: { at: () => ({ approval: {} }) } };
    const policy = { inEffect: () => Promise.resolve({ book: silent, activation: 'a' }) } as unknown as Policies;
    const command = new OverrideDecision(base('override', person), INPUT);
    const refused = refusalsOf(await overridesDesk(store, policy, TODAY).execute(command));
    expect(refused).toEqual(['override-not-in-policy ']);
  });

  it('[override-9] of a line that has one already is refused, until that is ended', async () => {
    await set();
    const other = { split: { basic: 0, supplementary: 0, insured: 4000 } };
    expect(refusalsOf(await set(other, 'other'))).toEqual(['override-in-effect reference']);
    await end();
    expect(refusalsOf(await set(other, 'another'))).toEqual(['done']);
    expect(refusalsOf(await end('R-3', 'end another'))).toEqual(['override-unknown reference']);
    expect(refusalsOf(await end('R-9', 'end none'))).toEqual(['line-unknown reference']);
    expect(refusalsOf(await desk().execute(new EndOverride(base('x', personId('nobody')), INPUT)))).toEqual([
      'person-unknown personId',
    ]);
  });

  it('[override-10] ends with its line: a credit takes out what it did', async () => {
    await set();
    await give(store, policies, declare('credit', new Map([[person, [credit(7, debit(2, '2024-02-08', '9373', '008'))]]])));
    const state = await fold();
    expect([...state.trajectories.values()].map(({ overrides }) => overrides.size)).not.toContain(1);
    expect(await splits()).not.toContainEqual(['R-2', 1500, 2500]);
    expect(await findings('2026-01-01')).toEqual([]);
  });

  it('gives cents of a package where one is in force', async () => {
    await give(store, policies, statePackages(person));
    expect(refusalsOf(await set({ split: { basic: 0, supplementary: 4000, insured: 0 } }))).toEqual(['done']);
    expect(await findings()).toEqual([]);
  });

  describe('that has lapsed', () => {
    async function* everybody(): AsyncGenerator<PersonId> {
      yield await Promise.resolve(personId('nobody'));
      yield person;
    }
    let onRecord: AccessEntry[];
    let isLogAway: boolean;
    beforeEach(() => {
      [onRecord, isLogAway] = [[], false];
    });
    const record = (entries: readonly AccessEntry[]): Promise<void> => {
      if (isLogAway) return Promise.reject(new Error('no connection'));
      onRecord.push(...entries);
      return Promise.resolve();
    };
    const access = new AccessWriter({ record }, processAccessor('test', null));
    const run = (today: string) => {
      const { context, bus } = desk(today);
      return endDueOverrides(context, bus, access, everybody(), 'daily');
    };

    it('[override-11] still holds on its last day, and the day after until somebody ends it: verify tells so', async () => {
      await set();
      expect(await run('2025-06-30')).toMatchObject({ persons: 0, ended: 0 });
      expect([await findings('2025-06-30'), await findings('2025-07-01')]).toEqual([[], ['override-overdue']]);
      expect(await splits()).toContainEqual(['R-2', 1500, 2500]);
    });

    it('[override-11] is ended once, decided anew and booked, whatever often it is run; what moved can be told again', async () => {
      const before = await splits();
      policies.activateCoveredOnly();
      await set();
      await set({ reference: 'R-3', endsOn: '2025-09-30' }, 'other');
      const report = await run('2025-07-01');
      expect(report).toMatchObject({ persons: 1, ended: 1, refused: [] });
      expect(report.payments).toMatchObject([
        { cause: { type: 'EndLapsedOverrides' }, changes: [{ reference: 'R-2', grantedBeforeCents: 1500, grantedNowCents: 0 }] },
      ]);
      expect(await splits()).toEqual(before.map((each) => (each[0] === 'R-3' ? ['R-3', 1500, 2500] : each)));
      expect(store.log.findLast(({ type }) => type === 'OverrideEnded.v1')).toMatchObject({
        data: { because: 'lapsed' },
        metadata: { actor: 'daily' },
      });
      const length = store.log.length;
      expect(await run('2025-07-01')).toMatchObject({ persons: 0, ended: 0, payments: [] });
      expect(store.log).toHaveLength(length);
      expect(await findings('2025-07-01')).toEqual([]);
      const recorded = dutchDay(new Date(store.log.at(-1)?.recordedAt ?? ''));
      expect(await paymentsOfLapses(store.asProcess(), [person], recorded)).toEqual(report.payments);
      expect(await paymentsOfLapses(store.asProcess(), [person], '2001-01-01')).toEqual([]);
    });

    it('whom it changes is on record before and after, nobody else is, and nobody is changed whom it cannot record', async () => {
      await set();
      isLogAway = true;
      const before = store.log.length;
      await expect(run('2025-07-01')).rejects.toThrow('no connection');
      expect(store.log).toHaveLength(before);
      isLogAway = false;
      await run('2025-07-01');
      await run('2025-07-01');
      const change = { event: 'overrides-end-due', action: 'change', object: 'dossier', person };
      expect(onRecord).toMatchObject([
        { ...change, outcome: 'attempted' },
        { ...change, outcome: 'success' },
      ]);
      expect(onRecord[0]?.request).toBe(onRecord[1]?.request);
    });

    it('a run that was killed is run again: nothing is ended or booked twice', async () => {
      await set();
      for (let at = 1; at < 9; at += 1) {
        const { context, bus } = overridesDesk(store, policies, '2025-07-01', killedAt(at));
        const end = await endDueOverrides(context, bus, access, everybody(), 'daily').catch((error: unknown) => error);
        if (!(end instanceof ProcessKilled)) break;
      }
      await run('2025-07-01');
      expect(store.log.filter(({ type }) => type === 'OverrideEnded.v1')).toHaveLength(1);
      expect(overridesDue(await fold(), '2025-07-01')).toEqual([]);
      expect(await findings('2025-07-01')).toEqual([]);
    });
  });

  describe('as a correction', () => {
    const correction: Correction = { personId: person, kind: 'override-decision', input: INPUT };
    const corrections = (): Corrections => {
      const { bus, context } = desk();
      return new Corrections(bus, context);
    };
    const previewed = async (asked: Correction): Promise<Preview> => {
      const outcome = await corrections().preview(asked, 'clerk');
      if (outcome.outcome !== 'previewed') throw new Error(JSON.stringify(outcome));
      return outcome.preview;
    };

    it('[override-12] always needs a second person, and shows what would be decided without', async () => {
      const preview = await previewed(correction);
      expect(preview.needsApproval.map(({ code }) => code)).toEqual(['override']);
      expect(preview.lines).toMatchObject([
        {
          reference: 'R-2',
          before: { overridden: null, insured: 4000 },
          after: {
            ...{ basic: 1500, insured: 2500, rule: 'overridden' },
            overridden: { through: '2025-06-30', status: 'decided', rule: 'within-threshold', basic: 0, insured: 4000 },
          },
        },
      ]);
    });

    it('[override-12] to end it needs none, unless it moves more than one person may decide', async () => {
      await set();
      const ended = await previewed({ ...correction, kind: 'end-override', input: { practice: PRACTICE, reference: 'R-2' } });
      expect([ended.needsApproval, ended.lines.length, ended.warnings.map(({ code }) => code)]).toEqual([
        ...[[], 1, ['claimed-from-insured']],
      ]);
    });

    it('another correction that would decide its line otherwise is warned of it', async () => {
      await set();
      const input = {
        ...{ diagnosis: '9373', startedOn: '2023-03-06', count: 20, throughDate: '2023-12-18', scope: 'elsewhere' },
        ...{ source: 'form', statedBy: 'practice', document: { reference: 'BH-1' }, status: 'asserted' },
      };
      const preview = await previewed({ personId: person, kind: 'import-history', input });
      expect(preview.warnings).toContainEqual(expect.objectContaining({ code: 'line-overridden', value: 1 }));
      expect(preview.lines.find(({ reference }) => reference === 'R-2')).toMatchObject({
        before: { basic: 1500, overridden: { basic: 0, insured: 4000 } },
        after: { basic: 1500, overridden: { basic: 4000, insured: 0, rule: 'above-threshold' } },
      });
    });
  });
});
