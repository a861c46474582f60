import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

import { NONCE_OCTETS, NONCE_PLACEHOLDER, refuseUnbuilt } from './built-page.ts';
import { CONSOLE_PATHS } from './console-paths.ts';
import { phoneRoutes } from './phone-routes.ts';
import { verifyRoutes } from './verify-routes.ts';

/** Names of built files carry a hash of their content: what has one name never changes. */
const ASSET_SECONDS_MAX = 31_536_000;

const PUBLIC = { config: { access: 'public' as const }, schema: { hide: true } };

/**
 * The console, built by `web/`: one page for every address of it, the holder's page, the public page that checks signatures, and their files. `folder` is absent where nothing was built; then
 * its addresses say so.
 */
export async function consoleRoutes(
  app: FastifyInstance,
  { folder, cardAgentUrl }: { folder: string | undefined; cardAgentUrl: string },
): Promise<void> {
  if (folder === undefined) {
    for (const path of CONSOLE_PATHS) app.get(path, PUBLIC, refuseUnbuilt);
    phoneRoutes(app, folder);
    verifyRoutes(app, folder);
    return;
  }
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  // Its routes are made here: each declares who may call it.
  await app.register(fastifyStatic, { root: folder, serve: false, index: false, preCompressed: true });
  for (const path of CONSOLE_PATHS) {
    app.get(path, PUBLIC, (_request, reply) => {
      const nonce = randomBytes(NONCE_OCTETS).toString('base64');
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-security-policy', contentSecurityPolicy(nonce, cardAgentUrl))
        .send(page.replace(NONCE_PLACEHOLDER, nonce));
    });
  }
  app.get('/assets/*', PUBLIC, (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    return reply.sendFile(`assets/${name}`, { maxAge: ASSET_SECONDS_MAX * 1000, immutable: true });
  });
  phoneRoutes(app, folder);
  verifyRoutes(app, folder);
  app.get('/seal.svg', PUBLIC, (_request, reply) => reply.sendFile('seal.svg'));
}

/**
 * Scripts come from files of this origin only, and nothing from another one but the answers of the card agent. The component library writes a few style elements of
 * its own, which the nonce admits; styles of elements are set by script, which the policy does not concern.
 */
function contentSecurityPolicy(nonce: string, cardAgentUrl: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    // On the clerk's own machine: it writes cards.
    `connect-src 'self' ${new URL(cardAgentUrl).origin}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
