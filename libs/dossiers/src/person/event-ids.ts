import { v5 as uuidV5 } from 'uuid';
import type {
  ClaimFileId,
  CommandId,
  HistoryImportId,
  OverrideId,
  PersonId,
  Regime,
  StatementId,
  TrajectoryId,
} from '#libs/trajectory';

/** Namespace of every identifier that Traject derives. Part of the storage format: never change it. */
const NAMESPACE = '6b0c1b3e-3f0e-5d5c-9a44-7d3f2f6d1a10';

/** Id of the n-th event that a command writes to a stream: the same command writes the same ids, so nothing twice. */
export const eventId = (command: CommandId, stream: string, key: string | number): string => uuidV5(`${stream}#${key}`, command);

/**
 * Keys of `eventId` that say something of a command. On a store without transactions over streams its last fact and its decision
 * are told by their ids from those of a command that was stopped in between. The last fact says how many the command has, for
 * whoever reads stream by stream while they are written may meet the last one without those before it.
 */
export const lastFact = (count: number): string => `last/${count}`;
export const DECIDED = 'decided';
/** The decision over all facts of a command, when another command found and booked them. */
export const DECIDED_BY_FINDER = 'decided-by-finder';
/** Ids of which one is that of the decision that closes the command. */
export const closingIds = (command: CommandId, dossier: string): readonly string[] =>
  [DECIDED, DECIDED_BY_FINDER].map((key) => eventId(command, dossier, key));
/** A decision over a part of a command's facts, at this revision of the dossier. */
export const decidedInPart = (revision: number): string => `decided-in-part/${revision}`;

/** A file's id follows from its bytes: the same file is the same stream, whoever ingests it and however often. */
export const claimFileId = (digest: string): ClaimFileId => uuidV5(`claim-file/${digest}`, NAMESPACE) as ClaimFileId;

/** The command that declares one chunk of a claim file for one person. */
export const chunkCommandId = (file: ClaimFileId, chunk: number, person: PersonId): CommandId =>
  uuidV5(`chunk/${chunk}/${person}`, file) as CommandId;

/**
 * Two workers that meet the first line of a trajectory at the same time must start the same one, so its id follows from what
 * storage is fixed by. The person id is random, so the id tells nothing.
 */
export const trajectoryId = (person: PersonId, regime: Regime, diagnosis: string): TrajectoryId =>
  uuidV5(`trajectory/${regime}/${diagnosis}`, person) as TrajectoryId;

/** A command id from a caller's own key, e.g. an Idempotency-Key or the digest of an imported file with a row's person. */
export const commandIdFrom = (scope: string, key: string): CommandId => uuidV5(`command/${scope}/${key}`, NAMESPACE) as CommandId;

/** The decision that the activation of a policy causes in a person. */
export const activationCommandId = (activationEventId: string, person: PersonId): CommandId =>
  uuidV5(`activation/${person}`, activationEventId) as CommandId;

/** The erasure of a person: one person, one erasure, however often it is applied. */
export const erasureCommandId = (person: PersonId): CommandId => uuidV5('erasure', person) as CommandId;

/** The import that a command makes: one command, one import. */
export const historyImportId = (command: CommandId): HistoryImportId => uuidV5('history-import', command) as HistoryImportId;

/** The statement that a command makes: one command, one statement. */
export const statementId = (command: CommandId): StatementId => uuidV5('statement', command) as StatementId;

/** The override that a command sets: one command, one override. */
export const overrideId = (command: CommandId): OverrideId => uuidV5('override', command) as OverrideId;

/** The command that ends these overrides of a person because their last day has passed; rising, so that the same ones give the same id. */
export const lapseCommandId = (person: PersonId, overrides: readonly OverrideId[]): CommandId =>
  uuidV5(`overrides-lapsed/${overrides.join()}`, person) as CommandId;

/** The line in the access log: one per claim file and person, whoever ingests it and however often. */
export const fileAccessId = (file: ClaimFileId, person: PersonId): string => uuidV5(`access/${person}`, file);

/** The command that receives a claim file and records what became of its lines. */
export const fileCommandId = (file: ClaimFileId): CommandId => uuidV5('ingest', file) as CommandId;

/** What a campaign does in one step (a preview, its run), as one request of the access log; and the line of one person in it, for each user who does it. */
export const campaignAccessRequest = (campaignId: string, step: string): string => uuidV5(`access/${step}`, campaignId);
export const campaignAccessId = (request: string, person: PersonId, user: string): string => uuidV5(`${person}/${user}`, request);
