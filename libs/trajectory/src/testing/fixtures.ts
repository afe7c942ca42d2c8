/** The committed event of each type, as it was stored; and what tests of the fold make of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineDecision, LineKey, PersonDecided, StoredEvent } from '../index';
import { DecisionTableWriter, type DecisionTable } from '../state/decision-table';

interface Fixture {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const folder = join(__dirname, '../events/fixtures');

/** By the name of the file, which is the type. */
export const fixtures: ReadonlyMap<string, Fixture> = new Map(
  readdirSync(folder).map((name): [string, Fixture] => [
    name.replace(/\.json$/, ''),
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Fixture,
  ]),
);

export const data = (type: string): Record<string, unknown> => fixtures.get(type)?.data ?? {};

/** The events as one stream, in the order given. */
export const stored = (stream: string, events: readonly { readonly type: string; readonly data: unknown }[]): StoredEvent[] =>
  events.map((event, revision) => ({ stream, revision, ...event }));

/** The committed decision, of another line and with these differences. */
export function decided(line: string, change: Partial<LineDecision> = {}): LineDecision {
  const [decision] = (data('PersonDecided.v1') as PersonDecided['data']).decisions;
  return { ...(decision as LineDecision), line: line as LineKey, ...change };
}

/** The decisions as a snapshot holds them, with the lines whose sessions it holds. */
export function decisionTable(decisions: readonly LineDecision[], sessions: readonly LineKey[]): DecisionTable {
  const writer = new DecisionTableWriter(new Map(sessions.map((line, ordinal) => [line, ordinal])), sessions.length);
  for (const decision of decisions) writer.add(decision);
  return writer.table;
}
