import { Type } from 'typebox';

import { authorizeCredential } from '../../signing/csc/authorize-credential.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf, cscRate } from './csc-caller.ts';
import { ClientData, CredentialID, Lang } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

/** Each has a phone ring. */
const AUTHORIZE_RATE = cscRate(600);
/** Whole documents may come along. */
const BODY_OCTETS_MAX = 1024 * 1024;

export function authorizeCredentialRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/credentials/authorize',
    {
      config: { access: 'csc-client', rateLimit: AUTHORIZE_RATE },
      bodyLimit: BODY_OCTETS_MAX,
      schema: {
        operationId: 'csc-credentials-authorize',
        tags: ['CSC API v2'],
        summary: 'Ask the holder on the phone to authorize exactly these hashes (§11.6)',
        body: Type.Object({
          credentialID: CredentialID,
          numSignatures: Type.Integer(),
          hashes: Type.Array(Type.String({ maxLength: 100 })),
          hashAlgorithmOID: Type.String({ maxLength: 100 }),
          authData: Type.Array(Type.Object({ id: Type.String({ maxLength: 100 }) })),
          description: Type.Optional(Type.String({ maxLength: 500 })),
          lang: Lang,
          clientData: ClientData,
          signature_format: Type.Optional(
            Type.String({ maxLength: 1, description: 'Beyond the specification: J or P, with documents' }),
          ),
          documents: Type.Optional(
            Type.Array(
              Type.Object({
                label: Type.Optional(Type.String({ maxLength: 500 })),
                document: Type.Optional(Type.String({ description: 'base64' })),
                mediaType: Type.Optional(Type.String({ maxLength: 100 })),
              }),
              {
                description:
                  'Beyond the specification: of each hash, what the phone shows: a label, or the whole document',
              },
            ),
          ),
        }),
        response: {
          202: Type.Object({
            handle: Type.String(),
            verificationCode: Type.String({
              description: 'Beyond the specification: show it, the holder picks the same on the phone',
            }),
          }),
          ...cscRefusals,
        },
      },
    },
    async (request, reply) =>
      reply.code(202).send(await authorizeCredential(csc.house, cscCallerOf(request), request.body)),
  );
}
