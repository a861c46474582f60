import type { FastifyInstance, FastifyRequest } from 'fastify';

import { DomainError } from '../core/errors.ts';
import { assertRole } from '../ra/officer.ts';
import type { Officer, Role } from '../ra/officer.ts';
import { officerOfSession } from '../ra/sign-in.ts';
import type { SignInHouse } from '../ra/sign-in.ts';

/** Who may call a route: everybody, anybody who is signed in, or officers with one of the roles. */
export type Access = 'public' | 'signed-in' | readonly Role[];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    officer: Officer | null;
    /** Code of the session cookie that was presented. */
    sessionSecret: string | null;
  }
}

export const SESSION_COOKIE = 'mohr_session';

/**
 * Checks the session and role that each route declares, before its body is looked at. A route that declares nothing
 * does not start: forgetting is not a way to be public.
 */
export function requireDeclaredAccess(app: FastifyInstance, house: SignInHouse): void {
  app.decorateRequest('officer', null);
  app.decorateRequest('sessionSecret', null);
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`route ${route.url} declares no access`);
  });
  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined || access === 'public') return;
    await identify(request, house);
    if (access !== 'signed-in') assertRole(officerOf(request), access);
  });
}

/** The signed-in officer; only in routes that are not public. */
export function officerOf(request: FastifyRequest): Officer {
  if (!request.officer) throw new DomainError('session-missing', 'sign in first');
  return request.officer;
}

async function identify(request: FastifyRequest, house: SignInHouse): Promise<void> {
  const secret = request.cookies[SESSION_COOKIE];
  if (!secret) throw new DomainError('session-missing', 'sign in first');
  request.officer = await officerOfSession(house, secret);
  request.sessionSecret = secret;
}
