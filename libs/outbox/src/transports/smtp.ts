import { createTransport } from 'nodemailer';
import { DeliveryError, type Transport } from './transport';

/** A server that does not answer is given up for this attempt. */
const CONNECT_MS = 10_000;
const IDLE_MS = 30_000;

/**
 * Mail by SMTP, over TLS wherever the server offers it. A message counts as delivered when the server has taken it over: that is no
 * proof that the practice got it. The protocol knows no way to ask whether a message was taken over when the connection broke before
 * the answer came, so it is then sent again, under the same Message-ID.
 * @param url `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte; never logged
 */
export function smtpTransport(url: string, from: string): Transport {
  const client = createTransport({
    url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: IDLE_MS,
    // the text is ours: nothing in it may make the library read a file or an address
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    needsAddress: true,
    from,
    deliver: async ({ to, ...mail }) => {
      if (to === null) throw new DeliveryError('NO-ADDRESS', true);
      try {
        await client.sendMail({ ...mail, to });
      } catch (error) {
        throw deliveryError(error);
      }
    },
    close: () => client.close(),
  };
}

/** What a server says of the message or its receiver with 5yz will be said again; of the sign-in, the sender's set-up is at fault. */
function deliveryError(error: unknown): DeliveryError {
  const { code, responseCode, command } = error as { code?: string; responseCode?: number; command?: string };
  if (responseCode === undefined) return new DeliveryError(code ?? 'SMTP', false, { cause: error });
  const step = /^(RCPT TO|DATA)$/.test(command ?? '') ? command : null;
  return new DeliveryError(`SMTP-${responseCode}${step === null ? '' : ` ${step}`}`, responseCode >= 500 && step !== null, {
    cause: error,
  });
}
