import { Type } from 'typebox';

import { STATUS_ROLES, changeCertificateStatus } from '../../ra/change-certificate-status.ts';
import type { StatusChangeHouse, StatusChangeRequest } from '../../ra/change-certificate-status.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { officerOf } from '../access.ts';
import { readInstant } from '../read-instant.ts';
import { AuthorityId, Instant, SerialHex, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';

const closed = { additionalProperties: false };

const StatusChangeView = Type.Object({
  changeNumber: Type.Integer(),
  event: Type.Enum(['held', 'released', 'revoked']),
  effectiveAt: Instant,
  reason: Type.Optional(Type.String()),
});

const REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];

const revocation = Type.Object(
  {
    reason: Type.Unsafe<RevocationReason>(Type.Enum(REASONS)),
    invalidityDate: Type.Optional(Instant),
  },
  closed,
);

type Body = { reason?: RevocationReason; invalidityDate?: string };

/** Hold, release and revoke have one shape; revoking alone has a body that matters. */
const CHANGES: { verb: string; event: StatusChangeRequest['event']; summary: string }[] = [
  { verb: 'hold', event: 'held', summary: 'Suspend a certificate (certificateHold)' },
  { verb: 'release', event: 'released', summary: 'Lift a suspension' },
  { verb: 'revoke', event: 'revoked', summary: 'Revoke a certificate for good' },
];

export function changeCertificateStatusRoutes(app: TypedApp, house: StatusChangeHouse): void {
  for (const { verb, event, summary } of CHANGES) {
    app.post(
      `/certificates/:authority/:serialNumber/${verb}`,
      {
        config: { access: STATUS_ROLES[event] },
        schema: {
          operationId: `${verb}-certificate`,
          tags: ['certificates'],
          summary,
          params: Type.Object({ authority: AuthorityId, serialNumber: SerialHex }),
          ...(event === 'revoked' && { body: revocation }),
          response: { 200: StatusChangeView, ...problems },
        },
      },
      async (request) => {
        const { reason, invalidityDate } = (event === 'revoked' ? request.body : {}) as Body;
        const change = await changeCertificateStatus(house, officerOf(request), {
          authorityId: request.params.authority,
          serialNumber: Buffer.from(request.params.serialNumber, 'hex'),
          event,
          ...(reason && { reason }),
          ...(invalidityDate !== undefined && { invalidityDate: readInstant(invalidityDate) }),
        });
        return {
          changeNumber: change.changeNumber,
          event,
          effectiveAt: change.effectiveAt.toISOString(),
          ...(change.reason && { reason: change.reason }),
        };
      },
    );
  }
}
