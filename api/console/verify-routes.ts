import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FastifyInstance } from 'fastify';

import { NONCE_OCTETS, NONCE_PLACEHOLDER, refuseUnbuilt } from './built-page.ts';
import { publicPagePolicy } from './page-policy.ts';

const PUBLIC = { config: { access: 'public' as const }, schema: { hide: true } };

/** A page that reads files has no use for anything else of the machine. */
const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';

/** The public page that checks signatures; what its links open stands in their fragments, which are not sent. */
export function verifyRoutes(app: FastifyInstance, folder: string | undefined): void {
  if (folder === undefined) {
    app.get('/verify', PUBLIC, refuseUnbuilt);
    return;
  }
  const page = readFileSync(join(folder, 'verify.html'), 'utf8');
  app.get('/verify', PUBLIC, (_request, reply) => {
    const nonce = randomBytes(NONCE_OCTETS).toString('base64');
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', publicPagePolicy(nonce))
      .header('permissions-policy', PERMISSIONS)
      .send(page.replace(NONCE_PLACEHOLDER, nonce));
  });
}
