import { ConnectionError, problemOf } from './problem.ts';
import { noteConnection } from './connection.ts';
import { noteSessionLost } from './session-lost.ts';

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  /** The service does it once, however often it is asked. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** A 401 of signing in is an answer, not a session that was lost. */
  isSigningIn?: boolean;
  /** Of a phone; its 401 is no lost session of an officer, either. */
  token?: string;
  /** Absent: as long as the service takes for its own requests. */
  millisecondsMax?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The API of the service that sent this page. */
const BASE = '/api/v1';
/** A request that takes longer has been lost on the way; the service ends its own after 30 s. */
export const MILLISECONDS_MAX = 40_000;

/** Sends a request and reads the JSON that comes back; throws ProblemError or ConnectionError. */
export async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  return readAnswer(await send(method, path, options), options);
}

/** What the service says; throws ProblemError. */
export async function readAnswer<T>(
  response: Response,
  options: Pick<RequestOptions, 'isSigningIn' | 'token'> = {},
): Promise<T> {
  noteConnection(true);
  if (!response.ok) {
    const problem = await problemOf(response);
    const isOfOfficer = !options.isSigningIn && options.token === undefined;
    if (problem.status === 401 && isOfOfficer) noteSessionLost();
    throw problem;
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function send(method: Method, path: string, options: RequestOptions): Promise<Response> {
  const { query, body, signal, idempotencyKey, token, millisecondsMax = MILLISECONDS_MAX } = options;
  const timeout = AbortSignal.timeout(millisecondsMax);
  try {
    return await fetch(addressOf(path, query), {
      method,
      credentials: 'same-origin',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    // The page itself has lost interest.
    if (signal?.aborted) throw error;
    noteConnection(false);
    throw new ConnectionError(error);
  }
}

/** Where an operation of the API is. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const parameters = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `${BASE}${path}${given.length > 0 ? `?${parameters.toString()}` : ''}`;
}
