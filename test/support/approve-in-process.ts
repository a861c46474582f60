import { SoftwareAuthenticator } from '../../cli/demo/software-authenticator.ts';
import type { ApprovalHouse } from '../../ra/approval/approval-house.ts';
import { prepareApproval } from '../../ra/approval/prepare-approval.ts';
import type { SubmittedProof } from '../../ra/approval/signed-approval.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { Officer } from '../../ra/officer.ts';
import { challengeForRegistration, registerPasskey } from '../../ra/passkeys/register-passkey.ts';
import { TEST_ORIGIN } from './approve.ts';
import type { TestService } from './test-service.ts';

const authenticators = new Map<string, SoftwareAuthenticator>();

/** Signs, without HTTP, what approving would issue; the officer's passkey is made when first asked for. */
export async function proofOf(
  { house }: Pick<TestService, 'house'>,
  officer: Officer,
  id: ApplicationId,
): Promise<SubmittedProof> {
  const { signIn, registration } = house.services;
  let authenticator = authenticators.get(officer.id);
  if (!authenticator) {
    authenticator = new SoftwareAuthenticator(TEST_ORIGIN);
    const response = authenticator.create(await challengeForRegistration(signIn, officer));
    await registerPasskey(signIn, officer, { name: 'test', response });
    authenticators.set(officer.id, authenticator);
  }
  const { options } = await prepareApproval(registration satisfies ApprovalHouse, officer, id);
  return { assertion: authenticator.get(options) };
}
