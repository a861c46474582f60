import { Type } from 'typebox';

import { CscError } from '../../signing/csc/csc-error.ts';
import { pollSignatures } from '../../signing/csc/release-signatures.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf } from './csc-caller.ts';
import { ClientData, SignedDocumentsView, SignedHashesView } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

export function pollSignaturesRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/signatures/signPolling',
    {
      config: { access: 'csc-client' },
      schema: {
        operationId: 'csc-signatures-sign-polling',
        tags: ['CSC API v2'],
        summary: 'What an asynchronous request was answered (§11.12)',
        body: Type.Object({
          requestID: Type.String({ maxLength: 100 }),
          userID: Type.Optional(Type.String({ maxLength: 60 })),
          clientData: ClientData,
        }),
        response: { 200: Type.Object({ ...SignedDocumentsView, ...SignedHashesView }), ...cscRefusals },
      },
    },
    async (request) => {
      const { requestID, userID } = request.body;
      const caller = cscCallerOf(request);
      if (userID !== undefined && caller.authorization)
        throw new CscError('invalid_request', 'userID parameter SHALL be null');
      return pollSignatures(csc.house, caller, requestID);
    },
  );
}
