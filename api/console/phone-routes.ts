import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FastifyInstance } from 'fastify';

import { NONCE_OCTETS, NONCE_PLACEHOLDER, refuseUnbuilt } from './built-page.ts';
import { publicPagePolicy } from './page-policy.ts';

const PUBLIC = { config: { access: 'public' as const }, schema: { hide: true } };

/** What the app is made of beside its page: looked for anew each time, for their addresses never change. */
const FILES = [
  'manifest.webmanifest',
  'icon-180.png',
  'icon-192.png',
  'icon-512.png',
  'icon-maskable-512.png',
] as const;

/** The holder's page with its app: manifest, icons, service worker. After `consoleRoutes`, which owns the folder. */
export function phoneRoutes(app: FastifyInstance, folder: string | undefined): void {
  if (folder === undefined) {
    app.get('/phone', PUBLIC, refuseUnbuilt);
    return;
  }
  const page = readFileSync(join(folder, 'phone.html'), 'utf8');
  app.get('/phone', PUBLIC, (_request, reply) => {
    const nonce = randomBytes(NONCE_OCTETS).toString('base64');
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', publicPagePolicy(nonce, APP))
      .header('permissions-policy', PERMISSIONS)
      .send(page.replace(NONCE_PLACEHOLDER, nonce));
  });
  app.get('/phone/worker.js', PUBLIC, (_request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      // Its own folder would be all that it may serve.
      .header('service-worker-allowed', '/phone')
      .header('content-security-policy', WORKER_POLICY)
      .sendFile('phone/worker.js', { cacheControl: false }),
  );
  for (const name of FILES)
    app.get(`/phone/${name}`, PUBLIC, (_request, reply) =>
      reply.header('cache-control', 'no-cache').sendFile(`phone/${name}`, { cacheControl: false }),
    );
}

/** The page can be installed. */
const APP = ["manifest-src 'self'", "worker-src 'self'"];

/** It fetches the page and its files, and nothing else. */
const WORKER_POLICY = "default-src 'none'; connect-src 'self'";

/** The page asks for nothing of the phone but its authenticator. */
const PERMISSIONS =
  'camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)';
