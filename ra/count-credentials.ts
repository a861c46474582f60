import type { Officer } from './officer.ts';
import type { OfficerCertificateStore } from './officer-certificates/officer-certificate-store.ts';
import type { SignInHouse } from './sign-in-house.ts';

export type CredentialHouse = Pick<SignInHouse, 'passkeys' | 'transactions'> & {
  officerCertificates: Pick<OfficerCertificateStore, 'listOf'>;
};

/** With how many credentials an officer can approve now. */
export async function countCredentials(
  { passkeys, officerCertificates, transactions }: CredentialHouse,
  officer: Officer,
): Promise<number> {
  const own = await transactions.transaction((tx) => passkeys.listOf(tx, officer.id));
  const certificates = await officerCertificates.listOf(officer.id);
  return own.length + certificates.filter(({ isGood }) => isGood).length;
}
