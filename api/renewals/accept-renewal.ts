import { Type } from 'typebox';

import { acceptRenewal } from '../../ra/renewal/accept-renewal.ts';
import type { RenewalHouse, RenewalId } from '../../ra/renewal/renewal.ts';
import { Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { RENEWAL_RATE, SignatureText, readSignature } from './signature-text.ts';

export function acceptRenewalRoute(app: TypedApp, house: RenewalHouse): void {
  app.post(
    '/renewals/:id/acceptance',
    {
      config: { access: 'public', rateLimit: RENEWAL_RATE },
      schema: {
        operationId: 'accept-renewal',
        tags: ['renewals'],
        summary: 'Accept a renewed certificate, signed with it: the old one is revoked as superseded',
        description:
          'What is signed is the canonical JSON (RFC 8785) of {"certificateSha256": of the new certificate, hexadecimal, ' +
          '"renewal": its id, "type": "mohr-renewal-acceptance"}.',
        params: Type.Object({ id: Uuid }),
        body: Type.Object({ signature: SignatureText }, { additionalProperties: false }),
        response: { 204: Type.Null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = request.params.id as RenewalId;
      await acceptRenewal(house, id, readSignature(request.body.signature));
      return reply.code(204).send(null);
    },
  );
}
