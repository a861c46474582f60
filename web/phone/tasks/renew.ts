import { canonicalJson } from '../../../core/canonical-json.ts';
import { systemClock } from '../../../core/clock.ts';
import { readCertificateFacts } from '../../../signing/device/certificate-facts.ts';
import { holderSignature } from '../../../signing/device/holder-signature.ts';
import { cadesSignedOctets } from '../../../signing/device/signed-octets.ts';
import { acceptRenewal, createRenewal } from '../../client/enrolments.ts';
import { ProblemError } from '../../client/problem.ts';
import { sha256, toBase64 } from '../keys/octets.ts';
import { changePhoneRecords, readPhoneRecords } from '../keys/phone-database.ts';
import { PhoneError } from '../keys/phone-error.ts';
import { makeKey, unwrapKey } from '../keys/phone-key.ts';
import type { HolderKey } from '../keys/phone-key.ts';
import type { PendingRenewal, PhoneCredential } from '../keys/phone-records.ts';
import { unlock } from '../keys/unlock.ts';
import type { UnlockedPhone } from '../keys/unlock.ts';
import { credentialOf } from './enrol.ts';
import { signInPhone } from './sign-in.ts';

/**
 * A new key under the same lock, certified by the word of the old one, and accepted with the new one: then the old certificate is
 * revoked. Each step is kept before the next, so a renewal that was interrupted is taken up where it stopped.
 */
export async function renew(pin?: string): Promise<void> {
  const phone = await unlock(pin);
  const { credential, renewal } = await readPhoneRecords();
  if (!credential) throw new PhoneError('key-gone');
  const asked = renewal ?? (await ask(phone, credential));
  const issued = asked.issued ?? (await issue(asked));
  const key = await unwrapKey(phone.secret, asked.key);
  const acceptance = {
    type: 'mohr-renewal-acceptance',
    renewal: issued.id,
    certificateSha256: issued.credential.sha256,
  };
  await acceptRenewal(issued.id, await signed(acceptance, issued.credential, key));
  await changePhoneRecords({
    key: asked.key,
    credential: issued.credential,
    renewal: null,
    login: null,
    standing: null,
  });
  await signInPhone(issued.credential, key).catch(() => undefined);
}

async function ask({ key, secret }: UnlockedPhone, credential: PhoneCredential): Promise<PendingRenewal> {
  const { wrapped } = await makeKey(secret);
  const { authority, serialNumber } = credential;
  const document = {
    type: 'mohr-renewal-request',
    certificate: { authority, serialNumber },
    certificationRequest: toBase64(wrapped.certificationRequest),
  };
  const renewal = { key: wrapped, signature: await signed(document, credential, key) };
  await changePhoneRecords({ renewal });
  return renewal;
}

async function issue(asked: PendingRenewal): Promise<NonNullable<PendingRenewal['issued']>> {
  try {
    const { id, ...certificate } = await createRenewal(asked.signature);
    const credential = await credentialOf(certificate, asked.key.subjectPublicKeyInfo);
    const issued = { id, credential };
    await changePhoneRecords({ renewal: { ...asked, issued } });
    return issued;
  } catch (error) {
    // Refused for good: the next try makes another request. What passes by itself is sent again as it is.
    if (error instanceof ProblemError && error.status < 500 && error.status !== 429)
      await changePhoneRecords({ renewal: null });
    throw error;
  }
}

/** The holder's word, base64. */
async function signed(document: object, credential: PhoneCredential, key: HolderKey): Promise<string> {
  const content = new TextEncoder().encode(canonicalJson(document));
  const certificate = readCertificateFacts(credential.certificate);
  const facts = {
    documentSha256: await sha256(content),
    certificateSha256: await sha256(credential.certificate),
    signingTime: systemClock.now(),
  };
  const value = await key.sign(cadesSignedOctets(facts));
  return toBase64(holderSignature({ content, facts, certificate, value }));
}
