/** The stream of one claim file: what of it has been processed, by whichever process. */
import { NO_STREAM, type EventStore, type LogPosition, type RecordedEvent } from '#libs/event-store';
import {
  claimFileStream,
  currentClaimFileEvent,
  type ClaimFileCompleted,
  type ClaimFileEvent,
  type ClaimFileId,
  type ClaimFileReceived,
  type ClaimFileRefused,
  type LinesProcessed,
} from '#libs/trajectory';
import { eventId, fileCommandId } from '../person/event-ids';

const MAX_ATTEMPTS = 10;

/** The first event of a file's stream: it was taken in, or refused whole. Whichever is recorded first stands for ever. */
export type FileBegun = ClaimFileReceived | ClaimFileRefused;

/** What the stream says so far. */
export interface FileProgress {
  readonly begun: FileBegun | null;
  /** By chunk. */
  readonly chunks: LinesProcessed['data'][];
  readonly completed: ClaimFileCompleted['data'] | null;
}

export class ClaimFileStream {
  readonly #stream: string;
  #position: LogPosition | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly id: ClaimFileId,
    private readonly actor: string,
  ) {
    this.#stream = claimFileStream(id);
  }

  /** Position of the last event that this process wrote; null when it wrote none. */
  get position(): LogPosition | null {
    return this.#position;
  }

  async read(): Promise<FileProgress> {
    const [events = []] = await this.store.readStreams([{ stream: this.#stream }]);
    const progress: { -readonly [K in keyof FileProgress]: FileProgress[K] } = {
      begun: null,
      chunks: [],
      completed: null,
    };
    for (const stored of events) {
      const event = current(stored);
      switch (event.type) {
        case 'ClaimFileReceived.v1':
        case 'ClaimFileRefused.v1':
          progress.begun = event;
          break;
        case 'LinesProcessed.v2':
          progress.chunks[event.data.chunk] = event.data;
          break;
        case 'ClaimFileCompleted.v1':
          progress.completed = event.data;
          break;
      }
    }
    return progress;
  }

  /**
   * Records the reception or the refusal of the file, once; answers what is recorded. That may be another process's, and the other
   * of the two: a process that met the file on an earlier day may have refused a date that has come since.
   */
  async begin(event: FileBegun): Promise<FileBegun> {
    return this.record<FileBegun>(event, NO_STREAM, ['ClaimFileReceived.v1', 'ClaimFileRefused.v1']);
  }

  /** Records what became of a chunk, once. The answer is what counts: another process may have recorded it first. */
  async processed(data: LinesProcessed['data']): Promise<LinesProcessed['data']> {
    return (await this.record<LinesProcessed>({ type: 'LinesProcessed.v2', data }, data.chunk)).data;
  }

  async complete(data: ClaimFileCompleted['data'], chunks: number): Promise<ClaimFileCompleted['data']> {
    return (await this.record<ClaimFileCompleted>({ type: 'ClaimFileCompleted.v1', data }, chunks)).data;
  }

  /** Appends at the one revision where this event belongs, and reads back what stands there. */
  private async record<E extends ClaimFileEvent>(
    event: E,
    expectedRevision: number,
    mayStand: readonly E['type'][] = [event.type],
  ): Promise<E> {
    const commandId = fileCommandId(this.id);
    const id = eventId(commandId, this.#stream, expectedRevision + 1);
    const events = [{ id, type: event.type, data: event.data, metadata: { commandId, actor: this.actor } }];
    for (let attempt = 1; ; attempt += 1) {
      const [answer] = await this.store.append([{ streams: [{ stream: this.#stream, expectedRevision, events }] }]);
      if (answer?.outcome === 'appended') {
        this.#position = answer.position;
        return event;
      }
      const [stored = []] = await this.store.readStreams([{ stream: this.#stream, fromRevision: expectedRevision + 1 }]);
      const [there] = stored;
      if (there !== undefined) {
        const standing = current(there);
        if (mayStand.some((type) => type === standing.type)) return standing as E;
        throw new Error(`${this.#stream}: revision ${there.revision} is ${there.type}, ${event.type} belongs there`);
      }
      if (attempt === MAX_ATTEMPTS)
        throw answer?.outcome === 'unknown' ? answer.error : new Error(`${this.#stream}: ${event.type} could not be written`);
    }
  }
}

const current = ({ type, data }: RecordedEvent): ClaimFileEvent => currentClaimFileEvent(type, data) as ClaimFileEvent;
