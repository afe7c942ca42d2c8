import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './project-root';

test('the project is found from any folder in it, and told to be missing elsewhere', () => {
  const root = projectRoot();
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({ name: 'traject' });
  expect(projectRoot(join(root, 'dist', 'libs', 'platform', 'src'))).toBe(root);
  expect(() => projectRoot(tmpdir())).toThrow(/no package.json named "traject"/);
});
