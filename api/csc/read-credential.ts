import { Type } from 'typebox';

import { languageOf } from '../../signing/csc/csc-language.ts';
import { readCredential } from '../../signing/csc/list-credentials.ts';
import { readCredentialId } from '../../signing/csc/read-signing-request.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf, cscRate } from './csc-caller.ts';
import { Certificates, ClientData, CredentialID, CredentialView, Lang } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

const READ_RATE = cscRate(240);

export function readCredentialRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/credentials/info',
    {
      config: { access: 'csc-client', rateLimit: READ_RATE },
      schema: {
        operationId: 'csc-credentials-info',
        tags: ['CSC API v2'],
        summary: 'One credential, its certificate, and how it is authorized (§11.5)',
        body: Type.Object({
          credentialID: CredentialID,
          certificates: Certificates,
          certInfo: Type.Optional(Type.Boolean({ default: false })),
          authInfo: Type.Optional(Type.Boolean({ default: false })),
          lang: Lang,
          clientData: ClientData,
        }),
        response: { 200: Type.Object(CredentialView), ...cscRefusals },
      },
    },
    async (request) => {
      const {
        credentialID,
        certificates = 'single',
        certInfo = false,
        authInfo = false,
        lang,
      } = request.body;
      const { credentialID: _id, ...found } = await readCredential(csc.house, cscCallerOf(request), {
        certificateSha256: readCredentialId(credentialID),
        certificates,
        certInfo,
        authInfo,
        language: languageOf(lang),
      });
      return found as never;
    },
  );
}
