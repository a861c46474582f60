import { readCertificateFacts } from '../../../signing/device/certificate-facts.ts';
import { createEnrolment } from '../../client/enrolments.ts';
import type { IssuedCertificate } from '../../client/enrolments.ts';
import { fromPem, sha256, toHex, toPem } from '../keys/octets.ts';
import { makePasskeyLock } from '../keys/passkey-lock.ts';
import { changePhoneRecords, readPhoneRecords } from '../keys/phone-database.ts';
import { PhoneError } from '../keys/phone-error.ts';
import { makeKey } from '../keys/phone-key.ts';
import type { HolderKey } from '../keys/phone-key.ts';
import { makePinLock } from '../keys/phone-lock.ts';
import type { PendingEnrolment, PhoneCredential } from '../keys/phone-records.ts';
import type { Activation } from './read-link.ts';
import { signInPhone } from './sign-in.ts';

/** How the new key is locked; `kept`: as it was when the answer of the first try was lost. */
export type LockChoice = { kind: 'pin'; pin: string } | { kind: 'passkey'; name: string } | { kind: 'kept' };

/**
 * Makes a key on this phone and has it certified. Key and request are kept before anything is sent: a lost answer is asked for again
 * with the same key, and answered alike.
 */
export async function enrol(
  { applicationId, deskSecret }: Activation,
  code: string,
  choice: LockChoice,
): Promise<void> {
  const { pending, key } = await prepare(applicationId, choice);
  const issued = await createEnrolment({
    applicationId,
    deskSecret,
    code,
    certificationRequest: toPem('CERTIFICATE REQUEST', pending.key.certificationRequest),
  });
  const credential = await credentialOf(issued, pending.key.subjectPublicKeyInfo);
  await changePhoneRecords({
    lock: pending.lock,
    key: pending.key,
    credential,
    enrolment: null,
    renewal: null,
    login: null,
    standing: null,
  });
  // Signing in can wait: without it the page asks for the PIN once more.
  if (key) await signInPhone(credential, key).catch(() => undefined);
}

/** Of a certificate that was issued for a key of this phone, and no other. */
export async function credentialOf(
  { certificate, authority, serialNumber }: IssuedCertificate,
  subjectPublicKeyInfo: Uint8Array,
): Promise<PhoneCredential> {
  const octets = fromPem(certificate);
  const facts = readCertificateFacts(octets);
  if (toHex(facts.subjectPublicKeyInfo) !== toHex(subjectPublicKeyInfo))
    throw new PhoneError('request-differs');
  return { certificate: octets, sha256: toHex(await sha256(octets)), authority, serialNumber };
}

async function prepare(
  applicationId: string,
  choice: LockChoice,
): Promise<{ pending: PendingEnrolment; key?: HolderKey }> {
  if (choice.kind === 'kept') {
    const { enrolment } = await readPhoneRecords();
    if (enrolment?.applicationId !== applicationId) throw new PhoneError('key-gone');
    return { pending: enrolment };
  }
  const { lock, secret } =
    choice.kind === 'pin' ? await makePinLock(choice.pin) : await makePasskeyLock(choice.name);
  const { wrapped, key } = await makeKey(secret);
  const pending = { applicationId, lock, key: wrapped };
  await changePhoneRecords({ enrolment: pending });
  return { pending, key };
}
