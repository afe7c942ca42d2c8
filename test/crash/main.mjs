// npm run test:crash -- --cases N --seed S: kills the ingestion of a claim file in N cases, each from its own seed (S, S + 1, …).
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } });
for (const [name, value] of Object.entries(values))
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    process.stderr.write(`--${name} must be a whole number from 1\n`);
    process.exit(2);
  }
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--selectProjects', 'e2e', '--runInBand', '--verbose', 'test/crash'], {
  stdio: 'inherit',
  env: { ...process.env, TRAJECT_CRASH_CASES: values.cases, TRAJECT_CRASH_SEED: values.seed },
});
process.exit(status ?? 1);
