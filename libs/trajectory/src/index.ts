export * from './ids';
export * from './regime';
export * from './decision';
export * from './events';
export * from './state/facts';
export * from './state/fold';
export * from './state/lineage';
export { currentEvent, PERSON_EVENT_TYPES, UnknownEventTypeError } from './state/upcast';
export type { Upcaster } from './state/upcast';
