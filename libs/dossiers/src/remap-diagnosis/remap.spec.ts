/** One trajectory under several codes: what a remap joins and refuses, which of two survives, where later lines go. */
import { foldPerson, type PersonFold, type PersonId } from '#libs/trajectory';
import type { DebitLine } from '../declare-claim-lines/claim-line';
import type { PersonLinesResult } from '../declare-claim-lines/command';
import { ImportHistory } from '../import-history/command';
import { loadPersons } from '../person/load';
import { base, debit, declare, give, importHistory, personId, Policies, register } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { refusalsOf } from '../testing/statements';
import { RemapDiagnosis, type RemapInput } from './command';

const policies = new Policies();
const person: PersonId = personId('one');

describe('a remap', () => {
  let store: InMemoryEventStore;
  let files: number;
  const send = async (...lines: readonly DebitLine[]): Promise<PersonLinesResult['outcomes']> => {
    files += 1;
    const answer = await give(store, policies, declare(`file ${files}`, new Map([[person, lines]])));
    return (answer as readonly PersonLinesResult[])[0]?.outcomes ?? [];
  };
  const remap = async (from: string, to: string, changes: Partial<RemapInput> = {}): Promise<string[]> => {
    const input = { from, to, effectiveDate: '2024-07-01', reason: 'code closed on 1 July 2024', absorb: false, ...changes };
    const command = new RemapDiagnosis(base(`remap ${from} ${to} ${input.absorb}`, person), input);
    return refusalsOf(await give(store, policies, command));
  };
  const fold = async (): Promise<PersonFold> => {
    const loaded = (await loadPersons(store.asProcess(), [person])).get(person);
    return foldPerson(person, loaded?.events ?? []);
  };
  /** First code of each trajectory, and into which first code it was absorbed. */
  const trajectories = async () => {
    const all = (await fold()).trajectories;
    return [...all.values()].map(({ diagnosis, absorbedInto }) => [
      diagnosis,
      absorbedInto === null ? null : all.get(absorbedInto)?.diagnosis,
    ]);
  };

  beforeEach(async () => {
    files = 0;
    store = new InMemoryEventStore(true);
    await give(store, policies, register(person));
  });

  it('[lineage-1] brings lines under all of its codes to the one trajectory, on every date', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    expect(await remap('9376', '3176')).toEqual(['done']);
    await send(
      debit(2, '2024-07-08', '3176', '008'),
      debit(3, '2024-05-13', '9376', '008'),
      debit(4, '2024-05-20', '3176', '008'),
    );
    expect(await trajectories()).toEqual([['9376', null]]);
    const { decisions } = await fold();
    expect([...decisions.values()].map((each) => each.units[0]?.position).sort()).toEqual([1, 2, 3, 4]);
  });

  it('[closed-code-4] leaves a line under the closed code 8009, and the provider declares it again under the new one', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    expect(await send(debit(2, '2024-07-08', '9376', '008'))).toMatchObject([{ outcome: 'invalid', codes: ['8009'] }]);
    await remap('9376', '3176');
    expect((await fold()).decisions.get('04012345/R-2' as never)).toMatchObject({ status: 'invalid', codes: ['8009'] });
    expect(await send(debit(3, '2024-07-08', '3176', '008'))).toMatchObject([{ outcome: 'decided' }]);
    expect((await fold()).decisions.get('04012345/R-3' as never)).toMatchObject({ units: [{ position: 2 }] });
  });

  it('[lineage-3] is refused where it would lead back', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'));
    expect(await remap('9376', '9376')).toEqual(['remap-cycle to']);
    expect(await remap('9376', '3176')).toEqual(['done']);
    expect(await remap('3176', '9376')).toEqual(['remap-cycle to']);
    expect(await remap('3176', '3276')).toEqual(['done']);
    expect(await remap('3276', '9376')).toEqual(['remap-cycle to']);
  });

  it('[lineage-4] is refused to a code that another trajectory has, unless that is absorbed', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008'));
    expect(await remap('9376', '3176')).toEqual(['code-in-other-trajectory to']);
    expect(await remap('9376', '3176', { absorb: true })).toEqual(['done']);
    expect(await trajectories()).toEqual([
      ['9376', null],
      ['3176', '9376'],
    ]);
  });

  it('[lineage-5] goes from no regime to another: a code that only other regimes have begun is none to go on with', async () => {
    await send(debit(1, '2024-05-06', '7023', '012'), debit(2, '2024-05-06', '9376', '009'));
    const length = store.log.length;
    expect(await remap('7023', '9372')).toEqual(['trajectory-unknown from']);
    expect(await remap('9376', '3176')).toEqual(['trajectory-unknown from']);
    expect(store.log).toHaveLength(length);
    await send(debit(3, '2024-05-13', '9376', '008'));
    expect(await remap('9376', '3176')).toEqual(['done']);
    expect((await send(debit(4, '2024-07-08', '3176', '009')))[0]).toMatchObject({ codes: ['8058'] });
    expect((await fold()).decisions.get('04012345/R-2' as never)?.condition).toBe('none');
  });

  it('[absorption-1] lets the trajectory with the earlier first session survive, whichever code is remapped', async () => {
    await send(debit(1, '2024-05-06', '3176', '008'), debit(2, '2024-06-03', '9376', '008'));
    expect(await remap('9376', '3176', { absorb: true })).toEqual(['done']);
    expect(await trajectories()).toEqual([
      ['3176', null],
      ['9376', '3176'],
    ]);
  });

  it('[absorption-1] lets the lower id survive where both began on one day', async () => {
    await send(debit(1, '2024-05-06', '3176', '008'), debit(2, '2024-05-06', '9376', '008'));
    const [lower] = [...(await fold()).trajectories.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(await remap('9376', '3176', { absorb: true })).toEqual(['done']);
    const survivors = [...(await fold()).trajectories.values()].filter((each) => each.absorbedInto === null);
    expect(survivors.map((each) => each.id)).toEqual([lower?.id]);
  });

  it('[absorption-5] is refused where two imports rest on different documents, until a clerk has retracted one', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008'));
    await give(store, policies, importHistory(person, '9376', 5));
    await give(store, policies, importHistory(person, '3176', 6));
    const length = store.log.length;
    expect(await remap('9376', '3176', { absorb: true })).toEqual(['two-histories absorb']);
    expect(store.log).toHaveLength(length);
  });

  it('[absorption-4] takes two imports of one document for one', async () => {
    await send(debit(1, '2024-05-06', '9376', '008'), debit(2, '2024-07-08', '3176', '008'));
    for (const diagnosis of ['9376', '3176']) {
      const { base: command, input } = importHistory(person, diagnosis, 5);
      await give(store, policies, new ImportHistory(command, { ...input, document: { reference: 'BH', digest: 'abc' } }));
    }
    expect(await remap('9376', '3176', { absorb: true })).toEqual(['done']);
    const { decisions } = await fold();
    expect([...decisions.values()].map((each) => each.units[0]?.position).sort()).toEqual([6, 7]);
  });

  it('[imports-7] a history without its start is refused', async () => {
    const { base: command, input } = importHistory(person, '9376', 5);
    const without = new ImportHistory(command, { ...input, startedOn: '' });
    expect(refusalsOf(await give(store, policies, without))).toEqual(['date-invalid startedOn']);
  });
});
