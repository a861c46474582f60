import { Type } from 'typebox';

import { RaError } from '../../ra/ra-error.ts';
import { blockCertificates } from '../../ra/self-service/block-certificates.ts';
import type { HolderClaim } from '../../ra/self-service/prove-holder.ts';
import { KEY_STORES } from '../../ra/self-service/self-service-house.ts';
import type { KeyStoreKind, SelfServiceHouse } from '../../ra/self-service/self-service-house.ts';
import { problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { SELF_SERVICE_RATE, answerEvenly } from './answer-evenly.ts';

const body = Type.Object(
  {
    nationalId: Type.String({ minLength: 1, maxLength: 20 }),
    revocationPassword: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    code: Type.Optional(Type.String({ pattern: '^[0-9]{6}$' })),
    keyStore: Type.Optional(
      Type.Unsafe<KeyStoreKind>(Type.Enum(KEY_STORES, { description: 'What was lost; absent: block all' })),
    ),
    final: Type.Optional(
      Type.Boolean({ description: 'true: revoke at once. Else on hold, and revoked after seven days' }),
    ),
  },
  { additionalProperties: false },
);

export function blockCertificatesRoute(app: TypedApp, house: SelfServiceHouse): void {
  app.post(
    '/self-service/blocks',
    {
      config: { access: 'public', rateLimit: SELF_SERVICE_RATE },
      schema: {
        operationId: 'block-certificates',
        tags: ['self-service'],
        summary: 'Block one’s card or phone, now; answered when OCSP shows it',
        description:
          'With the revocation password or a one-time code. The refusal is the same whoever it is: unknown, wrong, or tried too often.',
        body,
        response: {
          200: Type.Object({
            held: Type.Integer({ description: 'Certificates that are on hold as lost' }),
            revoked: Type.Integer(),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { nationalId, keyStore, final } = request.body;
      const secret = secretOf(request.body);
      return answerEvenly(() =>
        blockCertificates(house, {
          nationalId,
          secret,
          ...(keyStore && { keyStore }),
          ...(final !== undefined && { final }),
        }),
      );
    },
  );
}

function secretOf({
  revocationPassword: password,
  code,
}: {
  revocationPassword?: string;
  code?: string;
}): HolderClaim['secret'] {
  if (code !== undefined && password === undefined) return { kind: 'code', code };
  if (password !== undefined && code === undefined) return { kind: 'password', password };
  throw new RaError('secret-missing', 'either the revocation password or a code is needed');
}
