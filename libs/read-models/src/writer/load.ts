/** Reads back the rows that a batch will change, in as many queries as there are tables. */
import type { PoolClient } from 'pg';
import { lineKey, type PersonDecided, type SessionMovedIn, type SessionWithdrawn } from '#libs/trajectory';
import type { RecordedEvent } from '#libs/event-store';
import type { LoadedPerson, Partition, WaitingDecision } from '../projection';
import {
  CLAIM_FILES,
  DOSSIERS,
  selectList,
  SESSIONS,
  TRAJECTORIES,
  WORK_ITEMS,
  type ClaimFileRow,
  type DossierRow,
  type SessionRow,
  type TrajectoryRow,
  type WorkItemRow,
} from '../rows';

/** All of a person but the sessions. */
export interface LoadedHeads {
  readonly dossier: DossierRow | null;
  readonly trajectories: readonly TrajectoryRow[];
  readonly workItems: readonly WorkItemRow[];
}

export async function loadHeads(
  client: PoolClient,
  schema: string,
  personIds: readonly string[],
): Promise<Map<string, LoadedHeads>> {
  const heads = new Map<string, { dossier: DossierRow | null; trajectories: TrajectoryRow[]; workItems: WorkItemRow[] }>();
  for (const id of personIds) heads.set(id, { dossier: null, trajectories: [], workItems: [] });
  if (personIds.length === 0) return heads;
  const rowsOf = async <Row>(columns: string, name: string): Promise<Row[]> =>
    (await client.query(`select ${columns} from ${schema}.${name} where person_id = any($1::uuid[])`, [personIds])).rows as Row[];
  for (const row of await rowsOf<DossierRow>(selectList(DOSSIERS), DOSSIERS.name)) at(heads, row.personId).dossier = row;
  for (const row of await rowsOf<TrajectoryRow>(selectList(TRAJECTORIES), TRAJECTORIES.name))
    at(heads, row.personId).trajectories.push(row);
  for (const row of await rowsOf<WorkItemRow>(selectList(WORK_ITEMS), WORK_ITEMS.name))
    at(heads, row.personId).workItems.push(row);
  return heads;
}

const at = <T>(map: ReadonlyMap<string, T>, id: string): T => map.get(id) as T;

/**
 * The stored session rows that the events of these persons name. A line that one of the events declares is taken to be new,
 * unless `isThorough`: the insert of one that is stored after all fails, and the caller comes again, thorough.
 */
export async function loadSessions(
  client: PoolClient,
  schema: string,
  persons: readonly Partition[],
  heads: ReadonlyMap<string, LoadedHeads>,
  isThorough: boolean,
): Promise<Map<string, SessionRow[]>> {
  const personIds: string[] = [];
  const lines: string[] = [];
  for (const { id, events } of persons)
    for (const line of namedLines(events, waitingOf(heads.get(id)), isThorough)) {
      personIds.push(id);
      lines.push(line);
    }
  const sessions = new Map<string, SessionRow[]>();
  if (lines.length === 0) return sessions;
  const { rows } = await client.query<SessionRow>(
    `select ${selectList(SESSIONS)} from ${schema}.session
     join unnest($1::uuid[], $2::text[]) as named(person_id, line) using (person_id, line)`,
    [personIds, lines],
  );
  for (const row of rows) {
    const ofPerson = sessions.get(row.personId);
    if (ofPerson === undefined) sessions.set(row.personId, [row]);
    else ofPerson.push(row);
  }
  return sessions;
}

const waitingOf = (heads: LoadedHeads | undefined): readonly WaitingDecision[] => {
  const waiting = heads?.dossier?.waiting ?? '[]';
  return waiting === '[]' ? [] : (JSON.parse(waiting) as WaitingDecision[]);
};

/** Keys of lines that the events credit, move, decide or book on, and that they do not declare themselves. Data of any shape is survived. */
function namedLines(events: readonly RecordedEvent[], waiting: readonly WaitingDecision[], isThorough: boolean): Set<string> {
  const named = new Set<string>();
  const declared = new Set<string>();
  const name = (line: unknown): void => {
    if (typeof line === 'string') named.add(line);
  };
  const nameDecided = ({ decisions, withdrawn, entries }: Partial<PersonDecided['data']>): void => {
    for (const list of [decisions, entries])
      if (Array.isArray(list)) for (const each of list as { line?: unknown }[]) name(each?.line);
    if (Array.isArray(withdrawn)) for (const line of withdrawn as unknown[]) name(line);
  };
  for (const decided of waiting) nameDecided(decided);
  for (const { type, data } of events) {
    if (typeof data !== 'object' || data === null) continue;
    if (type.startsWith('PersonDecided.')) {
      nameDecided(data);
      continue;
    }
    const isDeclared = type.startsWith('SessionDeclared.');
    if (!isDeclared && !/^Session(Withdrawn|MovedIn|MovedOut)\./.test(type)) continue;
    const { session, ...own } = data as Partial<SessionWithdrawn['data'] & SessionMovedIn['data']>;
    const { practice, reference } = session ?? own;
    if (typeof practice !== 'string' || typeof reference !== 'string') continue;
    const line = lineKey(practice, reference);
    if (isDeclared && !isThorough) declared.add(line);
    else name(line);
  }
  // Also where the decision comes first in the log: it waits for the declaration.
  for (const line of declared) named.delete(line);
  return named;
}

export async function loadClaimFiles(
  client: PoolClient,
  schema: string,
  fileIds: readonly string[],
): Promise<Map<string, ClaimFileRow>> {
  if (fileIds.length === 0) return new Map();
  const { rows } = await client.query<ClaimFileRow>(
    `select ${selectList(CLAIM_FILES)} from ${schema}.claim_file where file_id = any($1::uuid[])`,
    [fileIds],
  );
  // Sums in cents and bytes are bigint, which the driver hands out as text.
  return new Map(
    rows.map((row) => [
      row.fileId,
      {
        ...row,
        bytes: Number(row.bytes),
        grantedCents: Number(row.grantedCents),
        declaredCents: row.declaredCents === null ? null : Number(row.declaredCents),
      },
    ]),
  );
}

export const fullPerson = (heads: LoadedHeads, sessions: readonly SessionRow[] | undefined): LoadedPerson => ({
  ...heads,
  sessions: sessions ?? [],
});
