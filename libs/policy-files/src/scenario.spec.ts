import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePolicy } from '#libs/coverage';
import { diffPolicies, layScenario, loadPolicyFiles, policyFromContent, PolicyFileError, type LoadedPolicy } from './index';
import { addressSteps, treeOf, type Node } from './tree';

const policy = loadPolicyFiles();
const HEAD = 'scenario: test\ntitle: A test\nchanges:\n';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function lay(changes: string, head = HEAD): LoadedPolicy {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(file, head + changes);
  return layScenario(policy, file);
}
/** What is wrong, as `line address: problem`. */
function problems(changes: string, head = HEAD): string[] {
  try {
    lay(changes, head);
  } catch (error) {
    if (!(error instanceof PolicyFileError)) throw error;
    expect(new Set(error.problems.map((each) => each.file))).toEqual(new Set([join(folder, 'scenario.yaml')]));
    return error.problems.map(({ line, path, problem }) => `${line} ${path}: ${problem}`);
  }
  return [];
}

const STARTFIT = 'insurers/3343/packages/Startfit/periods';
const CLOSE = `  - set: ${STARTFIT}/2018-01-01/through\n    to: 2026-12-31\n`;
const EIGHT = `  - add: ${STARTFIT}\n    value: { from: 2027-01-01, limit: 8, source: Scenario }\n`;

describe('a scenario laid over a policy', () => {
  it('changes what it names and nothing else', () => {
    const laid = lay(`${CLOSE}${EIGHT}  - remove: thresholds/byCondition/axspa-severe@2026-01-01\n`);
    expect(diffPolicies(policy.document, laid.document).map(({ kind, address }) => `${kind} ${address}`)).toEqual([
      'removed thresholds/byCondition/axspa-severe@2026-01-01',
      `added ${STARTFIT}/2018-01-01/through`,
      `added ${STARTFIT}/2027-01-01`,
    ]);
    const terms = (date: string) => compilePolicy(laid.document, laid.digest).insurers.get('3343')?.terms.at(date);
    expect(terms('2026-12-31')?.packages.get('Startfit')?.limit).toBe(9);
    expect(terms('2027-01-01')?.packages.get('Startfit')?.limit).toBe(8);
  });

  it('has a digest of its own and says what it is and what it was laid over; the policy stays as it was', () => {
    const before = policy.content;
    const laid = lay(CLOSE);
    expect(laid.document.scenario).toEqual({ name: 'test', title: 'A test', base: policy.digest });
    expect(laid.digest).not.toBe(policy.digest);
    expect(laid.version).toBe(policy.version);
    expect(policyFromContent(laid.content)).toEqual(laid.document);
    expect(policy.content).toBe(before);
    expect(lay(CLOSE).digest).toBe(laid.digest);
  });

  it('opens, changes and closes diagnosis codes by code', () => {
    const codes = 'diagnoses/4.7/codes';
    const open = '{ openTo: all, items: [1.b.7], laterality: true, adult: ["009"], childPhysiotherapy: [], childExercise: [] }';
    const laid = lay(
      `  - { set: ${codes}/4021/items, to: [1.b.15] }\n  - { set: ${codes}/9121, to: ${open} }\n  - { remove: ${codes}/3038 }\n`,
    );
    const index = compilePolicy(laid.document, laid.digest).diagnoses.at('2025-01-01');
    expect(index.open.get('4021')?.items.map((each) => each.id)).toEqual(['1.b.15']);
    expect(index.open.has('9121')).toBe(true);
    expect(index.open.has('3038')).toBe(false);
    expect(index.open.size).toBe(1492);
  });

  it('may put an element into a list that is not there yet', () => {
    const laid = lay(
      "  - { add: insurers/3343/performances, value: { codes: ['1864'], accepted: false, from: 2027-01-01, source: Scenario } }\n",
    );
    expect(laid.document.insurers.find((each) => each.insurer === '3343')?.performances).toHaveLength(1);
  });
});

describe('the README', () => {
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

  it('shows a scenario that can be laid', () => {
    const example = /```yaml\n(scenario:[^`]*)```/.exec(readme)?.[1] ?? '';
    const laid = lay('', example);
    expect(laid.document.scenario?.name).toBe('startfit-8');
    expect(diffPolicies(policy.document, laid.document)).toHaveLength(4);
  });

  it('names addresses that lead somewhere', () => {
    const table = readme.slice(readme.indexOf('| element |'), readme.indexOf('## A new release'));
    const addresses = [...table.matchAll(/`([a-zA-Z]+\/[^`]+)`/g)].map((match) => match[1] ?? '');
    expect(addresses.length).toBeGreaterThan(10);
    for (const address of addresses) {
      if (address.includes('performances/1864@')) continue; // no bundled insurer leaves out a code
      let node: Node | undefined = treeOf(policy.document);
      for (const step of addressSteps(address))
        node = node === undefined || node.kind === 'leaf' ? undefined : node.entries.get(step);
      expect([address, node === undefined]).toEqual([address, false]);
    }
  });
});

