import { Type } from 'typebox';

import { SIGNATURE_FORMATS } from '../../signing/assemble-signature.ts';
import { deviceAlgorithmOf } from '../../signing/device-key.ts';
import { openRequest } from '../../signing/devices/open-request.ts';
import type { OpenRequest } from '../../signing/devices/open-request.ts';
import { PDF_MEDIA_TYPE, STRUCTURED_MEDIA_TYPES } from '../../signing/display/display-document.ts';
import type { SessionDocument } from '../../signing/sessions/session.ts';
import { PATIENT_VIEWS } from '../../signing/relying-parties/relying-party.ts';
import type { ApiServices } from '../api-services.ts';
import { Instant, Uuid, problems } from '../schemas.ts';
import { deviceOf } from '../signing-callers.ts';
import { WaitSeconds } from '../signature-sessions/session-view.ts';
import type { TypedApp } from '../typed-app.ts';
import type { UntilGone } from '../until-gone.ts';
import { Sha256Hex } from './device-schemas.ts';

const OpenRequestView = Type.Object({
  id: Uuid,
  displayedName: Type.String({ description: 'Who asks' }),
  patientView: Type.Enum(PATIENT_VIEWS),
  format: Type.Enum(SIGNATURE_FORMATS),
  expiresAt: Instant,
  algorithm: Type.String({
    description: 'JWS name of how the key signs a JWS; for CAdES it signs with SHA-256',
  }),
  chain: Type.Array(Type.String(), {
    description: "DER, base64: the signer's certificate first. They are what x5c of a JWS holds",
  }),
  documents: Type.Array(
    Type.Object({
      title: Type.String(),
      mediaType: Type.Optional(Type.Enum([...STRUCTURED_MEDIA_TYPES, PDF_MEDIA_TYPE])),
      content: Type.Optional(
        Type.String({
          description:
            'base64: show it, and hash it; of a PDF, without the octets from signatureStart to signatureEnd, which have to be <0…0>',
        }),
      ),
      signatureStart: Type.Optional(Type.Integer()),
      signatureEnd: Type.Optional(Type.Integer()),
      sha256: Type.Optional(Sha256Hex),
      displayText: Type.Optional(Type.String()),
    }),
  ),
});

export function readOpenRequestRoute(
  app: TypedApp,
  services: Pick<ApiServices, 'signing'>,
  gone: UntilGone,
): void {
  app.get(
    '/device/signature-session',
    {
      config: { access: 'device' },
      schema: {
        operationId: 'read-open-request',
        tags: ['phones'],
        summary: 'What waits to be signed on this phone; with wait, as soon as there is something',
        querystring: Type.Object({ wait: Type.Optional(WaitSeconds) }),
        response: { 200: OpenRequestView, 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const { wait = 0 } = request.query;
      const found = await openRequest(services.signing.sessions, deviceOf(request), {
        waitMilliseconds: wait * 1000,
        ...(wait > 0 && { signal: gone(reply) }),
      });
      return found ? viewOfRequest(found) : reply.code(204).send(null);
    },
  );
}

function viewOfRequest({ session, certificate, chain, documents, ...shown }: OpenRequest) {
  return {
    id: session.id,
    displayedName: shown.displayedName,
    patientView: shown.patientView,
    format: session.format,
    expiresAt: session.expiresAt.toISOString(),
    algorithm: deviceAlgorithmOf(certificate).jws.name,
    chain: [certificate, ...chain].map(({ bytes }) => bytes.toString('base64')),
    // Of what is shown the phone makes the hash by itself.
    documents: documents.map(viewOfDocument),
  };
}

function viewOfDocument({ title, sha256, signed }: SessionDocument) {
  if ('content' in signed)
    return { title, mediaType: signed.mediaType, content: signed.content.toString('base64') };
  const { displayText, pdf } = signed;
  if (!pdf) return { title, sha256: sha256.toString('hex'), displayText };
  return {
    title,
    displayText,
    mediaType: PDF_MEDIA_TYPE,
    content: pdf.document.toString('base64'),
    signatureStart: pdf.start,
    signatureEnd: pdf.end,
  } as const;
}
