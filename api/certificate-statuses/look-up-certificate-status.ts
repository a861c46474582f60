import { Type } from 'typebox';

import type { LookedUpStatus } from '../../validation/look-up-status.ts';
import { CHECK_RATE } from '../rate-limits.ts';
import { Instant, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

/** `lookUpStatus` with trust, history and clock filled in. */
export type LookUpStatus = (certificate: Buffer) => Promise<LookedUpStatus>;

/** A certificate has some 2 KiB; a long chain of policies makes it ten. */
const CERTIFICATE_CHARACTERS_MAX = 65_536;

const Body = Type.Object(
  {
    certificate: Type.String({
      minLength: 4,
      maxLength: CERTIFICATE_CHARACTERS_MAX,
      pattern: '^[A-Za-z0-9+/=\\s]+$',
      description: 'Base64 of its DER, without PEM lines',
    }),
  },
  { additionalProperties: false },
);

const Answer = Type.Object({
  status: Type.Enum(['good', 'on-hold', 'revoked', 'not-issued', 'unknown-issuer']),
  isWithinValidity: Type.Boolean({ description: 'Whether now lies between notBefore and notAfter' }),
  since: Type.Optional(Instant),
  reason: Type.Optional(Type.String({ examples: ['certificateHold', 'keyCompromise'] })),
  invalidityDate: Type.Optional(Instant),
});

/** `POST /certificate-statuses`: a certificate in, its status out; for relying parties that speak no OCSP. */
export function lookUpCertificateStatus(
  app: TypedApp,
  { lookUpStatus }: { lookUpStatus: LookUpStatus },
): void {
  app.post(
    '/certificate-statuses',
    {
      config: { access: 'public', rateLimit: CHECK_RATE },
      schema: {
        operationId: 'look-up-certificate-status',
        tags: ['validations'],
        summary: 'Ask for the status of a certificate',
        body: Body,
        response: { 200: Answer, ...problems },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return lookUpStatus(Buffer.from(request.body.certificate, 'base64'));
    },
  );
}
