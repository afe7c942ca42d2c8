/** docs/rules.md and the tests name the same rules, and the places that it tells exist. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { titlesOf } from './titles';

const ROOT = join(__dirname, '../..');
const ID = /\[(R\d+|[a-z]+(?:-[a-z]+)*-\d+)\]/g;
/** Where a place without `libs/` in front is looked for. */
const HOMES = ['.', 'libs/coverage/src', 'libs/policy-files', 'libs/dossiers/src'];

const document = readFileSync(join(ROOT, 'docs/rules.md'), 'utf8');
const [rules = '', notYet = ''] = document.split('\n## Not yet\n');
const idsOf = (section: string): string[] =>
  [...section.matchAll(/^\| `(R\d+|[a-z-]+-\d+)` +\|/gm)].map((match) => match[1] ?? '');

const specs = ['apps', 'libs', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /spec\.ts$/.test(path))
    .map((path) => join(ROOT, folder, path)),
);
/** Ids in the titles of tests, and the files that name each. */
const named = new Map<string, string[]>();
for (const path of specs)
  for (const title of titlesOf(readFileSync(path, 'utf8')))
    for (const [, id = ''] of title.matchAll(ID)) named.set(id, [...(named.get(id) ?? []), relative(ROOT, path)]);

describe('the rules of docs/rules.md', () => {
  it('are each listed once, R1 to R24 among them', () => {
    const ids = [...idsOf(rules), ...idsOf(notYet)];
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(ids.filter((id) => id.startsWith('R'))).toEqual(Array.from({ length: 24 }, (_, i) => `R${i + 1}`));
  });

  it('are each named by a test; write one and put the id in its title', () => {
    expect(idsOf(rules).filter((id) => !named.has(id))).toEqual([]);
  });

  it('are all that tests name; list the id, or correct the title', () => {
    const known = new Set(idsOf(rules));
    expect([...named].filter(([id]) => !known.has(id))).toEqual([]);
  });

  it('stand in places and parameters that exist', () => {
    const policy = readdirSync(join(ROOT, 'libs/policy-files/data'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml'))
      .map((path) => readFileSync(join(ROOT, 'libs/policy-files/data', path), 'utf8'))
      .join('\n');
    const missing = rules
      .split('\n')
      .filter((line) => idsOf(line).length > 0)
      .flatMap((line) => [...(line.split('|')[3] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''))
      .filter((place) =>
        place.includes('/')
          ? !HOMES.some((home) => existsSync(join(ROOT, home, place)))
          : !new RegExp(`\\b${place}:|name: ${place}$`, 'm').test(policy),
      );
    expect([...new Set(missing)]).toEqual([]);
  });
});

describe('the titles of tests', () => {
  it('are those of describe, it and test, plain or of a table, unless they are skipped', () => {
    const source = `
      describe('a', () => {});
      it.each([['[x-1]']])(\`b\`, () => {});
      test.each<[string]>([])('c', () => {});
      it.skip('d', () => {}); test.todo('e');
      other('f'); // it('g')
      it('h' + ' i', () => expect('[x-2]').toBe(''));
    `;
    expect(titlesOf(source)).toEqual(['a', 'b', 'c']);
  });
});
