import type { PersonId } from '#libs/trajectory';
import { replay } from '../replay/replay';
import { debit, declare, give, importHistory, personId, Policies, register } from '../testing/commands';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { asKnown } from './as-known';
import { trajectoryViews } from './dossier-view';

const person: PersonId = personId('one');
const policies = new Policies();

describe('a dossier valid on a day, known on a day', () => {
  let store: InMemoryEventStore;
  const stamps: string[] = [];
  const stamp = (): string => store.log.at(-1)?.recordedAt ?? '';
  const positions = async (knownOn: string | null, validOn: string | null = null): Promise<(number | null | undefined)[]> => {
    const known = await asKnown(store.asProcess(), person, knownOn);
    if (known === null) throw new Error('nobody');
    return trajectoryViews(known.fold, validOn).flatMap(({ sessions }) =>
      sessions.map(({ decision }) => decision?.units[0]?.position),
    );
  };

  beforeAll(async () => {
    store = new InMemoryEventStore(true);
    stamps.push('2001-01-01T00:00:00Z');
    for (const command of [
      register(person),
      declare('first', new Map([[person, [debit(1, '2024-01-08', '9373', '008'), debit(2, '2024-01-15', '9373', '008')]]])),
      declare('late', new Map([[person, [debit(3, '2024-01-02', '9373', '008')]]])),
      importHistory(person, '9373', 14),
    ]) {
      await give(store, policies, command);
      stamps.push(stamp());
    }
  });

  it('nothing was known before the first decision, and nobody is known who has no dossier', async () => {
    expect((await asKnown(store.asProcess(), person, stamps[0] ?? ''))?.decided).toBeNull();
    expect(await asKnown(store.asProcess(), personId('nobody'), null)).toBeNull();
  });

  it('each decision knows what it had seen, and no more', async () => {
    expect(await Promise.all(stamps.slice(2).map((each) => positions(each)))).toEqual([
      [1, 2],
      [1, 2, 3],
      [15, 16, 17],
    ]);
  });

  it('valid on a day: the sessions up to it, decided as they are known', async () => {
    expect(await positions(null, '2024-01-08')).toEqual([15, 16]);
    expect(await positions('2999-12-31', '2024-01-01')).toEqual([]);
  });

  it('recorded decisions are decided again as they were, each on what it had seen', async () => {
    const report = await replay(store.asProcess(), policies, { person });
    expect(report).toMatchObject({ persons: 1, decisions: 4, differences: [] });
  });

  it('a decision that the engine of today would not make is told with both engines', async () => {
    store.tamper(`dossier-${person}`, ({ type, data }) =>
      type !== 'PersonDecided.v1'
        ? data
        : JSON.parse(JSON.stringify({ ...(data as object), engine: '0' }).replaceAll('"position":15', '"position":14')),
    );
    const report = await replay(store.asProcess(), policies, { person });
    expect(report.differences.map(({ line, recordedEngine, isVisible }) => [line, recordedEngine, isVisible])).toContainEqual([
      '04012345/R-3',
      '0',
      true,
    ]);
  });
});
