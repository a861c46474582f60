import type { IncomingHttpHeaders } from 'node:http';

/** Who may ask what, before anything of a request is read. */
export interface Guard {
  /** The one origin whose pages are answered. */
  origin: string;
  port: number;
}

/** The names of this machine that the agent goes by; a page elsewhere that resolves to 127.0.0.1 sends another (DNS rebinding). */
function ownHosts({ port }: Guard): string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/** What a request is for; undefined: it gets an empty 403 whatever it asks. */
export function admitted(
  guard: Guard,
  { method, path, headers }: { method: string; path: string; headers: IncomingHttpHeaders },
): 'api' | 'preflight' | 'prompt' | undefined {
  if (!ownHosts(guard).includes(headers.host ?? '')) return undefined;
  if (path.startsWith('/prompts/')) return isPromptRequest(guard, method, headers) ? 'prompt' : undefined;
  if (headers.origin !== guard.origin) return undefined;
  if (method === 'OPTIONS') return 'preflight';
  return path.startsWith('/v1/') ? 'api' : undefined;
}

/** A prompt is opened by navigating to it, and answered by its own form; no page may read it or send into it. */
function isPromptRequest(guard: Guard, method: string, headers: IncomingHttpHeaders): boolean {
  const { origin } = headers;
  const own = ownHosts(guard).map((host) => `http://${host}`);
  if (method === 'POST') return origin !== undefined && own.includes(origin);
  const destination = headers['sec-fetch-dest'];
  return (
    method === 'GET' && origin === undefined && (destination === undefined || destination === 'document')
  );
}

/** Answers of the API to the one origin. */
export function corsHeaders({ origin }: Guard): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'mohr-agent-mac',
    vary: 'origin',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
  };
}

/** The answer to a preflight: CORS, and Private Network Access where the browser asks for it. */
export function preflightHeaders(guard: Guard, headers: IncomingHttpHeaders): Record<string, string> {
  return {
    ...corsHeaders(guard),
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '600',
    ...(headers['access-control-request-private-network'] === 'true' && {
      'access-control-allow-private-network': 'true',
    }),
  };
}
