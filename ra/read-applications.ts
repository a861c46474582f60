import type { Application, ApplicationId } from './application.ts';
import type { ApplicationFilter } from './application-store.ts';
import { isVisibleTo } from './decide-application.ts';
import { seesAllOffices } from './officer.ts';
import type { Officer } from './officer.ts';
import { RaError } from './ra-error.ts';
import type { RegistrationHouse } from './registration-house.ts';

/** One application of the officer's office; throws RaError `application-unknown`, also for another office's. */
export async function readApplication(
  house: Pick<RegistrationHouse, 'applications'>,
  officer: Officer,
  id: ApplicationId,
): Promise<Application> {
  const application = await house.applications.find(id);
  if (application && isVisibleTo(application, officer)) return application;
  throw new RaError('application-unknown', 'no such application');
}

/** Applications of the officer's office, newest first; of all offices for the CA's own staff. */
export function listApplications(
  house: Pick<RegistrationHouse, 'applications'>,
  officer: Officer,
  filter: Omit<ApplicationFilter, 'officeId'>,
): Promise<Application[]> {
  return house.applications.list({
    ...filter,
    ...(!seesAllOffices(officer) && { officeId: officer.officeId }),
  });
}
