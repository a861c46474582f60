import { parseCertificate } from '../../pki/certificate.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { CertificateRecord } from '../certificate-directory.ts';
import { RaError } from '../ra-error.ts';
import type { RenewalHouse } from './renewal.ts';

/** Octets of a signature with a certificate or two in it; the document is 32 KiB at most. */
export const SIGNATURE_OCTETS_MAX = 96 * 1024;

/**
 * The content of a signature and the certificate of ours that made it, which is valid now. Throws RaError
 * `renewal-signature-malformed`, or `renewal-signature-wrong` whatever else is wrong: an unknown certificate, too.
 */
export async function signedByHolder(
  house: Pick<RenewalHouse, 'directory' | 'renewalIssuer' | 'clock'>,
  signature: Buffer,
): Promise<{ content: Buffer; signedWith: CertificateRecord }> {
  const signer = readSigner(signature);
  const { sid } = signer;
  if (sid.kind !== 'issuer-and-serial') throw wrong('it names no issuer and serial number');
  for (const authorityId of house.renewalIssuer.authoritiesNamed(sid.issuer)) {
    const record = await house.directory.find(authorityId, sid.serialNumber);
    if (!record) continue;
    const fault = signer.faultWith(parseCertificate(record.bytes));
    if (fault !== undefined) throw wrong(fault);
    const now = house.clock.now();
    if (record.status.kind !== 'good' || now < record.notBefore || now > record.notAfter)
      throw wrong('the certificate that signed is not valid now');
    return { content: signer.content, signedWith: record };
  }
  throw wrong('no certificate of ours signed it');
}

function readSigner(signature: Buffer) {
  try {
    return readSingleSigner(signature);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new RaError('renewal-signature-malformed', cause.detail, { cause });
  }
}

function wrong(detail: string): RaError {
  return new RaError('renewal-signature-wrong', `the signature does not count: ${detail}`);
}
