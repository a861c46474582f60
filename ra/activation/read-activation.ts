import type { ApplicationId } from '../application.ts';
import type { Officer } from '../officer.ts';
import { RaError } from '../ra-error.ts';
import { readApplication } from '../read-applications.ts';
import type { Activation } from './activation.ts';
import type { ActivationHouse } from './activation-house.ts';

/** The newest activation of an application of the officer's office; throws RaError `activation-unknown` where there is none. */
export async function readActivation(
  house: ActivationHouse,
  officer: Officer,
  id: ApplicationId,
): Promise<Activation> {
  await readApplication(house, officer, id);
  const activation = await house.activations.newest(id);
  if (activation) return activation;
  throw new RaError('activation-unknown', 'this application has no activation');
}
