import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface ConnectionLimits {
  /** From so many on, connections that nobody uses are closed to make room. */
  crowded: number;
  /** Beyond, new ones are closed unheard: each costs memory and one more place in the queue. */
  max: number;
}

/** With 20 µs an answer, as many clients at once wait 80 ms at most; each connection takes some 20 KB. */
const LIMITS: ConnectionLimits = { crowded: 4_096, max: 8_192 };
/** Looking for idle connections goes through all of them. */
const CLOSING_INTERVAL_MILLISECONDS = 100;
/** Who has not sent a request's head by then is not going to, or holds a place on purpose; bodies get as long as any request. */
const HEADERS_MILLISECONDS_MAX = 10_000;

/**
 * Bounds what clients can hold of a server that everybody may ask: connections, and time for sending a head. `others` are
 * those of its connections that it does not know itself.
 */
export function limitConnections(
  server: Server,
  others: { closeIdle(): void },
  { crowded, max }: ConnectionLimits = LIMITS,
): void {
  let connections = 0;
  let closedAtMs = -CLOSING_INTERVAL_MILLISECONDS;
  server.headersTimeout = HEADERS_MILLISECONDS_MAX;
  server.maxConnections = max;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    socket.once('close', () => (connections -= 1));
    if (connections <= crowded || performance.now() - closedAtMs < CLOSING_INTERVAL_MILLISECONDS) return;
    closedAtMs = performance.now();
    server.closeIdleConnections();
    others.closeIdle();
  });
}
