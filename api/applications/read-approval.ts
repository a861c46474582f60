import { Type } from 'typebox';

import { KEY_OF_ACTIVATION } from '../../pki/approval/approval-document.ts';
import { APPLICATION_ACTIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { ApprovalHouse } from '../../ra/approval/approval-house.ts';
import { prepareApproval } from '../../ra/approval/prepare-approval.ts';
import { officerOf } from '../access.ts';
import { RequestOptions } from '../passkeys/web-authn-schemas.ts';
import { CouncilNumberSchema, Instant, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const ApprovalDocumentSchema = Type.Object(
  {
    schema: Type.Literal('mohr-approval-1'),
    application: Type.Object({ id: Uuid, version: Type.Integer(), officeId: Uuid, filedBy: Uuid }),
    certificate: Type.Object({
      authorityId: Type.String(),
      profileId: Type.String(),
      profileVersion: Type.Integer(),
      validity: Type.String({ examples: ['P1Y'], description: 'ISO 8601, from the moment of issuing' }),
      subject: Type.Array(
        Type.Object({ type: Type.String({ examples: ['surname'] }), value: Type.String() }),
        { description: 'In the order of the certificate' },
      ),
      subjectPublicKeyInfoSha256: Type.Optional(
        Type.String({ description: 'Hexadecimal; absent where the key comes with the activation' }),
      ),
      key: Type.Optional(
        Type.Literal(KEY_OF_ACTIVATION, {
          description: 'In the place of the key: it will be the one that the holder’s phone makes',
        }),
      ),
      registrationNumber: Type.Optional(Type.String({ description: 'Of the admission' })),
      councilNumber: CouncilNumberSchema,
    }),
    registerAnswers: Type.Array(
      Type.Object({ id: Uuid, register: Type.String(), result: Type.String(), answeredAt: Instant }),
    ),
    approvedBy: Uuid,
    preparedAt: Instant,
    nonce: Type.String(),
  },
  { description: 'Exactly what approving issues' },
);

export function readApprovalRoute(app: TypedApp, house: ApprovalHouse): void {
  app.get(
    '/applications/:id/approval',
    {
      config: { access: APPLICATION_ACTIONS.approve.roles },
      schema: {
        operationId: 'read-approval',
        tags: ['applications'],
        summary: 'What the approving officer signs, within five minutes',
        params: Type.Object({ id: Uuid }),
        response: {
          200: Type.Object({
            document: ApprovalDocumentSchema,
            canonical: Type.String({
              description: 'The document in its RFC 8785 form: these octets are what a certificate signs',
            }),
            digest: Type.String({ description: 'SHA-256 of the canonical form, base64url' }),
            options: RequestOptions,
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const id = request.params.id as ApplicationId;
      const { document, bytes, digest, options } = await prepareApproval(house, officerOf(request), id);
      return { document, canonical: bytes.toString('utf8'), digest: digest.toString('base64url'), options };
    },
  );
}
