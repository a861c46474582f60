import { Type } from 'typebox';

import { APPLICATION_ACTIONS } from '../../ra/application.ts';
import type { ApplicationId } from '../../ra/application.ts';
import { approveApplication } from '../../ra/approve-application.ts';
import type { ApprovalHouse } from '../../ra/approval/approval-house.ts';
import type { SubmittedProof } from '../../ra/approval/signed-approval.ts';
import { officerOf } from '../access.ts';
import { AuthenticationResponse } from '../passkeys/web-authn-schemas.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { ApplicationView, viewOfApplication } from './application-view.ts';
import { decision } from './decide-application.ts';

const body = Type.Object(
  {
    ...decision,
    assertion: Type.Optional(AuthenticationResponse),
    signature: Type.Optional(
      Type.String({
        maxLength: 65_536,
        pattern: '^[A-Za-z0-9+/\\r\\n]+={0,2}[\\r\\n]*$',
        description: 'Detached CMS over the canonical document by the officer’s certificate, DER in base64',
      }),
    ),
  },
  { additionalProperties: false },
);

export function approveApplicationRoute(app: TypedApp, house: ApprovalHouse): void {
  app.post(
    '/applications/:id/approve',
    {
      config: { access: APPLICATION_ACTIONS.approve.roles },
      schema: {
        operationId: 'approve-application',
        tags: ['applications'],
        summary: 'Approve an application as the second officer, by a signature; the certificate is issued',
        params: Type.Object({ id: Uuid }),
        body,
        response: { 200: ApplicationView, ...problems },
      },
    },
    async (request) => {
      const { assertion, signature, ...input } = request.body;
      const proof = proofOf(assertion, signature);
      const id = request.params.id as ApplicationId;
      return viewOfApplication(
        await approveApplication(house, officerOf(request), { id, ...input, ...(proof && { proof }) }),
      );
    },
  );
}

function proofOf(assertion: object | undefined, signature: string | undefined): SubmittedProof | undefined {
  if (assertion) return { assertion: { ...assertion } };
  return signature === undefined ? undefined : { signature: Buffer.from(signature, 'base64') };
}
