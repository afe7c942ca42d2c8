import type { handleBidiStreamingCall, handleClientStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import { status as GrpcStatus } from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { Empty as GoogleEmpty } from 'google-protobuf/google/protobuf/empty_pb';
import { AllStreamPosition, MaximumAppendSizeExceeded, WrongExpectedVersion } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { AppendReq, AppendResp, BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import type { Expectation, ProposedEvent, WriteResult } from './log';
import {
  accessDenied,
  Empty,
  fail,
  notLeader,
  readProposed,
  readStreamName,
  readUuid,
  serverError,
  writeStreamName,
  writeUuid,
} from './messages';
import type { ServerContext } from './server';

/** Writes a block unless a fault has it otherwise; null when nothing may be answered. */
async function write(
  context: ServerContext,
  stream: string,
  expected: Expectation,
  events: readonly ProposedEvent[],
): Promise<WriteResult | null> {
  const { faults, log } = context;
  if (faults.appendDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, faults.appendDelayMs));
  const dies = faults.takeDeath();
  const result = log.append(stream, expected, events);
  context.appends.push(stream);
  if (dies) {
    context.die();
    return null;
  }
  return faults.takeDroppedAcknowledgement() ? null : result;
}

/** Streams/Append: options, then one message an event; one answer, in which a wrong version is an ordinary reply. */
export function appendCall(context: ServerContext): handleClientStreamingCall<AppendReq, AppendResp> {
  return (call, callback) => {
    let stream = '';
    let expected: Expectation = 'any';
    const events: ProposedEvent[] = [];
    context.seen.append += 1;
    call.on('data', (request: AppendReq) => {
      const options = request.getOptions();
      if (options) {
        stream = readStreamName(options.getStreamIdentifier());
        expected = appendExpectation(options);
      }
      const message = request.getProposedMessage();
      if (message) events.push(readProposed(message));
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      if (context.faults.blackHole) return;
      if (context.faults.denied.includes('append')) return callback(accessDenied());
      if (call.metadata.get('requires-leader').length > 0 && context.faults.takeRefusal())
        return callback(notLeader(context.leader()));
      void write(context, stream, expected, events).then((result) => {
        if (!result) return;
        if (result.kind === 'too-large') return callback(tooLarge(result.maxBytes));
        callback(null, appendAnswer(result));
      });
    });
  };
}

/** Streams/BatchAppend: one long-lived call, answers matched by correlation id; a wrong version is a packed google.rpc.Status. */
export function batchAppendCall(context: ServerContext): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> {
  return (call) => {
    const open = new Map<string, { options: BatchAppendReq.Options; events: ProposedEvent[] }>();
    call.on('error', () => undefined);
    call.on('end', () => call.end());
    call.on('data', (request: BatchAppendReq) => {
      context.seen.batchAppend += 1;
      const correlation = readUuid(request.getCorrelationId());
      const options = request.getOptions();
      const batch = open.get(correlation) ?? (options ? { options, events: [] } : undefined);
      if (!batch)
        return fail(call, serverError(GrpcStatus.INVALID_ARGUMENT, 'options missing in the first message of a batch', {}));
      open.set(correlation, batch);
      for (const message of request.getProposedMessagesList()) batch.events.push(readProposed(message));
      if (!request.getIsFinal()) return;
      open.delete(correlation);
      if (context.faults.blackHole) return;
      if (context.faults.denied.includes('append')) return fail(call, accessDenied());
      if (context.faults.takeRefusal()) return fail(call, notLeader(context.leader()));
      const stream = readStreamName(batch.options.getStreamIdentifier());
      void write(context, stream, batchExpectation(batch.options), batch.events).then((result) => {
        if (result && !call.destroyed && !call.cancelled) answerBatch(call, correlation, stream, result);
      });
    });
  };
}

function answerBatch(
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  correlation: string,
  stream: string,
  result: WriteResult,
): void {
  const answer = new BatchAppendResp().setCorrelationId(writeUuid(correlation)).setStreamIdentifier(writeStreamName(stream));
  if (result.kind === 'success') {
    const success = new BatchAppendResp.Success().setCurrentRevision(result.lastRevision.toString());
    if (result.position === null) success.setNoPosition(new GoogleEmpty());
    else success.setPosition(allPosition(result.position));
    answer.setSuccess(success);
  } else {
    const any = new Any();
    if (result.kind === 'too-large') {
      const packed = new MaximumAppendSizeExceeded().setMaxappendsize(result.maxBytes).serializeBinary();
      any.pack(packed, 'event_store.client.MaximumAppendSizeExceeded');
    } else {
      any.pack(batchWrongVersion(result).serializeBinary(), 'event_store.client.WrongExpectedVersion');
    }
    answer.setError(
      new Status()
        .setCode(result.kind === 'too-large' ? 3 : 6)
        .setMessage(result.kind)
        .setDetails(any),
    );
  }
  call.write(answer);
}

function appendAnswer(result: Exclude<WriteResult, { kind: 'too-large' }>): AppendResp {
  if (result.kind === 'success') {
    const success = new AppendResp.Success().setCurrentRevision(result.lastRevision.toString());
    if (result.position === null) success.setNoPosition(new Empty());
    else {
      const position = result.position.toString();
      success.setPosition(new AppendResp.Position().setCommitPosition(position).setPreparePosition(position));
    }
    return new AppendResp().setSuccess(success);
  }
  const wrong = new AppendResp.WrongExpectedVersion();
  if (result.current === null) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentRevision(result.current.toString());
  if (result.expected === 'no_stream') wrong.setExpectedNoStream(new Empty());
  else if (result.expected === 'stream_exists') wrong.setExpectedStreamExists(new Empty());
  else if (result.expected === 'any') wrong.setExpectedAny(new Empty());
  else wrong.setExpectedRevision(result.expected.toString());
  return new AppendResp().setWrongExpectedVersion(wrong);
}

function batchWrongVersion(result: Extract<WriteResult, { kind: 'wrong-version' }>): WrongExpectedVersion {
  const wrong = new WrongExpectedVersion();
  if (result.current === null) wrong.setCurrentNoStream(new GoogleEmpty());
  else wrong.setCurrentStreamRevision(result.current.toString());
  if (result.expected === 'no_stream') wrong.setExpectedNoStream(new GoogleEmpty());
  else if (result.expected === 'stream_exists') wrong.setExpectedStreamExists(new GoogleEmpty());
  else if (result.expected === 'any') wrong.setExpectedAny(new GoogleEmpty());
  else wrong.setExpectedStreamPosition(result.expected.toString());
  return wrong;
}

function appendExpectation(options: AppendReq.Options): Expectation {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasAny() ? 'any' : BigInt(options.getRevision());
}

function batchExpectation(options: BatchAppendReq.Options): Expectation {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasAny() ? 'any' : BigInt(options.getStreamPosition());
}

function allPosition(position: bigint): AllStreamPosition {
  return new AllStreamPosition().setCommitPosition(position.toString()).setPreparePosition(position.toString());
}

function tooLarge(maxBytes: number) {
  return serverError(GrpcStatus.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxBytes),
  });
}
