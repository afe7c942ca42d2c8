import type { handleServerStreamingCall, ServerWritableStream } from '@grpc/grpc-js';
import { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import { randomUUID } from 'node:crypto';
import type { StoredEvent } from './log';
import { accessDenied, fail, notLeader, readStreamName, writeEvent, writeStreamName } from './messages';
import type { ServerContext } from './server';

type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

const DEFAULT_SEARCH_WINDOW = 32;

/** Streams/Read: streams and $all, both ways, and subscriptions to either. Reads take the given position in, subscriptions leave it out. */
export function readCall(context: ServerContext): handleServerStreamingCall<ReadReq, ReadResp> {
  return (call) => {
    const options = call.request.getOptions();
    call.on('error', () => undefined);
    context.seen.read += 1;
    if (!options || context.faults.blackHole) return;
    if (context.faults.denied.includes('read')) return fail(call, accessDenied());
    if (context.faults.refusesReads && call.metadata.get('requires-leader').length > 0 && context.faults.takeRefusal()) {
      fail(call, notLeader(context.leader()));
      return;
    }
    const subscribes = options.getCountOptionCase() === ReadReq.Options.CountOptionCase.SUBSCRIPTION;
    const answer = subscribes ? subscribe(context, call, options) : read(context, call, options);
    answer.catch((error: unknown) => fail(call, error as Error));
  };
}

async function read(context: ServerContext, call: ReadCall, options: ReadReq.Options): Promise<void> {
  const backwards = options.getReadDirection() === ReadReq.Options.ReadDirection.BACKWARDS;
  let left = BigInt(options.getCount());
  const matches = filterOf(options);
  const source = options.getStream() ? streamSource(context, call, options) : allSource(context, options);
  if (!source) return void call.end();
  const { events } = source;
  const step = backwards ? -1 : 1;
  // the length is taken again each time: a read in flight sees what is written meanwhile, as a real one may
  for (let index = source.start; index >= 0 && index < events.length && left > 0n; index += step) {
    const event = events[index];
    if (!event || !matches(event)) continue;
    if (!(await send(call, writeEvent(event)))) return;
    left -= 1n;
  }
  call.end();
}

function streamSource(context: ServerContext, call: ReadCall, options: ReadReq.Options) {
  const wanted = options.getStream();
  const name = readStreamName(wanted?.getStreamIdentifier());
  const events = context.log.stream(name);
  if (!events) {
    const missing = new ReadResp.StreamNotFound().setStreamIdentifier(writeStreamName(name));
    call.write(new ReadResp().setStreamNotFound(missing));
    return null;
  }
  if (wanted?.hasStart()) return { events, start: 0 };
  return { events, start: wanted?.hasEnd() ? events.length - 1 : Number(wanted?.getRevision() ?? 0) };
}

function allSource(context: ServerContext, options: ReadReq.Options) {
  const wanted = options.getAll();
  const { events } = context.log;
  if (wanted?.hasStart()) return { events, start: 0 };
  if (wanted?.hasEnd()) return { events, start: events.length - 1 };
  return { events, start: context.log.indexFrom(BigInt(wanted?.getPosition()?.getCommitPosition() ?? 0), true) };
}

/** Confirmation, what is there, caught-up, then what comes; a checkpoint whenever many events did not pass the filter. */
async function subscribe(context: ServerContext, call: ReadCall, options: ReadReq.Options): Promise<void> {
  const { log } = context;
  const stream = options.getStream();
  const events: () => readonly StoredEvent[] = stream
    ? () => log.stream(readStreamName(stream.getStreamIdentifier())) ?? []
    : () => log.events;
  const matches = filterOf(options);
  const filter = options.getFilter();
  const scansPerCheckpoint = (filter?.getMax() || DEFAULT_SEARCH_WINDOW) * (filter?.getCheckpointintervalmultiplier() || 1);
  const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
  let wake = (): void => undefined;
  const stopListening = log.onWrite(() => wake());
  call.once('cancelled', () => wake());
  call.once('close', () => wake());
  try {
    if (!(await send(call, new ReadResp().setConfirmation(confirmation)))) return;
    let next = subscriptionStart(context, options, events().length);
    let scanned = 0;
    let caughtUp = false;
    while (!gone(call)) {
      const event = events()[next];
      if (!event) {
        const written = new Promise<void>((resolve) => (wake = resolve));
        if (!caughtUp) await send(call, new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
        caughtUp = true;
        if (!events()[next] && !gone(call)) await written;
        continue;
      }
      next += 1;
      scanned += 1;
      if (matches(event)) {
        context.seen.eventsSent += 1;
        await send(call, writeEvent(event));
      }
      if (filter && scanned % scansPerCheckpoint === 0) await send(call, checkpoint(event.position));
    }
  } finally {
    stopListening();
  }
}

function subscriptionStart(context: ServerContext, options: ReadReq.Options, length: number): number {
  const stream = options.getStream();
  if (stream) return stream.hasStart() ? 0 : stream.hasEnd() ? length : Number(stream.getRevision()) + 1;
  const all = options.getAll();
  if (all?.hasStart()) return 0;
  return all?.hasEnd() ? length : context.log.indexFrom(BigInt(all?.getPosition()?.getCommitPosition() ?? 0), false);
}

function filterOf(options: ReadReq.Options): (event: StoredEvent) => boolean {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = filter.getStreamIdentifier() ?? filter.getEventType();
  const subject = filter.hasStreamIdentifier() ? (event: StoredEvent) => event.stream : (event: StoredEvent) => event.type;
  const regex = expression?.getRegex();
  if (regex) {
    const pattern = new RegExp(regex);
    return (event) => pattern.test(subject(event));
  }
  const prefixes = expression?.getPrefixList() ?? [];
  return (event) => prefixes.some((prefix) => subject(event).startsWith(prefix));
}

function checkpoint(position: bigint): ReadResp {
  return new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(position.toString()).setPreparePosition(position.toString()),
  );
}

function gone(call: ReadCall): boolean {
  return call.cancelled || call.destroyed;
}

/** Writes with back-pressure; false once the client is gone. */
async function send(call: ReadCall, message: ReadResp): Promise<boolean> {
  if (gone(call)) return false;
  if (call.write(message)) return true;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const name of ['drain', 'cancelled', 'close']) call.off(name, done);
      resolve();
    };
    for (const name of ['drain', 'cancelled', 'close']) call.on(name, done);
  });
  return !gone(call);
}
