import type { ApiServices } from './api-services.ts';
import { decideOfficerChangeRoutes } from './officers/decide-officer-change.ts';
import { endSessionsRoute } from './officers/end-sessions.ts';
import { listOfficerCertificatesRoute } from './officers/list-officer-certificates.ts';
import { listOfficerChangesRoute } from './officers/list-officer-changes.ts';
import { listCertificatesOfOfficerRoute } from './officers/list-certificates-of-officer.ts';
import { listOfficersRoute } from './officers/list-officers.ts';
import { revokeOfficerCertificateRoute } from './officers/revoke-officer-certificate.ts';
import { makeLoginLinkRoute } from './officers/make-login-link.ts';
import { proposeOfficerChangeRoute } from './officers/propose-officer-change.ts';
import { requestOfficerCertificateRoute } from './officers/request-officer-certificate.ts';
import { listOfficesRoute } from './offices/list-offices.ts';
import { openOfficeRoute } from './offices/open-office.ts';
import { renameOfficeRoute } from './offices/rename-office.ts';
import type { TypedApp } from './typed-app.ts';

/** Offices, their officers, and changes that two of them agree on. */
export function officerRoutes(
  app: TypedApp,
  { offices, consoleUrl }: Pick<ApiServices, 'offices' | 'consoleUrl'>,
): void {
  listOfficesRoute(app, offices);
  openOfficeRoute(app, offices);
  renameOfficeRoute(app, offices);
  listOfficersRoute(app, offices);
  proposeOfficerChangeRoute(app, offices);
  listOfficerChangesRoute(app, offices);
  decideOfficerChangeRoutes(app, offices);
  makeLoginLinkRoute(app, offices, consoleUrl);
  endSessionsRoute(app, offices);
  requestOfficerCertificateRoute(app, offices);
  listOfficerCertificatesRoute(app, offices);
  listCertificatesOfOfficerRoute(app, offices);
  revokeOfficerCertificateRoute(app, offices);
}
