// Every unit test of the mutated libraries in one file: jest loads the modules of a file anew, and of some fifty files that would take longer than the tests themselves.
// The comparison of engine and oracle is left out: a mutant that many tests reach would wait for hundreds of random persons.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../..');
for (const folder of ['libs/trajectory', 'libs/coverage', 'libs/settlement', 'test/oracle'])
  for (const name of readdirSync(join(root, folder), { recursive: true }).sort())
    if (name.endsWith('.spec.ts') && name !== 'agreement.spec.ts')
      describe(join(folder, name), () => {
        require(join(root, folder, name));
      });
