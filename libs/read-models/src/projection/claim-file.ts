/** Folds the events of one claim file's stream into its row. */
import type { RecordedEvent } from '#libs/event-store';
import { currentClaimFileEvent, type ClaimFileEvent, type ProcessedLine } from '#libs/trajectory';
import type { ClaimFileRow } from '../rows';
import { CLAIM_FILE_PREFIX } from './partition';
import { PoisonedEventError } from './poisoned-event';

type LineCounter = 'linesDecided' | 'linesHeld' | 'linesInvalid' | 'linesRefused' | 'linesCredited';
const COUNTER: Readonly<Record<ProcessedLine['outcome'], LineCounter>> = {
  decided: 'linesDecided',
  held: 'linesHeld',
  invalid: 'linesInvalid',
  refused: 'linesRefused',
  credited: 'linesCredited',
};

/** The row after the event; `row` null before the first. Never changes `row` itself. Throws PoisonedEventError. */
export function evolveClaimFile(row: ClaimFileRow | null, recorded: RecordedEvent): ClaimFileRow {
  const event = currentClaimFileEvent(recorded.type, recorded.data) as ClaimFileEvent;
  const { revision } = recorded;
  switch (event.type) {
    case 'ClaimFileReceived.v1': {
      const { fileId: _, performanceRecords, ...head } = event.data;
      const begun = row ?? blank(recorded);
      return { ...begun, ...head, status: 'received', lines: performanceRecords, revision };
    }
    case 'ClaimFileRefused.v1': {
      const { digest, bytes, receivedOn, problems } = event.data;
      const begun = row ?? blank(recorded);
      return { ...begun, digest, bytes, receivedOn, problems: JSON.stringify(problems), status: 'refused', revision };
    }
    case 'LinesProcessed.v2': {
      const next = { ...begunOnly(row), status: 'processing', revision };
      for (const line of event.data.lines) {
        const counter = COUNTER[line.outcome] as LineCounter | undefined;
        if (counter === undefined) throw new PoisonedEventError('lines[].outcome is not known');
        next[counter] += 1;
        next.linesProcessed += 1;
        next.grantedCents += line.grantedCents;
      }
      return next;
    }
    case 'ClaimFileCompleted.v1': {
      const { declaredCents, grantedCents, returnDigest } = event.data;
      return { ...begunOnly(row), status: 'completed', declaredCents, grantedCents, returnDigest, revision };
    }
    default:
      throw new PoisonedEventError('its type is not known to this version of Traject; a newer version wrote it');
  }
}

function begunOnly(row: ClaimFileRow | null): ClaimFileRow {
  if (row === null) throw new PoisonedEventError('the claim file was never received');
  return row;
}

const blank = ({ stream, recordedAt }: RecordedEvent): ClaimFileRow => ({
  fileId: stream.slice(CLAIM_FILE_PREFIX.length),
  status: 'received',
  digest: '',
  bytes: 0,
  standard: null,
  version: null,
  insurer: null,
  practice: null,
  invoice: null,
  invoiceDate: null,
  receivedOn: '',
  lines: 0,
  linesProcessed: 0,
  linesDecided: 0,
  linesHeld: 0,
  linesInvalid: 0,
  linesRefused: 0,
  linesCredited: 0,
  declaredCents: null,
  grantedCents: 0,
  returnDigest: null,
  problems: '[]',
  recordedAt,
  revision: -1,
});
