import { Type } from 'typebox';

import { signHashes } from '../../signing/csc/sign-hashes.ts';
import { DOCUMENTS_MAX } from '../../signing/sessions/session.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf } from './csc-caller.ts';
import { ClientData, CredentialID, Sad, SignedHashesView } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';
import { operation, operationOf } from './operation-mode.ts';

export function signHashRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/signatures/signHash',
    {
      config: { access: 'csc-client' },
      schema: {
        operationId: 'csc-signatures-sign-hash',
        tags: ['CSC API v2'],
        summary: 'The signature values that a holder has authorized over hashes of the client, once (§11.10)',
        body: Type.Object({
          credentialID: CredentialID,
          SAD: Sad,
          hashes: Type.Array(Type.String({ maxLength: 100 }), { maxItems: DOCUMENTS_MAX }),
          hashAlgorithmOID: Type.Optional(Type.String({ maxLength: 100 })),
          signAlgo: Type.String({ maxLength: 100 }),
          signAlgoParams: Type.Optional(Type.String({ maxLength: 1_000 })),
          ...operation,
          clientData: ClientData,
        }),
        response: {
          200: Type.Object({ ...SignedHashesView, responseID: Type.Optional(Type.String()) }),
          ...cscRefusals,
        },
      },
    },
    async (request) =>
      signHashes(csc.house, csc.oauth, cscCallerOf(request), {
        ...request.body,
        SAD: request.body.SAD,
        ...operationOf(request.body),
      }),
  );
}
