import { Type } from 'typebox';
import type { Static } from 'typebox';

import { countCredentials } from '../../ra/count-credentials.ts';
import { signInWithPasskey } from '../../ra/passkeys/sign-in-with-passkey.ts';
import { signInWithCertificate } from '../../ra/officer-certificates/sign-in-with-certificate.ts';
import { endReplacedSession, livingSession, signIn } from '../../ra/sign-in.ts';
import type { NewSession } from '../../ra/sign-in.ts';
import type { OfficeHouse } from '../../ra/offices/office-house.ts';
import { clientCertificateOf } from '../tls-listener.ts';
import { AuthenticationResponse } from '../passkeys/web-authn-schemas.ts';
import { callerNetwork } from '../caller-network.ts';
import { problems } from '../schemas.ts';
import type { SessionCookie } from '../session-cookie.ts';
import type { TypedApp } from '../typed-app.ts';
import { SessionView, viewOfSession } from './session-view.ts';

const body = Type.Object(
  {
    loginLink: Type.Optional(
      Type.String({ minLength: 43, maxLength: 43, description: 'Secret of a one-time login link' }),
    ),
    passkey: Type.Optional(AuthenticationResponse),
    certificate: Type.Optional(
      Type.Literal(true, { description: 'With the client certificate of this TLS connection' }),
    ),
  },
  { additionalProperties: false, minProperties: 1, maxProperties: 1 },
);

export function createSessionRoute(app: TypedApp, house: OfficeHouse, { name, secure }: SessionCookie): void {
  app.post(
    '/sessions',
    {
      config: { access: 'public', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: {
        operationId: 'sign-in',
        tags: ['sessions'],
        summary: 'Sign in with a one-time login link, a passkey or a certificate; sets the session cookie',
        body,
        response: { 201: SessionView, ...problems },
      },
    },
    async (request, reply) => {
      const certificateSha256 = clientCertificateOf(request);
      const { officer, sessionSecret, expiresAt } = await signInBy(house, request, certificateSha256);
      await endReplacedSession(house, request.cookies[name]);
      const session = await livingSession(house, sessionSecret, {
        ...(certificateSha256 && { certificateSha256 }),
      });
      return reply
        .code(201)
        .setCookie(name, sessionSecret, {
          path: '/',
          httpOnly: true,
          sameSite: 'strict',
          secure,
          expires: expiresAt,
        })
        .send(viewOfSession(session, await countCredentials(house, officer)));
    },
  );
}

interface SignInRequest {
  body: Static<typeof body>;
  ip: string;
  headers: { 'user-agent'?: string };
}

function signInBy(
  house: OfficeHouse,
  { body: { loginLink, passkey }, ip, headers }: SignInRequest,
  certificateSha256: Buffer | undefined,
): Promise<NewSession> {
  const userAgent = headers['user-agent'];
  const caller = { address: callerNetwork(ip), ...(userAgent !== undefined && { userAgent }) };
  if (passkey) return signInWithPasskey(house, passkey, caller);
  if (loginLink !== undefined) return signIn(house, loginLink, caller);
  return signInWithCertificate(house, certificateSha256, caller);
}
