import type { ApprovalHouse } from '../../ra/approval/approval-house.ts';
import { prepareApproval } from '../../ra/approval/prepare-approval.ts';
import type { SubmittedProof } from '../../ra/approval/signed-approval.ts';
import type { ApplicationId } from '../../ra/application.ts';
import type { Officer } from '../../ra/officer.ts';
import { challengeForRegistration, registerPasskey } from '../../ra/passkeys/register-passkey.ts';
import { authenticatorOf } from './approve.ts';
import type { TestService } from './test-service.ts';

/** Of each service: those that begin as copies of one database have the same officers. */
const enrolled = new WeakMap<TestService['house'], Set<string>>();

/** Signs, without HTTP, what approving would issue; the officer's passkey is made when first asked for. */
export async function proofOf(
  { house }: Pick<TestService, 'house'>,
  officer: Officer,
  id: ApplicationId,
): Promise<SubmittedProof> {
  const { signIn, registration } = house.services;
  const authenticator = authenticatorOf(officer.id);
  const here = enrolled.get(house) ?? new Set();
  enrolled.set(house, here);
  if (!here.has(officer.id)) {
    const response = authenticator.create(await challengeForRegistration(signIn, officer));
    await registerPasskey(signIn, officer, { name: 'test', response });
    here.add(officer.id);
  }
  const { options } = await prepareApproval(registration satisfies ApprovalHouse, officer, id);
  return { assertion: authenticator.get(options) };
}
