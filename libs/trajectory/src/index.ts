export * from './ids';
export * from './regime';
export * from './decision';
export * from './events';
export * from './state/facts';
