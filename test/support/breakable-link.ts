import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A database as seen over a network that can be cut: connections end at once, and new ones are refused. */
export interface BreakableLink {
  url: string;
  cut(): void;
  /** From now on it leads to another server, where one is given. */
  mend(databaseUrl?: string): Promise<void>;
}

export async function breakableLink(
  t: { teardown(undo: () => void): void },
  databaseUrl: string,
): Promise<BreakableLink> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        sockets.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => (sockets.delete(one), other.destroy()));
        one.pipe(other);
      }
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const cut = () => {
    server?.close();
    for (const socket of sockets) socket.destroy();
  };
  const port = await listen(0);
  t.teardown(cut);
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const mend = async (otherUrl = target.href): Promise<void> => {
    target = new URL(otherUrl);
    await listen(port);
  };
  return { url: url.href, cut, mend };
}
