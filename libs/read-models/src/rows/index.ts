export * from './payment-changes';
export * from './table';
export * from './tables';
export * from './write';
