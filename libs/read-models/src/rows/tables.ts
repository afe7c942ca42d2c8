/** The rows that the projection keeps, column by column as in the migrations. */
import { table } from './table';

export interface TrajectoryRow {
  trajectoryId: string;
  personId: string;
  regime: string;
  diagnosis: string;
  currentCode: string;
  condition: string | null;
  conditionOn: string | null;
  conditionLine: string | null;
  absorbedInto: string | null;
  firstSession: string | null;
  lastSession: string | null;
  lines: number;
  sessionsCounted: number;
  lastPosition: number | null;
  heldLines: number;
  switches: string;
  histories: string;
  remaps: string;
  statements: string;
  overrides: string;
  revision: number;
  startedAt: string;
}

export const TRAJECTORIES = table<TrajectoryRow>('trajectory', ['trajectoryId'], {
  trajectoryId: 'uuid',
  personId: 'uuid',
  regime: 'text',
  diagnosis: 'text',
  currentCode: 'text',
  condition: 'text',
  conditionOn: 'date',
  conditionLine: 'text',
  absorbedInto: 'uuid',
  firstSession: 'date',
  lastSession: 'date',
  lines: 'integer',
  sessionsCounted: 'integer',
  lastPosition: 'integer',
  heldLines: 'integer',
  switches: 'jsonb',
  histories: 'jsonb',
  remaps: 'jsonb',
  statements: 'jsonb',
  overrides: 'jsonb',
  revision: 'integer',
  startedAt: 'timestamptz',
});

export interface SessionRow {
  personId: string;
  line: string;
  practice: string;
  reference: string;
  trajectoryId: string;
  storedIn: string;
  date: string;
  startTime: string | null;
  list: string;
  performance: string;
  diagnosis: string;
  csi: string;
  side: string | null;
  quantity: number;
  declaredCents: number;
  insurer: string;
  invoice: string;
  receivedOn: string;
  fileId: string | null;
  fileRecord: number | null;
  command: string | null;
  status: string;
  condition: string | null;
  firstPosition: number | null;
  lastPosition: number | null;
  positions: number;
  basicCents: number;
  supplementaryCents: number;
  insuredCents: number;
  refusedCents: number;
  undecidedCents: number;
  codes: readonly string[];
  deductible: boolean;
  paidToProviderCents: number;
  claimFromInsuredCents: number;
  flags: readonly string[];
  reason: string | null;
  units: string;
  decidedRevision: number | null;
  withdrawn: boolean;
  creditReference: string | null;
  declaredBy: string | null;
  creditedBy: string | null;
  creditFileId: string | null;
  recordedAt: string;
}

export const SESSIONS = table<SessionRow>('session', ['personId', 'line'], {
  personId: 'uuid',
  line: 'text',
  practice: 'text',
  reference: 'text',
  trajectoryId: 'uuid',
  storedIn: 'uuid',
  date: 'date',
  startTime: 'text',
  list: 'text',
  performance: 'text',
  diagnosis: 'text',
  csi: 'text',
  side: 'text',
  quantity: 'integer',
  declaredCents: 'integer',
  insurer: 'text',
  invoice: 'text',
  receivedOn: 'date',
  fileId: 'uuid',
  fileRecord: 'integer',
  command: 'text',
  status: 'text',
  condition: 'text',
  firstPosition: 'integer',
  lastPosition: 'integer',
  positions: 'integer',
  basicCents: 'integer',
  supplementaryCents: 'integer',
  insuredCents: 'integer',
  refusedCents: 'integer',
  undecidedCents: 'integer',
  codes: 'text[]',
  deductible: 'boolean',
  paidToProviderCents: 'integer',
  claimFromInsuredCents: 'integer',
  flags: 'text[]',
  reason: 'jsonb',
  units: 'jsonb',
  decidedRevision: 'integer',
  withdrawn: 'boolean',
  creditReference: 'text',
  declaredBy: 'uuid',
  creditedBy: 'uuid',
  creditFileId: 'uuid',
  recordedAt: 'timestamptz',
});

export interface DossierRow {
  personId: string;
  insurancePeriods: string;
  packages: string;
  diedOn: string | null;
  reportedSwitches: string;
  decidedRevision: number | null;
  decidedAt: string | null;
  policyDigest: string | null;
  policyVersion: string | null;
  engine: string | null;
  waiting: string;
  erasedAt: string | null;
  revision: number;
}

