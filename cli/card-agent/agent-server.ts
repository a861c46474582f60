import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { DomainError, errorCode } from '../../core/errors.ts';
import { AgentError, STATUS_OF } from './agent-error.ts';
import { answer } from './agent-routes.ts';
import type { AgentRoutes } from './agent-routes.ts';
import { PROMPT_HEADERS, promptPage } from './prompt-page.ts';
import type { PromptPages } from './prompt-pages.ts';
import { promptLanguage } from './prompt-texts.ts';
import { admitted, corsHeaders, preflightHeaders } from './request-guard.ts';
import type { Guard } from './request-guard.ts';
import { answerMac, readAuthorization } from './request-mac.ts';

/** A ticket with a chain, or a document in base64. */
const BODY_OCTETS_MAX = 262_144;
/** Tabs of one browser, each with a poll. */
const CONNECTIONS_MAX = 64;
const HEADERS_MAX = 64;
/** For headers and body; a poll is answered within 20 s of them. */
const REQUEST_MILLISECONDS_MAX = 15_000;

export interface AgentServerOptions {
  guard: Guard;
  routes: AgentRoutes;
  /** Absent: questions are asked at the terminal. */
  pages?: PromptPages;
  logFault(error: unknown): void;
}

/** The agent's HTTP server, on loopback and nowhere else; throws AgentError `agent-settings` when the port is taken. */
export async function startAgentServer(options: AgentServerOptions): Promise<Server> {
  const server = createServer(
    { headersTimeout: REQUEST_MILLISECONDS_MAX, requestTimeout: REQUEST_MILLISECONDS_MAX },
    (request, response) => void serve(options, request, response),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.maxHeadersCount = HEADERS_MAX;
  const { port } = options.guard;
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening.catch((cause: unknown) => {
    const code = errorCode(cause) ?? 'unknown';
    throw new AgentError('agent-settings', `cannot listen on 127.0.0.1:${port}: ${code}`, { cause });
  });
  return server;
}

async function serve(
  options: AgentServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  const admission = admitted(options.guard, { method, path, headers });
  try {
    if (admission === 'preflight') end(response, 204, preflightHeaders(options.guard, headers));
    else if (admission === 'prompt' && options.pages) await servePrompt(options.pages, request, response);
    else if (admission === 'api') await serveApi(options, request, response);
    else end(response, 403, {});
  } catch (error) {
    if (error instanceof AgentError) return end(response, STATUS_OF[error.code] ?? 400, {});
    options.logFault(error);
    end(response, 500, {});
  }
}

async function serveApi(
  { guard, routes, logFault }: AgentServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url: path = '', headers } = request;
  const cors = { ...corsHeaders(guard), 'content-type': 'application/json; charset=utf-8' };
  let signing: { key: Buffer; mac: string } | undefined;
  const reply = (status: number, body: object): void => {
    const text = JSON.stringify(body);
    const mac = signing && { 'mohr-agent-mac': answerMac(signing.key, signing.mac, status, text) };
    end(response, status, { ...cors, ...mac }, text);
  };
  try {
    const body = await bodyOf(request);
    const authorize = () => {
      const authorization = readAuthorization(headers.authorization);
      const pairing = routes.pairings.authorize(authorization, { method, path, body });
      signing = { key: pairing.key, mac: authorization.mac };
      return pairing;
    };
    const { status, result } = await answer(routes, { method, path, body, authorize });
    reply(status, result);
  } catch (error) {
    if (error instanceof DomainError) {
      const { code, detail } = error as DomainError;
      return reply(STATUS_OF[code] ?? 400, { code, detail });
    }
    logFault(error);
    reply(500, { code: 'agent-failed', detail: 'the agent met a fault of its own; its log has more' });
  }
}

async function servePrompt(
  pages: PromptPages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
  const id = pathname.slice('/prompts/'.length);
  if (request.method === 'POST') {
    const body = await bodyOf(request);
    pages.submit(id, new URLSearchParams(body.toString('utf8')));
    body.fill(0);
    return end(response, 303, { location: request.url ?? pathname, 'cache-control': 'no-store' });
  }
  const view = pages.view(id);
  const language = promptLanguage(searchParams.get('lang'), request.headers['accept-language']);
  end(response, view.kind === 'gone' ? 410 : 200, PROMPT_HEADERS, promptPage(view, language));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let octets = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    octets += part.length;
    if (octets > BODY_OCTETS_MAX)
      throw new AgentError('too-large', `a body has at most ${BODY_OCTETS_MAX} octets`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body?: string,
): void {
  if (response.headersSent) return;
  response.writeHead(status, headers);
  response.end(body);
}
