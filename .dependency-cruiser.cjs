// Arrows point down: apps -> dossiers / read-models -> event-store port -> pure libraries. See docs/architecture.md.
const PURE = 'trajectory|coverage|settlement|claims';
const TESTS = '(\\.(int-|esdb-|e2e-)?spec\\.ts$|/testing/)';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-libraries-import-only-each-other',
      comment: 'The domain knows no framework, no clock, no file system and no database.',
      severity: 'error',
      from: { path: `^libs/(${PURE})/`, pathNot: TESTS },
      to: { pathNot: `^libs/(${PURE})/` },
    },
    {
      name: 'trajectory-is-the-bottom',
      severity: 'error',
      from: { path: '^libs/trajectory/' },
      to: { path: '^libs/(?!trajectory/)' },
    },
    {
      name: 'coverage-above-trajectory',
      severity: 'error',
      from: { path: '^libs/coverage/' },
      to: { path: '^libs/(?!trajectory/|coverage/)' },
    },
    {
      name: 'settlement-above-coverage',
      severity: 'error',
      from: { path: '^libs/settlement/' },
      to: { path: '^libs/(?!trajectory/|coverage/|settlement/)' },
    },
    { name: 'claims-stands-alone', severity: 'error', from: { path: '^libs/claims/' }, to: { path: '^libs/(?!claims/)' } },
    {
      name: 'event-store-knows-no-domain',
      severity: 'error',
      from: { path: '^libs/event-store/' },
      to: { path: '^libs/(?!event-store/|platform/)' },
    },
    {
      name: 'identity-stands-alone',
      severity: 'error',
      from: { path: '^libs/identity/' },
      to: { path: '^libs/(?!identity/|platform/)' },
    },
    {
      name: 'sign-in-stands-alone',
      severity: 'error',
      from: { path: '^libs/sign-in/', pathNot: TESTS },
      to: { path: '^libs/(?!sign-in/)' },
    },
    {
      name: 'only-start-brings-the-development-issuer',
      comment: 'It gives anybody a token: nothing that serves real data may be able to start one.',
      severity: 'error',
      from: { path: '^(libs/(?!development-issuer/)|apps/(?!cli/src/start/))', pathNot: TESTS },
      to: { path: '^libs/development-issuer/' },
    },
    {
      name: 'development-issuer-knows-the-roles-alone',
      severity: 'error',
      from: { path: '^libs/development-issuer/' },
      to: { path: '^libs/(?!development-issuer/|sign-in/)' },
    },
    { name: 'platform-knows-nobody', severity: 'error', from: { path: '^libs/platform/' }, to: { path: '^libs/(?!platform/)' } },
    {
      name: 'policy-files-below',
      severity: 'error',
      from: { path: '^libs/policy-files/' },
      to: { path: '^libs/(?!policy-files/|coverage/|trajectory/|platform/)' },
    },
    {
      name: 'read-models-never-decide',
      comment: 'Projections fold facts and PersonDecided; they never call the engine.',
      severity: 'error',
      from: { path: '^libs/read-models/' },
      to: { path: '^libs/(?!read-models/|trajectory/|event-store/|platform/)' },
    },
    {
      name: 'dossiers-above-read-models',
      severity: 'error',
      from: { path: '^libs/dossiers/' },
      to: { path: '^libs/read-models/' },
    },
    { name: 'no-library-imports-an-app', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'only-tests-import-tests',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: TESTS },
      to: { path: '^test/' },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'through-the-face',
      comment: 'A library is imported by its index, never past it.',
      severity: 'error',
      from: { path: '^(apps|libs)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['traject-src', 'node', 'require', 'default'] },
  },
};