describe('a scenario with a mistake is refused at the line of the change', () => {
  it.each([
    ['an address that leads nowhere', '  - { set: conditions/1.b.77/periods, to: [] }\n', /^4 conditions\/1\.b\.77\/periods: there is no 1\.b\.77 in conditions; it has 1\.a\.1, /],
    ['a step too far', '  - { set: conditions/1.b.7/regime/x, to: 1 }\n', /^4 .*conditions\/1\.b\.7\/regime is one value/],
    ['an unknown field', '  - { set: conditions/1.b.7/colour, to: red }\n', /^4 conditions\/1\.b\.7\/colour: unknown key$/],
    ['a value of the wrong kind', `${CLOSE}  - { set: ${STARTFIT}/2017-01-01/limit, to: many }\n`, /^6 .*2017-01-01\/limit: must be a number of sessions/],
    ['an overlap', EIGHT, /^4 .*Startfit\/periods\/2027-01-01: overlaps the value from 2018-01-01, which has no end/],
    ['a gap', `${CLOSE}${EIGHT.replace('2027-01-01', '2027-02-01')}`, /^6 .*leaves a gap/],
    ['an unknown condition', '  - { set: diagnoses/4.7/codes/4021/items, to: [1.b.77] }\n', /^4 diagnoses\/4\.7\/codes\/4021\/items: unknown condition 1\.b\.77$/],
    ['a cap without its window', '  - { remove: conditions/2.6-3/periods/2011-01-01/cap/per }\n', /^4 .*a cap needs its window/],
    ['a condition taken away that others name', '  - { remove: conditions/1.b.7 }\n', /^4 .*unknown condition 1\.b\.7/],
    ['an element that is there', `${EIGHT.replace('2027', '2018')}`, /^4 .*2018-01-01 is there already: change it with set/],
    ['an element that is not there', `  - { set: ${STARTFIT}/2020-01-01, to: {} }\n`, /^4 .*there is no 2020-01-01 .* put in with add/],
    ['a value that names another element', `  - { set: ${STARTFIT}/2018-01-01, to: { from: 2019-01-01, limit: 1, source: x } }\n`, /^4 .*make them one/],
    ['an addition without a name', '  - { add: conditions, value: 3 }\n', /^4 .*neither a name nor a date/],
    ['an addition to the codes', '  - { add: diagnoses/4.7/codes, value: {} }\n', /^4 .*opened or changed with set/],
    ['a code that is not opened whole', '  - { set: diagnoses/4.7/codes/9121, to: { openTo: all } }\n', /^4 diagnoses\/4\.7\/codes\/9121\/items: /],
    ['a code with items that are no list', '  - { set: diagnoses/4.7/codes/4021/items, to: 1.b.7 }\n', /^4 diagnoses\/4\.7\/codes\/4021\/items: /],
    ['a code that is none', '  - { set: diagnoses/4.7/codes/402, to: {} }\n', /^4 diagnoses\/4\.7\/codes\/402: 402 is no diagnosis code/],
    ['a whole release', '  - { remove: diagnoses/4.7 }\n', /^4 changes\.0: a release of the diagnosis list comes from files/],
    ['rows where none belong', '  - { set: conditions/1.b.7, to: { id: 1.b.7, release: x, rows: 3 } }\n', /^4 conditions\/1\.b\.7/],
    ['a removal of nothing', '  - { remove: conditions/1.b.7/colour }\n', /^4 .*there is no colour/],
    ['the version', '  - { set: version, to: x }\n', /^4 changes\.0: version is no rule: a scenario leaves it alone$/],
    ['set without a value', '  - { set: conditions/1.b.7/regime }\n', /^4 changes\.0: set needs to$/],
    ['two changes in one', '  - { set: conditions, remove: conditions }\n', /^4 changes\.0: must have one of set, add and remove$/],
    ['an unknown word', '  - { remove: conditions/1.b.7, to: 3 }\n', /^4 changes\.0: remove goes with reason, not with to$/],
    ['no change', '  []\n', /^3 changes: needs at least one change$/],
  ])('%s', (_, changes, expected) => {
    const found = problems(changes);
    expect(found.join('\n')).toMatch(expected);
  }); // prettier-ignore

  it('tells all of them at once, and no scenario comes out', () => {
    expect(problems('  - { remove: conditions/x }\n  - { remove: conditions/y }\n').map((each) => each.slice(0, 14))).toEqual([
      '4 conditions/x',
      '5 conditions/y',
    ]);
  });

  it('is no scenario: another key, no YAML, no file', () => {
    expect(problems(CLOSE, 'scenario: test\ntitle: x\nversion: 2\nchanges:\n')).toEqual([
      '3 version: unknown key; a scenario has scenario, title and changes',
    ]);
    expect(problems('  - [\n')[0]).toMatch(/^\d+ : /);
    expect(() => layScenario(policy, join(folder, 'none.yaml'))).toThrow(/none\.yaml:1 cannot be read \(ENOENT\)/);
  });
});
