import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';

import { DomainError } from '../core/errors.ts';
import { assertRole } from '../ra/officer.ts';
import type { Officer, Role } from '../ra/officer.ts';
import { assertFreshProof } from '../ra/fresh-proof.ts';
import { livingSession } from '../ra/sign-in.ts';
import type { LivingSession } from '../ra/sign-in.ts';
import type { OfficeHouse } from '../ra/offices/office-house.ts';
import type { SignInHouse } from '../ra/sign-in-house.ts';
import type { SessionCookie } from './session-cookie.ts';
import { MACHINES } from './signing-callers.ts';
import type { Machine, RecogniseMachine } from './signing-callers.ts';
import { clientCertificateOf } from './tls-listener.ts';

/** Who may call a route: everybody, machines of a kind, anybody who is signed in, or officers with one of the roles. */
export type Access = 'public' | Machine | 'signed-in' | readonly Role[];

export interface DeclaredAccess {
  method: string;
  /** With its parameters' names: `/api/v1/applications/:id`. */
  url: string;
  access: Access;
  proof?: 'fresh';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** Asks that the officer has proved within minutes who they are; for what changes how they prove it. */
    proof?: 'fresh';
  }
  interface FastifyInstance {
    /** Every route of this house with who may call it, in the order of their making. */
    declaredAccess: DeclaredAccess[];
  }
  interface FastifyRequest {
    officer: Officer | null;
    session: LivingSession | null;
    /** Code of the session cookie that was presented. */
    sessionSecret: string | null;
  }
}

export interface AccessOptions {
  signIn: OfficeHouse;
  /** Addresses of this service, whose pages may send what changes something. */
  ownUrls: readonly string[];
  sessionCookie: SessionCookie;
  recognise: RecogniseMachine;
}

/**
 * Checks the session and role that each route declares, before its body is looked at. A route that declares nothing
 * does not start: forgetting is not a way to be public.
 */
export function requireDeclaredAccess(
  app: FastifyInstance,
  { signIn, ownUrls, sessionCookie, recognise }: AccessOptions,
): void {
  const ownHosts = ownUrls.map((url) => new URL(url).host);
  const declared: DeclaredAccess[] = [];
  app.decorate('declaredAccess', declared);
  app.decorateRequest('officer', null);
  app.decorateRequest('session', null);
  app.decorateRequest('sessionSecret', null);
  app.decorateRequest('relyingParty', null);
  app.decorateRequest('device', null);
  app.decorateRequest('cscCaller', null);
  app.addHook('onRoute', (route) => void declared.push(...declaredBy(route)));
  app.addHook('onRequest', async (request) => {
    const { access, proof } = request.routeOptions.config;
    if (access === undefined || access === 'public') return;
    const machine = MACHINES.find((kind) => kind === access);
    if (machine) return recognise(machine, request);
    assertSameSite(request, ownHosts);
    await identify(request, signIn, sessionCookie);
    if (typeof access !== 'string') assertRole(officerOf(request), access);
    if (proof === 'fresh') await assertFreshProof(signIn, sessionOf(request));
  });
}

/** The signed-in officer; only in routes that are not public. */
export function officerOf(request: FastifyRequest): Officer {
  if (!request.officer) throw new DomainError('session-missing', 'sign in first');
  return request.officer;
}

/** The session of the signed-in officer; only in routes that are not public. */
export function sessionOf(request: FastifyRequest): LivingSession {
  if (!request.session) throw new DomainError('session-missing', 'sign in first');
  return request.session;
}

function declaredBy({ method, url, config }: RouteOptions): DeclaredAccess[] {
  const access = config?.access;
  if (access === undefined) throw new Error(`route ${url} declares no access`);
  const asked = config?.proof && { proof: config.proof };
  return [method].flat().map((one) => ({ method: one, url, access, ...asked }));
}

/**
 * Beside the cookie's SameSite: browsers say which site a request comes from, in Sec-Fetch-Site or else in Origin. What
 * another site makes a browser send changes nothing here, whatever the browser does with cookies.
 */
function assertSameSite({ method, headers }: FastifyRequest, ownHosts: readonly string[]): void {
  if (method === 'GET' || method === 'HEAD') return;
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const isOurs =
    site === undefined
      ? origin === undefined || [host, ...ownHosts].includes(hostOf(origin))
      : site === 'same-origin' || site === 'none';
  if (!isOurs) throw new DomainError('cross-site-request', 'another site sent this request');
}

/** Undefined for `null`, which sandboxed frames and redirects send. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

async function identify(request: FastifyRequest, house: SignInHouse, { name }: SessionCookie): Promise<void> {
  const secret = request.cookies[name];
  if (!secret) throw new DomainError('session-missing', 'sign in first');
  const certificateSha256 = clientCertificateOf(request);
  request.session = await livingSession(house, secret, { ...(certificateSha256 && { certificateSha256 }) });
  request.officer = request.session.officer;
  request.sessionSecret = secret;
}
