import type { Certificate } from '../../pki/certificate.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { nameKey } from '../../pki/name.ts';
import { CE } from '../../pki/oid.ts';

/** The entry of a certificate on a CRL: by its serial number, on an indirect one by its issuer too (RFC 5280 §5.3.3). */
export function entryOf(crl: CertificateList, certificate: Certificate): RevokedCertificate | undefined {
  if (!isIndirect(crl)) return crl.revokedCertificates.find(certificate.serialNumber);
  return indirectEntriesOf(crl).get(entryKey(nameKey(certificate.issuer), certificate.serialNumber));
}

/** Whether there is an extension in it that must be understood and is not (§5.2, §5.3). */
export function hasUnknownCritical(crl: CertificateList): boolean {
  if (crl.unknownCritical.length > 0) return true;
  for (const oid of crl.revokedCertificates.unknownCriticalExtensions) {
    if (oid !== CE.certificateIssuer || !isIndirect(crl)) return true;
  }
  return false;
}

function isIndirect(crl: CertificateList): boolean {
  return crl.issuingDistributionPoint?.indirectCRL === true;
}

const known = new WeakMap<CertificateList, Map<string, RevokedCertificate>>();

function indirectEntriesOf(crl: CertificateList): Map<string, RevokedCertificate> {
  let entries = known.get(crl);
  if (!entries) {
    entries = readIndirectEntries(crl);
    known.set(crl, entries);
  }
  return entries;
}

/** An entry without certificateIssuer is of the issuer of the entry before, the first one of the CRL's own. */
function readIndirectEntries(crl: CertificateList): Map<string, RevokedCertificate> {
  const entries = new Map<string, RevokedCertificate>();
  let issuers = [nameKey(crl.issuer)];
  for (const entry of crl.revokedCertificates) {
    if (entry.certificateIssuer) {
      issuers = entry.certificateIssuer.flatMap((name) =>
        name.kind === 'directoryName' ? [nameKey(name.name)] : [],
      );
    }
    for (const issuer of issuers) {
      const key = entryKey(issuer, entry.serialNumber);
      if (!entries.has(key)) entries.set(key, entry);
    }
  }
  return entries;
}

function entryKey(issuer: string, serialNumber: Uint8Array): string {
  return `${Buffer.from(serialNumber).toString('hex')} ${issuer}`;
}
