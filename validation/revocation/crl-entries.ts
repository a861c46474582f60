import type { Certificate } from '../../pki/certificate.ts';
import type { CertificateList } from '../../pki/crl.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { nameKey } from '../../pki/name.ts';
import { CE } from '../../pki/oid.ts';
import type { WorkBudget } from '../path/work-budget.ts';

/** The entry of a certificate on a CRL: by its serial number, on an indirect one by its issuer too (RFC 5280 §5.3.3). */
export function entryOf(
  crl: CertificateList,
  certificate: Certificate,
  budget: WorkBudget,
): RevokedCertificate | undefined {
  if (isIndirect(crl)) return indirectEntryOf(crl, certificate, budget);
  return crl.revokedCertificates.find(certificate.serialNumber);
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

/**
 * An entry without certificateIssuer is of the issuer of the entry before, the first one of the CRL's own. So the list is
 * walked; kept by issuer and number, a large one would take ten times its octets.
 */
function indirectEntryOf(
  crl: CertificateList,
  certificate: Certificate,
  budget: WorkBudget,
): RevokedCertificate | undefined {
  budget.spend('CRL entries', crl.revokedCertificates.count);
  const wanted = nameKey(certificate.issuer);
  let isOfIssuer = nameKey(crl.issuer) === wanted;
  for (const entry of crl.revokedCertificates) {
    if (entry.certificateIssuer) {
      isOfIssuer = entry.certificateIssuer.some(
        (name) => name.kind === 'directoryName' && nameKey(name.name) === wanted,
      );
    }
    if (isOfIssuer && certificate.serialNumber.equals(entry.serialNumber)) return entry;
  }
  return undefined;
}
