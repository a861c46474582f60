import { Type } from 'typebox';

import type { CertificateDirectory } from '../../ra/certificate-directory.ts';
import type { HoldStore } from '../../ra/holds/hold-store.ts';
import { visibleCertificate } from '../../ra/change-certificate-status.ts';
import { officerOf } from '../access.ts';
import { AuthorityId, Instant, SerialHex, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CertificateView, viewOfCertificate } from './certificate-view.ts';
import { HoldCauseView, viewOfCause } from './hold-cause-view.ts';

const HistoryEntry = Type.Object({
  changeNumber: Type.Integer(),
  event: Type.Enum(['issued', 'held', 'released', 'revoked']),
  effectiveAt: Instant,
  reason: Type.Optional(Type.String()),
  invalidityDate: Type.Optional(Instant),
});

export interface CertificateReading {
  directory: CertificateDirectory;
  holds: Pick<HoldStore, 'causesOf'>;
}

export function readCertificateRoute(app: TypedApp, { directory, holds }: CertificateReading): void {
  app.get(
    '/certificates/:authority/:serialNumber',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'read-certificate',
        tags: ['certificates'],
        summary: 'Read a certificate with its status history',
        params: Type.Object({ authority: AuthorityId, serialNumber: SerialHex }),
        response: {
          200: Type.Object({
            ...CertificateView.properties,
            history: Type.Array(HistoryEntry),
            holdCauses: Type.Array(HoldCauseView, { description: 'Why it is on hold; empty when it is not' }),
          }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { authority } = request.params;
      const serialNumber = Buffer.from(request.params.serialNumber, 'hex');
      const record = await visibleCertificate(directory, officerOf(request), authority, serialNumber);
      const history = await directory.historyOf(authority, serialNumber);
      const causes = history.at(-1)?.event === 'held' ? await holds.causesOf(authority, serialNumber) : [];
      return {
        ...viewOfCertificate(record),
        holdCauses: causes.map(viewOfCause),
        history: history.map((change) => ({
          changeNumber: change.changeNumber,
          event: change.event,
          effectiveAt: change.effectiveAt.toISOString(),
          ...(change.reason && { reason: change.reason }),
          ...(change.invalidityDate && { invalidityDate: change.invalidityDate.toISOString() }),
        })),
      };
    },
  );
}