export const DOSSIERS = table<DossierRow>('dossier', ['personId'], {
  personId: 'uuid',
  insurancePeriods: 'jsonb',
  packages: 'jsonb',
  diedOn: 'date',
  reportedSwitches: 'jsonb',
  decidedRevision: 'integer',
  decidedAt: 'timestamptz',
  policyDigest: 'text',
  policyVersion: 'text',
  engine: 'text',
  waiting: 'jsonb',
  erasedAt: 'timestamptz',
  revision: 'integer',
});

export interface BookingRow {
  personId: string;
  revision: number;
  ordinal: number;
  line: string;
  flow: string;
  cents: number;
  commandId: string;
  commandType: string;
  policyDigest: string;
  eventId: string;
  recordedAt: string;
}

export const BOOKINGS = table<BookingRow>('booking', ['personId', 'revision', 'ordinal'], {
  personId: 'uuid',
  revision: 'integer',
  ordinal: 'integer',
  line: 'text',
  flow: 'text',
  cents: 'bigint',
  commandId: 'uuid',
  commandType: 'text',
  policyDigest: 'text',
  eventId: 'uuid',
  recordedAt: 'timestamptz',
});

export interface WorkItemRow {
  subject: string;
  kind: string;
  personId: string;
  trajectoryId: string | null;
  lines: number;
  since: string;
}

export const WORK_ITEMS = table<WorkItemRow>('work_item', ['subject', 'kind'], {
  subject: 'uuid',
  kind: 'text',
  personId: 'uuid',
  trajectoryId: 'uuid',
  lines: 'integer',
  since: 'timestamptz',
});

/** A difference in one cell of the payer split; added to what is there. */
export interface PayerSplitRow {
  month: string;
  insurer: string;
  purse: string;
  cents: number;
  sessions: number;
}

export const PAYER_SPLIT_MONTHS = table<PayerSplitRow>('payer_split_month', ['month', 'insurer', 'purse'], {
  month: 'text',
  insurer: 'text',
  purse: 'text',
  cents: 'bigint',
  sessions: 'bigint',
});

export interface ClaimFileRow {
  fileId: string;
  status: string;
  digest: string;
  bytes: number;
  standard: string | null;
  version: string | null;
  insurer: string | null;
  practice: string | null;
  invoice: string | null;
  invoiceDate: string | null;
  receivedOn: string;
  lines: number;
  linesProcessed: number;
  linesDecided: number;
  linesHeld: number;
  linesInvalid: number;
  linesRefused: number;
  linesCredited: number;
  declaredCents: number | null;
  grantedCents: number;
  returnDigest: string | null;
  problems: string;
  recordedAt: string;
  revision: number;
}

export const CLAIM_FILES = table<ClaimFileRow>('claim_file', ['fileId'], {
  fileId: 'uuid',
  status: 'text',
  digest: 'text',
  bytes: 'bigint',
  standard: 'text',
  version: 'text',
  insurer: 'text',
  practice: 'text',
  invoice: 'text',
  invoiceDate: 'date',
  receivedOn: 'date',
  lines: 'integer',
  linesProcessed: 'integer',
  linesDecided: 'integer',
  linesHeld: 'integer',
  linesInvalid: 'integer',
  linesRefused: 'integer',
  linesCredited: 'integer',
  declaredCents: 'bigint',
  grantedCents: 'bigint',
  returnDigest: 'text',
  problems: 'jsonb',
  recordedAt: 'timestamptz',
  revision: 'integer',
});

export interface PolicyActivationRow {
  revision: number;
  digest: string;
  version: string;
  eventId: string;
  recordedAt: string;
}

export const POLICY_ACTIVATIONS = table<PolicyActivationRow>('policy_activation', ['revision'], {
  revision: 'integer',
  digest: 'text',
  version: 'text',
  eventId: 'uuid',
  recordedAt: 'timestamptz',
});

export interface ParkedRow {
  partition: string;
  eventId: string;
  eventType: string;
  position: string;
  error: string;
  since: string;
}

export const PARKED_PARTITIONS = table<ParkedRow>('parked_partition', ['partition'], {
  partition: 'text',
  eventId: 'uuid',
  eventType: 'text',
  position: 'text',
  error: 'text',
  since: 'timestamptz',
});
