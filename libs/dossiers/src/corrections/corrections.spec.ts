import type { CommandBus } from '@nestjs/cqrs';
import type { PersonDecided, PersonId } from '#libs/trajectory';
import type { DossierContext } from '../context';
import type { Preview } from '../preview/shape';
import {
  base,
  commandId,
  debit,
  declare,
  give,
  personId,
  Policies,
  recordSwitch as recordSwitchOf,
  register,
  statePackages,
  type Given,
} from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { historyImportId } from '../person/event-ids';
import { VerifyHistory } from '../verify-history/command';
import { Corrections, type Correction } from './corrections';

const person: PersonId = personId('one');
const policies = new Policies();
const history = (count: number, change: object = {}): Correction => ({
  personId: person,
  kind: 'import-history',
  input: {
    ...{ diagnosis: '9373', startedOn: '2023-03-06', count, throughDate: '2023-12-18', scope: 'elsewhere', status: 'asserted' },
    ...{ source: 'treatment history form', statedBy: 'practice 04099999', document: { reference: 'BH-31' } },
    ...change,
  },
});
/** Of the command of this key. */
const importOf = (key: string) => historyImportId(commandId(key));
const recordSwitch: Correction = {
  personId: person,
  kind: 'record-switch',
  input: { diagnosis: '9373', switchDate: '2024-01-01' },
};

