import { Type } from 'typebox';

import { languageOf } from '../../signing/csc/csc-language.ts';
import { listCredentials } from '../../signing/csc/list-credentials.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf, cscRate } from './csc-caller.ts';
import { Certificates, ClientData, CredentialView, Lang } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

const LIST_RATE = cscRate(120);

export function listCredentialsRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/credentials/list',
    {
      config: { access: 'csc-client', rateLimit: LIST_RATE },
      schema: {
        operationId: 'csc-credentials-list',
        tags: ['CSC API v2'],
        summary: 'Credentials of a holder (§11.4)',
        body: Type.Object({
          userID: Type.Optional(
            Type.String({
              maxLength: 60,
              description: 'With a client’s own token: a council number as group-digits, or a national id',
            }),
          ),
          credentialInfo: Type.Optional(Type.Boolean({ default: false })),
          certificates: Certificates,
          certInfo: Type.Optional(Type.Boolean({ default: false })),
          authInfo: Type.Optional(Type.Boolean({ default: false })),
          onlyValid: Type.Optional(Type.Boolean({ default: false })),
          lang: Lang,
          clientData: ClientData,
        }),
        response: {
          200: Type.Object({
            credentialIDs: Type.Array(Type.String()),
            credentialInfos: Type.Optional(
              Type.Array(Type.Object({ credentialID: Type.String(), ...CredentialView })),
            ),
            onlyValid: Type.Optional(Type.Boolean()),
          }),
          ...cscRefusals,
        },
      },
    },
    async (request) => {
      const { userID, credentialInfo = false, certificates = 'single', lang } = request.body;
      const { certInfo = false, authInfo = false, onlyValid = false } = request.body;
      const found = await listCredentials(csc.house, cscCallerOf(request), {
        ...(userID !== undefined && { userId: userID }),
        certificates,
        certInfo,
        authInfo,
        onlyValid,
        language: languageOf(lang),
      });
      return {
        credentialIDs: found.map(({ credentialID }) => credentialID),
        ...(credentialInfo && { credentialInfos: found as never[] }),
        ...(onlyValid && { onlyValid }),
      };
    },
  );
}
