import type { Pool } from 'pg';
import { loadPolicyFiles, sealPolicy, type LoadedPolicy } from '#libs/policy-files';
import { InMemoryEventStore } from '../testing/in-memory-event-store';
import { PolicyMissingError, PolicyRefusedError, PolicyRegistry } from './registry';

const bundled = loadPolicyFiles();
const titled = (version: string, title: string): LoadedPolicy => sealPolicy({ ...bundled.document, version, title });

/** The table that keeps content, as a map; the registry asks it two questions only. */
function registry() {
  const kept = new Map<string, string>();
  const query = (sql: string, values: string[]): Promise<{ rows: { content: string }[] }> => {
    const [digest = '', , content = ''] = values;
    if (sql.startsWith('insert') && !kept.has(digest)) kept.set(digest, content);
    const found = kept.get(digest);
    return Promise.resolve({ rows: found === undefined ? [] : [{ content: found }] });
  };
  const store = new InMemoryEventStore(true);
  return { policies: new PolicyRegistry(store.asProcess(), { query } as unknown as Pool), kept };
}

describe('a version that took effect is never edited', () => {
  it('the same version with other content is refused, says what to do, and nothing of it is kept', async () => {
    const { policies, kept } = registry();
    expect(await policies.activate(titled('2027.1', 'first'), 'test')).toBe(true);
    const edited = titled('2027.1', 'edited');
    const refused = policies.activate(edited, 'test');
    await expect(refused).rejects.toThrow(PolicyRefusedError);
    await expect(refused).rejects.toThrow(
      /^version 2027\.1 was activated before with other content \(digest [0-9a-f]{64}\).*raise version in policy\.yaml/,
    );
    expect(kept.has(edited.digest)).toBe(false);
    expect((await policies.inEffect()).book.document.title).toBe('first');
  });

  it('also when another version took effect since', async () => {
    const { policies } = registry();
    await policies.activate(titled('2027.1', 'first'), 'test');
    await policies.activate(titled('2027.2', 'second'), 'test');
    await expect(policies.activate(titled('2027.1', 'edited'), 'test')).rejects.toThrow(PolicyRefusedError);
    expect((await policies.inEffect()).book.version).toBe('2027.2');
  });

  it('the same content again does nothing; an earlier version may take effect again', async () => {
    const { policies } = registry();
    const [first, second] = [titled('2027.1', 'first'), titled('2027.2', 'second')];
    expect(await policies.activate(first, 'test')).toBe(true);
    expect(await policies.activate(first, 'test')).toBe(false);
    expect(await policies.activate(second, 'test')).toBe(true);
    expect(await policies.activate(first, 'test')).toBe(true);
    expect((await policies.inEffect()).book.version).toBe('2027.1');
  });

  it('two that are activated together: one of them takes effect', async () => {
    const { policies } = registry();
    const outcomes = await Promise.allSettled([
      policies.activate(titled('2027.1', 'one'), 'test'),
      policies.activate(titled('2027.1', 'other'), 'test'),
    ]);
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a scenario', () => {
  it('is never activated, and says why', async () => {
    const { policies, kept } = registry();
    const scenario = sealPolicy({ ...bundled.document, scenario: { name: 'x', title: 'x', base: bundled.digest } });
    await expect(policies.activate(scenario, 'test')).rejects.toThrow(/^a scenario never takes effect: put its values/);
    expect(kept.size).toBe(0);
    await expect(policies.inEffect()).rejects.toThrow(PolicyMissingError);
  });
});