describe.each([
  ['with transactions', true],
  ['without transactions over streams', false],
])('corrections, on a store %s', (_name, atomic) => {
  let store: InMemoryEventStore;
  let corrections: Corrections;
  const day = (n: number): string => new Date(Date.UTC(2024, 0, 8) + n * 7 * 86_400_000).toISOString().slice(0, 10);
  const lines = (count: number, diagnosis = '9373', from = 1) =>
    give(
      store,
      policies,
      declare(
        `lines ${diagnosis} ${from}`,
        new Map([[person, Array.from({ length: count }, (_, i) => debit(from + i, day(i), diagnosis, '008'))]]),
      ),
    );
  const previewed = async (correction: Correction): Promise<Preview> => {
    const outcome = await corrections.preview(correction, 'clerk');
    if (outcome.outcome !== 'previewed') throw new Error(JSON.stringify(outcome));
    return outcome.preview;
  };
  const carryOut = (correction: Correction, key: string, effects?: string, approvedBy?: string) =>
    corrections.carryOut({
      ...correction,
      commandId: commandId(key),
      actor: 'clerk',
      warrant: { reason: 'provider-evidence', ...(approvedBy === undefined ? {} : { approvedBy }) },
      ...(effects === undefined ? {} : { effects }),
    });
  /** The import of the command of this key, by somebody else than the clerk. */
  const verified = (key: string) =>
    give(store, policies, new VerifyHistory({ ...base(key, person), actor: 'verifier' }, { importId: importOf(key) }));
  const decisions = (): PersonDecided['data'][] =>
    store
      .stream(`dossier-${person}`)
      .flatMap((event) => (event.type === 'PersonDecided.v1' ? [event.data as PersonDecided['data']] : []));

  beforeEach(async () => {
    policies.reset();
    store = new InMemoryEventStore(atomic);
    const bus = { execute: (command: Given) => give(store, policies, command) } as unknown as CommandBus;
    corrections = new Corrections(bus, { today: () => '2025-01-15' } as unknown as DossierContext);
    await give(store, policies, register(person));
  });

  it('a preview shows what moves from what to what, and writes nothing', async () => {
    await lines(8);
    const length = store.log.length;
    const preview = await previewed(history(14));
    expect(store.log).toHaveLength(length);
    expect(preview.lines.map(({ before, after }) => [before?.sessions[0]?.position, after?.sessions[0]?.position])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => [n, n + 14]),
    );
    expect(preview.lines.at(-1)).toMatchObject({
      ...{ practice: '04012345', reference: 'R-8', date: day(7), diagnosis: '9373' },
      before: { sessions: [{ purse: 'insured' }], insured: 4000, basic: 0 },
      after: { sessions: [{ purse: 'basic' }], insured: 0, basic: 4000 },
    });
    expect(preview.totals).toEqual({
      ...{ basic: 8000, supplementary: 0, insured: -8000, refused: 0, undecided: 0 },
      ...{ paidToProvider: 0, claimFromInsured: -8000 },
    });
    expect(preview).toMatchObject({ released: [], newlyHeld: [], beyondCommand: [], needsApproval: [] });
    expect(preview.years).toEqual([{ year: '2024', lines: 8, closed: false }]);
  });

  it('what was seen is what is booked', async () => {
    await lines(8);
    await give(store, policies, recordSwitchOf(person, '9373'));
    const preview = await previewed(history(14));
    const result = await carryOut(history(14), 'history', preview.digest);
    if (result.outcome !== 'done') throw new Error(result.outcome);
    expect([...result.released].sort()).toEqual([...preview.released].sort());
    const entries = decisions().at(-1)?.entries ?? [];
    const sum = (field: 'basic' | 'insured' | 'paidToProvider'): number => entries.reduce((s, each) => s + (each[field] ?? 0), 0);
    expect([sum('basic'), sum('insured'), sum('paidToProvider')]).toEqual([
      ...[preview.totals.basic, preview.totals.insured, preview.totals.paidToProvider],
    ]);
    const recorded = store.stream(`dossier-${person}`).at(-1);
    expect(recorded?.metadata).toMatchObject({ actor: 'clerk', reason: 'provider-evidence' });
  });

  it('two looks at the same effects have one digest, whatever happened elsewhere in between', async () => {
    await lines(8);
    const preview = await previewed(history(14));
    await lines(2, '4021', 101);
    expect((await previewed(history(14))).digest).toBe(preview.digest);
    expect((await carryOut(history(14), 'history', preview.digest)).outcome).toBe('done');
  });

  it('effects that have moved since are refused with what it would do now, and nothing is written', async () => {
    await lines(8);
    const preview = await previewed(history(14));
    await give(store, policies, declare('late', new Map([[person, [debit(50, '2024-01-09', '9373', '008')]]])));
    const length = store.log.length;
    const outcome = await carryOut(history(14), 'history', preview.digest);
    if (outcome.outcome !== 'moved') throw new Error(outcome.outcome);
    expect(outcome.preview.lines).toHaveLength(9);
    expect(outcome.preview.digest).not.toBe(preview.digest);
    expect(store.log).toHaveLength(length);
    expect((await carryOut(history(14), 'history', outcome.preview.digest)).outcome).toBe('done');
  });

  it('a policy that took effect in between moves them too', async () => {
    await lines(8);
    const preview = await previewed(history(14));
    policies.activate();
    expect((await carryOut(history(14), 'history', preview.digest)).outcome).toBe('moved');
  });

  it('a correction that was carried out answers the same again, whatever its effects would be now', async () => {
    await lines(8);
    const preview = await previewed(history(14));
    const first = await carryOut(history(14), 'history', preview.digest);
    await lines(1, '9373', 60);
    const again = await carryOut(history(14), 'history', preview.digest);
    expect([first.outcome, again.outcome]).toEqual(['done', 'done']);
    expect((again as { changed: boolean }).changed).toBe(false);
  });

  it('is refused with field and reason when it is impossible, previewed or not', async () => {
    const wrong = history(14, { throughDate: '2023-01-01' });
    for (const outcome of [await corrections.preview(wrong, 'clerk'), await carryOut(wrong, 'wrong')]) {
      if (outcome.outcome !== 'refused') throw new Error(outcome.outcome);
      expect(outcome.refusals.map(({ code, field }) => [code, field])).toEqual([['period-reversed', 'startedOn']]);
    }
  });

  describe('needs a second person', () => {
    const reasons = async (correction: Correction): Promise<string[]> =>
      (await previewed(correction)).needsApproval.map(({ code }) => code);

    it('when more sessions or cents move than the policy lets one person decide', async () => {
      await lines(30);
      expect(await reasons(history(14))).toEqual(['sessions-above', 'cents-above']);
      const length = store.log.length;
      expect((await carryOut(history(14), 'history')).outcome).toBe('needs-approval');
      expect(store.log).toHaveLength(length);
      expect((await carryOut(history(14), 'history', undefined, 'second clerk')).outcome).toBe('done');
      expect(store.stream(`dossier-${person}`).at(-1)?.metadata).toMatchObject({ actor: 'clerk', approvedBy: 'second clerk' });
    });

    it('[package-7] when lines of a trajectory move that it does not speak of, because they share a package', async () => {
      await give(store, policies, statePackages(person));
      await lines(10);
      await give(
        store,
        policies,
        declare(
          'others',
          new Map([
            [
              person,
              Array.from({ length: 30 }, (_, i) => ({ ...debit(200 + i, day(i + 11), '7022', '009'), practice: '04055555' })),
            ],
          ]),
        ),
      );
      const preview = await previewed(history(20));
      expect(preview.beyondCommand).toEqual([
        expect.objectContaining({ practice: '04055555', practiceIsThird: true, lines: expect.any(Number) as number }),
      ]);
      expect(preview.beyondCommand[0]?.lines).toBeGreaterThan(0);
      expect(preview.needsApproval.map(({ code }) => code)).toContain('beyond-command');
      expect(preview.warnings.map(({ code }) => code)).toContain('money-beyond-command');
      expect(preview.packages).toEqual([expect.objectContaining({ year: '2024', closed: false })]);
    });

    it('[verified-5] when a verified history is superseded or taken back, but not when an asserted one is', async () => {
      await lines(2);
      await carryOut(history(14), 'asserted');
      const superseding = (count: number): Correction =>
        history(count, { supersedes: importOf('asserted'), document: { reference: 'BH-32' } });
      expect(await reasons(superseding(14))).toEqual([]);
      await verified('asserted');
      expect(await reasons(superseding(14))).toEqual(['verified-history-retracted']);
      expect(await reasons(superseding(12))).toEqual(['verified-history-retracted', 'verified-count-falls']);
      const retraction: Correction = {
        ...{ personId: person, kind: 'retract-history' },
        input: { importId: importOf('asserted'), reason: 'wrong person' },
      };
      expect(await reasons(retraction)).toEqual(['verified-history-retracted', 'verified-count-falls']);
    });

    it('[verified-4] when a session that counts with a verified history gets a lower position, whatever moves it', async () => {
      await lines(4);
      await carryOut(history(14), 'history');
      const insurance: Correction = {
        ...{ personId: person, kind: 'state-insurance' },
        input: { periods: [{ insurer: '3343', from: '2015-01-01', through: day(1) }], diedOn: null },
      };
      expect(await reasons(insurance)).toEqual([]);
      await verified('history');
      const preview = await previewed(insurance);
      expect(preview.needsApproval).toEqual([{ code: 'verified-count-falls', value: 2, limit: null }]);
      expect(preview.warnings.map(({ code }) => code)).toContain('verified-count-falls');
    });

    it('[imports-8] when a stated whole is lower than what was declared here', async () => {
      await lines(6);
      expect(await reasons(history(2, { scope: 'everything', throughDate: '2024-12-31' }))).toEqual(['history-below-own']);
    });
  });

  it('warns of lines that it newly holds, and of what it takes from providers', async () => {
    await lines(3);
    const preview = await previewed(recordSwitch);
    expect(preview.newlyHeld).toHaveLength(3);
    expect(preview.warnings.map(({ code, value }) => [code, value])).toEqual([
      ['newly-held', 3],
      ['taken-from-provider', 12000],
    ]);
  });

  it('warns of a history whose period overlaps one in effect, and of none that comes before it', async () => {
    await lines(3);
    await carryOut(history(14), 'history');
    const overlapping = (startedOn: string, throughDate: string) =>
      history(3, { startedOn, throughDate, document: { reference: 'OTHER' } });
    const [warning] = (await previewed(overlapping('2023-12-01', '2023-12-31'))).warnings.filter(
      ({ code }) => code === 'history-overlaps',
    );
    expect(warning).toMatchObject({ value: 14, text: expect.stringMatching(/14 sessions from .* are added up/) as string });
    const before = await previewed(overlapping('2022-01-01', '2022-06-30'));
    expect(before.warnings.map(({ code }) => code)).not.toContain('history-overlaps');
  });

  it('warns of a package that no policy file knows', async () => {
    await lines(3);
    const packages = [{ insurer: '3343', package: 'Benfti', from: '2024-01-01', through: null }];
    const { warnings } = await previewed({ personId: person, kind: 'state-packages', input: { packages } });
    expect(warnings.map(({ code }) => code)).toContain('package-unknown');
  });

  it('says so when it has no effect', async () => {
    await lines(3);
    await carryOut(recordSwitch, 'switch');
    expect((await previewed(recordSwitch)).warnings.map(({ code }) => code)).toEqual(['no-effect']);
  });
});
