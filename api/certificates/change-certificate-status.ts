import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { TObject } from 'typebox';

import { STATUS_ROLES, changeCertificateStatus } from '../../ra/change-certificate-status.ts';
import type { StatusChangeHouse } from '../../ra/change-certificate-status.ts';
import type { StatusChangeRequest } from '../../ra/status-change-request.ts';
import { OFFICER_CAUSES } from '../../ra/holds/hold-cause.ts';
import type { OfficerCause } from '../../ra/holds/hold-cause.ts';
import type { RevocationReason } from '../../pki/revocation-reason.ts';
import { officerOf } from '../access.ts';
import { readInstant } from '../read-instant.ts';
import { AuthorityId, Instant, SerialHex, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { HoldCauseView, viewOfCause } from './hold-cause-view.ts';

const closed = { additionalProperties: false };

const StatusChangeView = Type.Object({
  changeNumber: Type.Integer(),
  event: Type.Enum(['held', 'released', 'revoked'], {
    description: 'Of the certificate now: `held` also after a release that leaves another cause',
  }),
  effectiveAt: Instant,
  reason: Type.Optional(Type.String()),
  holdCauses: Type.Array(HoldCauseView, { description: 'Why it is on hold; empty when it is not' }),
});

const REASONS = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];

const cause = (description: string) =>
  Type.Object(
    { cause: Type.Optional(Type.Unsafe<OfficerCause>(Type.Enum(OFFICER_CAUSES, { description }))) },
    closed,
  );

const revocation = Type.Object(
  {
    reason: Type.Unsafe<RevocationReason>(Type.Enum(REASONS)),
    invalidityDate: Type.Optional(Instant),
  },
  closed,
);

interface Body {
  cause?: OfficerCause;
  reason?: RevocationReason;
  invalidityDate?: string;
}

/** Hold, release and revoke have one shape; only the body of the last must be there. */
const CHANGES: { verb: string; event: StatusChangeRequest['event']; summary: string; body: TObject }[] = [
  {
    verb: 'hold',
    event: 'held',
    summary: 'Suspend a certificate (certificateHold), or add a cause to its suspension',
    body: cause('Absent: lost'),
  },
  {
    verb: 'release',
    event: 'released',
    summary: 'Lift causes of a suspension, and the suspension with the last one',
    body: cause('Absent: all that are not the Medical Council’s'),
  },
  { verb: 'revoke', event: 'revoked', summary: 'Revoke a certificate for good', body: revocation },
];

export function changeCertificateStatusRoutes(app: TypedApp, house: StatusChangeHouse): void {
  for (const { verb, event, summary, body } of CHANGES) {
    app.post(
      `/certificates/:authority/:serialNumber/${verb}`,
      {
        config: { access: STATUS_ROLES[event] },
        ...(event !== 'revoked' && { preValidation: admitNoBody }),
        schema: {
          operationId: `${verb}-certificate`,
          tags: ['certificates'],
          summary,
          params: Type.Object({ authority: AuthorityId, serialNumber: SerialHex }),
          body,
          response: { 200: StatusChangeView, ...problems },
        },
      },
      async (request) => {
        const { invalidityDate, ...asked } = request.body as Body;
        const { change, causes } = await changeCertificateStatus(house, officerOf(request), {
          authorityId: request.params.authority,
          serialNumber: Buffer.from(request.params.serialNumber, 'hex'),
          event,
          ...asked,
          ...(invalidityDate !== undefined && { invalidityDate: readInstant(invalidityDate) }),
        });
        return {
          changeNumber: change.changeNumber,
          event: change.event as StatusChangeRequest['event'],
          effectiveAt: change.effectiveAt.toISOString(),
          ...(change.reason && { reason: change.reason }),
          holdCauses: causes.map(viewOfCause),
        };
      },
    );
  }
}

/** Where all that a body may say is optional, there may be none. */
async function admitNoBody(request: FastifyRequest): Promise<void> {
  request.body ??= {};
}
