import { Type } from 'typebox';

import { HOLDER_ROLES } from '../../ra/holders/holder-house.ts';
import type { HolderHouse } from '../../ra/holders/holder-house.ts';
import { maskEmail, maskMobile } from '../../ra/holders/holder.ts';
import { readHolderFile } from '../../ra/holders/read-holder-file.ts';
import { officerOf } from '../access.ts';
import { CertificateView, viewOfCertificate } from '../certificates/certificate-view.ts';
import { Instant, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { HolderView, viewOfHolder } from './holder-view.ts';
import { TimelineEntry, timelineOf } from './timeline.ts';

const HolderFileView = Type.Object({
  holder: HolderView,
  contact: Type.Object(
    { mobile: Type.Optional(Type.String()), email: Type.Optional(Type.String()) },
    { description: 'Masked', examples: [{ mobile: '0912•••••67', email: 'd•••@example.org' }] },
  ),
  applications: Type.Array(
    Type.Object({
      id: Uuid,
      officeId: Uuid,
      state: Type.String(),
      profile: Type.String(),
      filedAt: Instant,
      decidedAt: Type.Optional(Instant),
    }),
  ),
  certificates: Type.Array(CertificateView),
  timeline: Type.Array(TimelineEntry, {
    description:
      'What happened, oldest first: applications, every status of every certificate, causes of holds',
  }),
});

export function readHolderRoute(app: TypedApp, house: HolderHouse): void {
  app.get(
    '/holders/:nationalId',
    {
      config: { access: HOLDER_ROLES },
      schema: {
        operationId: 'read-holder',
        tags: ['holders'],
        summary: 'Read the file of one person; that it was read is recorded',
        params: Type.Object({ nationalId: Type.String({ maxLength: 20 }) }),
        response: { 200: HolderFileView, ...problems },
      },
    },
    async (request) => {
      const file = await readHolderFile(house, officerOf(request), request.params.nationalId);
      const { mobile, email } = file.contact;
      return {
        holder: viewOfHolder(file.holder),
        contact: {
          ...(mobile && { mobile: maskMobile(mobile) }),
          ...(email && { email: maskEmail(email) }),
        },
        applications: file.applications.map(({ profileId, filedAt, decidedAt, ...one }) => ({
          id: one.id,
          officeId: one.officeId,
          state: one.state,
          profile: profileId,
          filedAt: filedAt.toISOString(),
          ...(decidedAt && { decidedAt: decidedAt.toISOString() }),
        })),
        certificates: file.certificates.map(viewOfCertificate),
        timeline: timelineOf(file),
      };
    },
  );
}
