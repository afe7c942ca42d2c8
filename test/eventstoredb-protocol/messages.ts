import { Metadata, status as Status, type ServiceError } from '@grpc/grpc-js';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { stringify } from 'uuid';
import type { ProposedEvent, StoredEvent } from './log';

type Proposed = {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
};

/** Reads an id in either of its two encodings. */
export function readUuid(uuid: UUID | undefined): string {
  if (!uuid?.hasStructured()) return uuid?.getString() ?? '';
  const structured = uuid.getStructured();
  const bytes = new DataView(new ArrayBuffer(16));
  bytes.setBigUint64(0, BigInt.asUintN(64, BigInt(structured?.getMostSignificantBits() ?? 0)));
  bytes.setBigUint64(8, BigInt.asUintN(64, BigInt(structured?.getLeastSignificantBits() ?? 0)));
  return stringify(new Uint8Array(bytes.buffer));
}

export function writeUuid(id: string): UUID {
  return new UUID().setString(id);
}

export function readStreamName(identifier: StreamIdentifier | undefined): string {
  return Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
}

export function writeStreamName(name: string): StreamIdentifier {
  return new StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(name, 'utf8')));
}

export function readProposed(message: Proposed): ProposedEvent {
  return {
    id: readUuid(message.getId()),
    type: message.getMetadataMap().get('type') ?? '',
    contentType: message.getMetadataMap().get('content-type') ?? 'application/octet-stream',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** 64-bit numbers travel as strings, `created` as .NET ticks. */
export function writeEvent(event: StoredEvent): ReadResp {
  const position = event.position.toString();
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(writeUuid(event.id))
    .setStreamIdentifier(writeStreamName(event.stream))
    .setStreamRevision(event.revision.toString())
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(event.data)
    .setCustomMetadata(event.metadata);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('content-type', event.contentType)
    .set('created', event.createdTicks.toString());
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position));
}

/** An error as the server sends it: a status, with its kind in the trailer `exception`. */
export function serverError(code: Status, details: string, trailers: Record<string, string>): ServiceError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
}

export function notLeader(leader: { readonly host: string; readonly port: number }): ServiceError {
  return serverError(Status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });
}

export function accessDenied(): ServiceError {
  return serverError(Status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
}

export { Empty };

/** Ends a streaming call with an error status: grpc-js takes it from the `error` event, not from `destroy`. */
export function fail(call: { emit(event: 'error', error: Error): boolean }, error: Error): void {
  call.emit('error', error);
}
