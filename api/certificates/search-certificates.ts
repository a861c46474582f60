import { Type } from 'typebox';

import type { ApplicationId } from '../../ra/application.ts';
import type { CertificateDirectory } from '../../ra/certificate-directory.ts';
import { searchCertificates } from '../../ra/search-certificates.ts';
import { officerOf } from '../access.ts';
import { PageLimit, SearchText, Uuid, problems } from '../schemas.ts';
import type { TypedApp } from '../typed-app.ts';
import { CertificateView, viewOfCertificate } from './certificate-view.ts';

const querystring = Type.Object(
  {
    text: Type.Optional(SearchText),
    applicationId: Type.Optional(Uuid),
    before: Type.Optional(Uuid),
    limit: Type.Optional(PageLimit),
  },
  { additionalProperties: false },
);

export function searchCertificatesRoute(app: TypedApp, directory: CertificateDirectory): void {
  app.get(
    '/certificates',
    {
      config: { access: ['clerk', 'approving-officer', 'office-manager', 'ca-operator', 'auditor'] },
      schema: {
        operationId: 'search-certificates',
        tags: ['certificates'],
        summary: 'Find certificates by name part, national id, council number, serial number or application',
        querystring,
        response: {
          200: Type.Object({ items: Type.Array(CertificateView), next: Type.Optional(Type.String()) }),
          ...problems,
        },
      },
    },
    async (request) => {
      const { applicationId, before, limit = 50, text } = request.query;
      const found = await searchCertificates(directory, officerOf(request), {
        limit,
        ...(text && { text }),
        ...(applicationId && { applicationId: applicationId as ApplicationId }),
        ...(before && { before: before as ApplicationId }),
      });
      const last = found.length === limit ? found.at(-1) : undefined;
      return { items: found.map(viewOfCertificate), ...(last && { next: last.applicationId }) };
    },
  );
}
