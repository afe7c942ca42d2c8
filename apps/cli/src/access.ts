/** What the commands record in the access log, beside what ingestion, member import and corrections record themselves. */
import { AccessWriter, openAccessLog, processAccessor, type Access } from '#libs/access-log';
import type { TrajectConfig } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import type { Session } from './session';

/** A number of a person led to somebody, or to nobody. */
export function recordSearch({ runtime }: Session, found: readonly string[]): Promise<void> {
  const outcome = found.length === 0 ? 'refused' : 'success';
  return runtime.access.record({ event: 'person-lookup', action: 'search', object: 'person', persons: found }, outcome);
}

/** A dossier, or another thing of a person, is about to be shown, or there was none; before anything of it is printed. */
export function recordRead(
  { runtime }: Session,
  event: string,
  personId: PersonId,
  isFound: boolean,
  object = 'dossier',
): Promise<void> {
  return runtime.access.record(
    { event, action: 'read', object, persons: personsNamed(personId) },
    isFound ? 'success' : 'refused',
  );
}

/** Everybody's dossiers are read together and none of them is shown: one line for all. */
export function recordReadOfAll({ runtime }: Session, event: string): Promise<void> {
  return runtime.access.record({ event, action: 'read', object: 'all-dossiers', persons: [] }, 'success');
}

/** For a command that opens nothing else of the product. */
export async function recordAlone(
  { accessLog: { headsFile, purpose } }: Pick<TrajectConfig, 'accessLog'>,
  databaseUrl: string,
  processName: string,
  access: Access,
): Promise<void> {
  const log = await openAccessLog(databaseUrl, processName, { headsFile });
  try {
    await new AccessWriter(log, processAccessor(processName, purpose)).record(access, 'success');
  } finally {
    await log.close();
  }
}

/** `--person` takes any text; what is no id is nobody's, and is not repeated. */
export const personsNamed = (text: string): readonly string[] => (UUID.test(text) ? [text] : []);

/** A thing by its kind, and by its id where what was typed is one. */
export const objectNamed = (kind: string, text: string): string => (UUID.test(text) ? `${kind}/${text}` : kind);

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
