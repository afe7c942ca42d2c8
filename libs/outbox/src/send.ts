/** Sends what is due: each message at most once in a run, again after growing pauses, and parked in the end. */
import type { PracticeAddresses } from './addresses';
import { mailOf } from './mail';
import type { MessageBook } from './message-book';
import { DeliveryError, type Transport } from './transports/transport';

/** What to do with a message that is not taken over, as a value. */
export interface DeliveryPolicy {
  /** In all, the first one included; then it is parked. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  /** The pause doubles up to this. */
  readonly longestPauseMs: number;
}

/** About three days: longer than a weekend without a mail server. */
export const DELIVERY: DeliveryPolicy = { attempts: 20, firstPauseMs: 60_000, longestPauseMs: 6 * 3_600_000 };

export interface SendReport {
  readonly sent: number;
  /** Not taken over; tried again later. */
  readonly failed: number;
  readonly parked: number;
  readonly unaddressed: number;
}

/**
 * One run over what is due. An attempt is recorded before it begins and the success after it: a process that is killed in between
 * leaves a message that is sent again, under the same Message-ID, and never one that is taken for sent.
 */
export async function sendDue(
  book: MessageBook,
  transport: Transport,
  addresses: PracticeAddresses,
  { policy = DELIVERY, signal }: { readonly policy?: DeliveryPolicy; readonly signal?: AbortSignal } = {},
): Promise<SendReport> {
  const report = { sent: 0, failed: 0, parked: 0, unaddressed: 0 };
  await book.addressed(transport.needsAddress ? [...addresses.keys()] : null);
  const begun = await book.now();
  while (signal?.aborted !== true) {
    const message = await book.nextDue(begun);
    if (message === null) break;
    const to = addresses.get(message.practice) ?? null;
    if (to === null && transport.needsAddress) {
      await book.unaddressed(message.id);
      report.unaddressed += 1;
      continue;
    }
    const attempt = message.attempts + 1;
    await book.begin(message.id, pauseAfter(attempt, policy));
    try {
      await transport.deliver(mailOf(message, transport.from, to));
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      const isGivenUp = error.isFinal || attempt >= policy.attempts;
      await book.failed(message.id, error.fault, isGivenUp);
      report[isGivenUp ? 'parked' : 'failed'] += 1;
      continue;
    }
    await book.sent(message.id);
    report.sent += 1;
  }
  return report;
}

/** Before the attempt after this one. */
export const pauseAfter = (attempt: number, { firstPauseMs, longestPauseMs }: DeliveryPolicy): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1));
