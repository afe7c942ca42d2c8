import { PM304_LAYOUT } from './pm304';
import { PM305_ADDED_FIELDS, PM305_LAYOUT } from './pm305';

/** The record layouts as data: per message, per record type, the ordered fields. `pm305Added` are the return's own fields. */
export const layouts = { pm304: PM304_LAYOUT, pm305: PM305_LAYOUT, pm305Added: PM305_ADDED_FIELDS } as const;

export * from './field';
export * from './pm304';
export * from './pm305';
