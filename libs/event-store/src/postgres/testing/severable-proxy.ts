/** A TCP proxy between a store and its server that can lose what a network loses: the answer, the connection, or both. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

export interface SeverableProxy {
  /** The database's connection string, through the proxy. */
  readonly url: string;
  /** From now on answers are swallowed; requests still reach the server. */
  readonly swallowAnswers: () => void;
  /** Breaks every connection, and answers again. */
  readonly sever: () => void;
  /** Refuses (or takes again) new connections. */
  readonly refuse: (refusing: boolean) => void;
  readonly close: () => Promise<void>;
}

export async function severableProxy(databaseUrl: string): Promise<SeverableProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let swallowing = false;
  let refusing = false;
  const server = createServer((downstream) => {
    if (refusing) return void downstream.destroy();
    const upstream = connect(Number(target.port || 5432), target.hostname);
    for (const [socket, other] of [[downstream, upstream], [upstream, downstream]] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    } // prettier-ignore
    downstream.on('data', (bytes) => upstream.write(bytes));
    upstream.on('data', (bytes) => swallowing || downstream.write(bytes));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const sever = () => {
    swallowing = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.toString(),
    swallowAnswers: () => (swallowing = true),
    sever,
    refuse: (now) => (refusing = now),
    close: async () => {
      sever();
      await new Promise((closed) => server.close(closed));
    },
  };
}
