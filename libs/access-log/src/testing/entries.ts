import { randomUUID } from 'node:crypto';
import type { AccessEntry } from '../entry';

/** An entry of its own id, with what a test does not vary filled in. */
export const anEntry = (over: Partial<AccessEntry> = {}): AccessEntry => ({
  id: randomUUID(),
  time: '2026-03-01T12:00:00.000Z',
  event: 'dossier',
  action: 'read',
  outcome: 'success',
  user: 'someone',
  role: 'reader',
  purpose: null,
  person: '0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11',
  object: 'dossier',
  source: 'machine/api/1',
  request: randomUUID(),
  ...over,
});
