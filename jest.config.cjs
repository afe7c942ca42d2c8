// Four speeds, run apart (npm run test:unit | test:integration | test:e2e | test:eventstoredb):
//   *.spec.ts        unit: seconds, nothing is started
//   *.int-spec.ts    integration: a real PostgreSQL, started once by jest (test/postgres)
//   *.e2e-spec.ts    end to end: the built commands and the HTTP server, from files
//   *.esdb-spec.ts   the EventStoreDB adapter against the protocol double in test/eventstoredb-protocol
const swc = (typescript) => [
  '@swc/jest',
  {
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      keepClassNames: true,
      parser: typescript ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' },
      transform: typescript ? { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false } : {},
    },
  },
];
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  // resolves #libs/* to the sources, so that a unit test needs no build
  testEnvironmentOptions: { customExportConditions: ['traject-src', 'node', 'require', 'default'] },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  transform: { '^.+\\.ts$': swc(true), '^.+\\.m?js$': swc(false) },
  // Nest 12 and a few others are ESM only; jest on Node 20 needs them as CommonJS
  transformIgnorePatterns: ['/node_modules/(?!(@nestjs|jose|light-my-request|cookie|content-disposition|uuid)/)'],
};
const postgres = {
  globalSetup: '<rootDir>/test/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/test/postgres/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/test/long-timeout.ts'],
};
module.exports = {
  projects: [
    { ...base, displayName: 'unit', testRegex: '\\.spec\\.ts$' },
    { ...base, ...postgres, displayName: 'integration', testRegex: '\\.int-spec\\.ts$' },
    { ...base, ...postgres, displayName: 'e2e', testRegex: '\\.e2e-spec\\.ts$' },
    { ...base, ...postgres, displayName: 'eventstoredb', testRegex: '\\.esdb-spec\\.ts$' },
  ],
};
