import { Type } from 'typebox';

import { signDocuments } from '../../signing/csc/sign-documents.ts';
import { invalidParameter } from '../../signing/csc/csc-error.ts';
import { DOCUMENTS_MAX } from '../../signing/sessions/session.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf } from './csc-caller.ts';
import { ClientData, CredentialID, Sad, SignedDocumentsView } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';
import { operation, operationOf } from './operation-mode.ts';

/** A document of which only the hash was shown may be a scan. */
const BODY_OCTETS_MAX = 16 * 1024 * 1024;

const wish = {
  signature_format: Type.String({ maxLength: 10 }),
  conformance_level: Type.Optional(Type.String({ maxLength: 40 })),
  signAlgo: Type.String({ maxLength: 100 }),
  signAlgoParams: Type.Optional(Type.String({ maxLength: 1_000 })),
  signed_props: Type.Optional(Type.Array(Type.Unknown(), { maxItems: 20 })),
  signed_envelope_property: Type.Optional(Type.String({ maxLength: 40 })),
};

export function signDocumentRoute(app: TypedApp, { csc }: CscRouteServices): void {
  app.post(
    '/signatures/signDoc',
    {
      config: { access: 'csc-client', isUpload: true },
      bodyLimit: BODY_OCTETS_MAX,
      schema: {
        operationId: 'csc-signatures-sign-doc',
        tags: ['CSC API v2'],
        summary: 'The signatures that a holder has authorized, once (§11.11)',
        body: Type.Object({
          credentialID: CredentialID,
          SAD: Sad,
          documents: Type.Optional(
            Type.Array(Type.Object({ document: Type.String(), ...wish }), { maxItems: DOCUMENTS_MAX }),
          ),
          documentDigests: Type.Optional(
            Type.Array(
              Type.Object({
                // A text stands for a list of one.
                hashes: Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: DOCUMENTS_MAX }),
                hashAlgorithmOID: Type.Optional(Type.String({ maxLength: 100 })),
                ...wish,
              }),
              { maxItems: DOCUMENTS_MAX },
            ),
          ),
          ...operation,
          returnValidationInfo: Type.Optional(Type.Boolean({ default: false })),
          clientData: ClientData,
        }),
        response: {
          200: Type.Object({ ...SignedDocumentsView, responseID: Type.Optional(Type.String()) }),
          ...cscRefusals,
        },
      },
    },
    async (request) => {
      const { returnValidationInfo } = request.body;
      const mode = operationOf(request.body);
      if (returnValidationInfo === true) throw invalidParameter('returnValidationInfo');
      return signDocuments(csc.house, csc.oauth, cscCallerOf(request), {
        ...request.body,
        SAD: request.body.SAD,
        ...mode,
      });
    },
  );
}
