import { Type } from 'typebox';

import { signDocuments } from '../../signing/csc/sign-documents.ts';
import { ANSWER_MILLISECONDS_MAX } from '../../signing/csc/wanted-signatures.ts';
import { invalidParameter } from '../../signing/csc/csc-error.ts';
import { DOCUMENTS_MAX } from '../../signing/sessions/session.ts';
import type { TypedApp } from '../typed-app.ts';
import { cscRefusals } from './csc-answers.ts';
import { cscCallerOf } from './csc-caller.ts';
import { ClientData, CredentialID, Sad, SignedDocumentsView } from './csc-schemas.ts';
import type { CscRouteServices } from './csc-services.ts';

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
          operationMode: Type.Optional(Type.Enum(['S', 'A'], { default: 'S' })),
          validity_period: Type.Optional(Type.Integer({ description: 'Milliseconds' })),
          response_uri: Type.Optional(Type.String({ maxLength: 500 })),
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
      const { operationMode = 'S', validity_period, response_uri, returnValidationInfo } = request.body;
      // Whoever waits is not called back here: the answer is there at once.
      if (response_uri !== undefined) throw invalidParameter('response_uri');
      if (returnValidationInfo === true) throw invalidParameter('returnValidationInfo');
      return signDocuments(csc.house, csc.oauth, cscCallerOf(request), {
        ...request.body,
        SAD: request.body.SAD,
        isAsynchronous: operationMode === 'A',
        validityMilliseconds: validityOf(operationMode, validity_period),
      });
    },
  );
}

function validityOf(mode: string, milliseconds: number | undefined): number {
  if (milliseconds === undefined) return ANSWER_MILLISECONDS_MAX;
  if (mode !== 'A') throw invalidParameter('validity_period');
  if (milliseconds < 1 || milliseconds > ANSWER_MILLISECONDS_MAX)
    throw invalidParameter('validity_period', {}, 'Out of bounds parameter');
  return milliseconds;
}
