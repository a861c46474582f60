import { parseCertificate } from '../../pki/certificate.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import type { Name } from '../../pki/name.ts';
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
  house: Pick<RenewalHouse, 'directory' | 'renewalIssuer' | 'readyDigests' | 'transactions' | 'clock'>,
  signature: Buffer,
): Promise<{ content: Buffer; signedWith: CertificateRecord }> {
  const signer = readSigner(signature);
  const { sid } = signer;
  if (sid.kind !== 'issuer-and-serial') throw wrong('it names no issuer and serial number');
  const signedWith = await recordOf(house, sid.issuer, sid.serialNumber);
  if (!signedWith) throw wrong('no certificate of ours signed it');
  const certificate = parseCertificate(signedWith.bytes);
  const fault = signer.faultWith(certificate);
  if (fault !== undefined) throw wrong(fault);
  if (!isValidAt(signedWith, house.clock.now())) throw wrong('the certificate that signed is not valid now');
  await house.transactions.transaction(async (tx) => {
    for (const readyDigest of signer.readyDigests(certificate))
      if (await house.readyDigests.wasHandedIn(tx, signedWith, readyDigest))
        throw wrong('its digest was handed in by a relying party');
  });
  return { content: signer.content, signedWith };
}

/** The holder's certificate of an issuer and a serial number, of whichever generation. */
export async function recordOf(
  { directory, renewalIssuer }: Pick<RenewalHouse, 'directory' | 'renewalIssuer'>,
  issuer: Name,
  serialNumber: Buffer,
): Promise<CertificateRecord | undefined> {
  for (const authorityId of renewalIssuer.authoritiesNamed(issuer)) {
    const record = await directory.find(authorityId, serialNumber);
    if (record) return record;
  }
  return undefined;
}

export function isValidAt({ status, notBefore, notAfter }: CertificateRecord, now: Date): boolean {
  return status.kind === 'good' && now >= notBefore && now <= notAfter;
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
