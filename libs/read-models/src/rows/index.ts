export * from './table';
export * from './tables';
export * from './write';
