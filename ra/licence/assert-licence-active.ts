import type { Applicant } from '../application.ts';
import { RaError } from '../ra-error.ts';
import type { LicenceStore } from './licence-store.ts';

/** Refuses what a licence in good standing is needed for; throws RaError `licence-not-active`. */
export async function assertLicenceActive(
  licences: Pick<LicenceStore, 'standingsOf'>,
  { councilNumber, nationalId }: Pick<Applicant, 'councilNumber' | 'nationalId'>,
): Promise<void> {
  const standings = await licences.standingsOf(councilNumber, nationalId);
  const found = standings.find((standing) => standing !== 'active');
  if (found) throw new RaError('licence-not-active', `the Medical Council says of this licence: ${found}`);
}
