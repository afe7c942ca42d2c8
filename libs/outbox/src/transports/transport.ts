import type { Mail } from '../mail';

/** A way to deliver messages. */
export interface Transport {
  /** Whether a message to a practice without an address can be delivered all the same. */
  readonly needsAddress: boolean;
  /** Address in `From`. */
  readonly from: string;
  /**
   * Resolves when the message was taken over by the next in line. Throws DeliveryError; then it was not, or that is not known.
   * Delivering a message again is harmless as far as the transport says.
   */
  deliver(mail: Mail): Promise<void>;
  close(): void;
}

/** A message was not taken over. `fault` is a code and holds no text of a server, which may quote addresses. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  constructor(
    readonly fault: string,
    /** The receiver refused the message itself: it will do so again. */
    readonly isFinal: boolean,
    options?: ErrorOptions,
  ) {
    super(fault, options);
  }
}
