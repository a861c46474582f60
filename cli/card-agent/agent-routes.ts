import { isObject } from '../../core/is-object.ts';
import type { Clock } from '../../core/clock.ts';
import { AgentError } from './agent-error.ts';
import { readDocument, serialOf } from './operation-inputs.ts';
import type { Operations } from './operations.ts';
import type { Pairing, Pairings } from './pairings.ts';
import { readTicket } from './ticket.ts';

/** What the routes work with. */
export interface AgentRoutes {
  name: string;
  version: string;
  origin: string;
  pairings: Pairings;
  operations: Operations;
  clock: Clock;
  /** A holder's own machine: signatures without tickets, and nothing else. */
  isHolder: boolean;
}

interface Request {
  method: string;
  /** With its query. */
  path: string;
  body: Buffer;
  /** Throws unless the request is of a pairing. */
  authorize(): Pairing;
}

interface Answer {
  status: number;
  result: object;
}

/** A poll is held so long; the browser gives up after 30 s. */
const POLL_MILLISECONDS = 20_000;

interface Route {
  method: 'GET' | 'POST';
  path: RegExp;
  run(routes: AgentRoutes, request: Request, id: string): Promise<Answer> | Answer;
}

const ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/v1\/pairings$/,
    run: ({ pairings }, request) => ({ status: 201, result: pairings.begin(json(request)) }),
  },
  {
    method: 'POST',
    path: /^\/v1\/pairings\/([\w-]{1,64})\/key$/,
    run: ({ pairings }, request, id) => {
      pairings.showKey(id, json(request));
      return { status: 200, result: { state: 'pending' } };
    },
  },
  {
    method: 'GET',
    path: /^\/v1\/pairings\/([\w-]{1,64})$/,
    run: async ({ pairings }, _request, id) => ({
      status: 200,
      result: { state: await polling((wait) => pairings.state(id, wait)) },
    }),
  },
  {
    method: 'GET',
    path: /^\/v1\/agent$/,
    run: ({ name, version, pairings }, request) => {
      request.authorize();
      return { status: 200, result: { name, version, agentId: pairings.agentId } };
    },
  },
  { method: 'POST', path: /^\/v1\/operations$/, run: beginOperation },
  {
    method: 'GET',
    path: /^\/v1\/operations\/([\w-]{1,64})$/,
    run: async ({ operations }, request, id) => {
      const pairing = request.authorize();
      const query = new URL(request.path, 'http://127.0.0.1').searchParams;
      const seen = { state: query.get('state') ?? undefined, step: query.get('step') ?? undefined };
      return { status: 200, result: await polling((wait) => operations.report(id, pairing.id, seen, wait)) };
    },
  },
  { method: 'POST', path: /^\/v1\/signatures$/, run: beginSignature },
];

/** Answers a request of the one origin that is answered; throws AgentError. */
export async function answer(routes: AgentRoutes, request: Request): Promise<Answer> {
  const pathname = request.path.split('?')[0];
  for (const { method, path, run } of ROUTES) {
    const match = path.exec(pathname);
    if (match && method === request.method) return run(routes, request, match[1]);
  }
  throw new AgentError('not-found', 'there is nothing of this name');
}

function beginOperation(routes: AgentRoutes, request: Request): Answer {
  const { pairings, operations, origin, clock, isHolder } = routes;
  const pairing = request.authorize();
  if (isHolder) throw new AgentError('not-found', "a holder's agent takes no tickets");
  const { ticket } = json(request);
  if (typeof ticket !== 'string') throw new AgentError('request-malformed', 'ticket is missing');
  const expected = { ticketKey: pairing.ticketKey, issuer: origin, agentId: pairings.agentId, clock };
  return { status: 202, result: operations.begin(readTicket(ticket, expected), pairing.id) };
}

function beginSignature(routes: AgentRoutes, request: Request): Answer {
  const pairing = request.authorize();
  if (!routes.isHolder) throw new AgentError('not-found', 'this agent signs by tickets only');
  const body = json(request);
  const serial = body.cardSerial === undefined ? undefined : serialOf(body);
  return { status: 202, result: routes.operations.beginSignature(readDocument(body), serial, pairing.id) };
}

function json({ body }: Request): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new AgentError('request-malformed', 'the body is no JSON object');
}

/** Gives a poll its longest wait, and takes the timer away when it ends before. */
async function polling<T>(poll: (wait: Promise<void>) => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const wait = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, POLL_MILLISECONDS);
  });
  try {
    return await poll(wait);
  } finally {
    clearTimeout(timer);
  }
}
