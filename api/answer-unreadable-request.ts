import type { Socket } from 'node:net';

import { PROBLEM_MEDIA_TYPE, problem } from './problem.ts';
import type { Problem } from './problem.ts';

/** What Node says of a request that never became one; anything else is malformed HTTP. */
const ANSWERS: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: problem(408, 'request-timeout', 'the request was not complete in time'),
  HPE_HEADER_OVERFLOW: problem(431, 'headers-too-large', 'the header fields are too large'),
};
const MALFORMED = problem(400, 'request-malformed', 'this is not HTTP/1.1');

/** Answers on the bare socket where HTTP could not be read, and closes it: what follows could not be told apart. */
export function answerUnreadableRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) socket.write(rawResponse(ANSWERS[error.code ?? ''] ?? MALFORMED));
  socket.destroySoon();
}

function rawResponse(answer: Problem): string {
  const body = JSON.stringify(answer);
  const head = [
    `HTTP/1.1 ${answer.status} ${answer.title}`,
    `Content-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
