/** A real SMTP server on this machine, which does with messages what a test asks it to. */
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

export interface Received {
  readonly messageId: string;
  readonly to: readonly string[];
  /** The message as it came, headers first. */
  readonly raw: string;
}

export interface MailServerAnswers {
  /** Status with which a receiver is refused; null = accepted. */
  readonly refuseReceiver?: (address: string) => number | null;
  /** Called with a whole message before it is answered; the sender waits meanwhile. */
  readonly onMessage?: (received: Received, session: SMTPServerSession) => void | Promise<void>;
}

export class MailServer {
  /** Every message that came whole, in order. */
  readonly received: Received[] = [];
  readonly #server: SMTPServer;

  private constructor(private readonly answers: MailServerAnswers) {
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, answer) => {
        const status = this.answers.refuseReceiver?.(address) ?? null;
        answer(status === null ? null : Object.assign(new Error('not here'), { responseCode: status }));
      },
      onData: (stream, session, answer) => {
        let raw = '';
        stream.on('data', (part: Buffer) => (raw += part.toString('utf8')));
        stream.on('end', () => {
          const messageId = /^Message-ID: (.*)$/im.exec(raw)?.[1]?.trim() ?? '';
          const received = { messageId, to: session.envelope.rcptTo.map(({ address }) => address), raw };
          this.received.push(received);
          Promise.resolve(this.answers.onMessage?.(received, session)).then(
            () => answer(),
            (error: Error) => answer(error),
          );
        });
      },
    });
    // a client that goes away in the middle is what some tests are about
    this.#server.on('error', () => undefined);
  }

  static async start(answers: MailServerAnswers = {}): Promise<MailServer> {
    const server = new MailServer(answers);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', () => resolve()));
    return server;
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  /** Cuts every connection, as a server that dies. */
  cut(): void {
    for (const connection of this.#server.connections as Iterable<{ _socket: { destroy(): void } }>) connection._socket.destroy();
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
