export type * from './statements';
export type * from './overrides';
export * from './trajectory';
export * from './dossier';
export * from './claim-file';
export * from './policy-book';
