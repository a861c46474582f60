import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

export interface OpenLoopOptions {
  url: string;
  request: Buffer;
  connections: number;
  perSecond: number;
  seconds: number;
}

export interface OpenLoopResult {
  /** Milliseconds from when each request was due to its answer; by the status that it got. */
  accepted: number[];
  refused: number[];
  /** Other statuses, and connections that broke. */
  failed: number;
  seconds: number;
}

const TICK_MILLISECONDS = 2;
/** What is due is dropped, not sent late, when no connection is free: clients of that kind have given up. */
const SUCCESSFUL = Buffer.from('0a0100', 'hex');

/** Sends requests when they are due, whether the earlier ones are answered or not, over so many connections. */
export async function openLoop(options: OpenLoopOptions): Promise<OpenLoopResult> {
  const { url, request, connections, perSecond, seconds } = options;
  const { hostname, port, pathname, host } = new URL(url);
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/ocsp-request\r\ncontent-length: ${request.length}\r\n\r\n`;
  const message = Buffer.concat([Buffer.from(head), request]);
  const result: OpenLoopResult = { accepted: [], refused: [], failed: 0, seconds: 0 };
  const free: Socket[] = [];
  const dueAt = new Map<Socket, number>();
  const sockets = await Promise.all(Array.from({ length: connections }, () => opened()));
  free.push(...sockets);

  const start = performance.now();
  const end = start + seconds * 1000;
  for (let sent = 0, now = start; now < end; now = performance.now()) {
    const due = ((now - start) * perSecond) / 1000;
    for (; sent < due; sent += 1) {
      // In turns: one that nobody has used for a minute is closed.
      const socket = free.shift();
      if (!socket) continue;
      dueAt.set(socket, start + (sent * 1000) / perSecond);
      socket.write(message);
    }
    await delay(TICK_MILLISECONDS);
  }
  result.seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return result;

  async function opened(): Promise<Socket> {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.setNoDelay(true);
    let answer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
      const octets = octetsOf(answer);
      if (octets === undefined || answer.length < octets) return;
      note(socket, answer);
      answer = Buffer.alloc(0);
    });
    socket.on('error', () => (result.failed += 1));
    return socket;
  }

  function note(socket: Socket, answer: Buffer): void {
    const milliseconds = performance.now() - (dueAt.get(socket) ?? 0);
    const status = answer.toString('latin1', 9, 12);
    if (status === '200' && answer.includes(SUCCESSFUL)) result.accepted.push(milliseconds);
    else if (status === '503' && /retry-after: \d/i.test(answer.toString('latin1')))
      result.refused.push(milliseconds);
    else result.failed += 1;
    free.push(socket);
  }
}

/** Length of the whole message; undefined while its head is not complete. */
function octetsOf(answer: Buffer): number | undefined {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const length = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, end))?.[1];
  return end + 4 + Number(length);
}
