import type { Certificate } from '../../pki/certificate.ts';
import { AT, KP } from '../../pki/oid.ts';
import { attributeOf } from '../../pki/name.ts';
import { parsedExtensions } from './parsed-extensions.ts';
import { oncePer } from './once-per.ts';

/** What a certificate is for. `signing` and `authentication` belong to a natural person who is named in them. */
export type CertificateKind =
  | 'root'
  | 'intermediate'
  | 'ocsp-responder'
  | 'time-stamping'
  | 'signing'
  | 'authentication'
  | 'officer'
  | 'other';

/** Tells the kind from the certificate itself, so that files of unknown origin are judged by the same rules. */
export const certificateKind = oncePer(tellKind);

/** Root or intermediate. */
export function isAuthority(certificate: Certificate): boolean {
  const kind = certificateKind(certificate);
  return kind === 'root' || kind === 'intermediate';
}

/** The certificates to which EN 319 412-2 applies. */
export function isNaturalPerson(certificate: Certificate): boolean {
  const kind = certificateKind(certificate);
  return kind === 'signing' || kind === 'authentication';
}

/** Issuer and subject are the same name (RFC 5280 §3.2). */
export function isSelfIssued(certificate: Certificate): boolean {
  return certificate.issuer.bytes.equals(certificate.subject.bytes);
}

function tellKind(certificate: Certificate): CertificateKind {
  const { basicConstraints, extendedKeyUsage = [], keyUsage = [] } = parsedExtensions(certificate);
  if (basicConstraints?.ca) return isSelfIssued(certificate) ? 'root' : 'intermediate';
  if (extendedKeyUsage.includes(KP.ocspSigning)) return 'ocsp-responder';
  if (extendedKeyUsage.includes(KP.timeStamping)) return 'time-stamping';
  // A faulty signing certificate may carry clientAuth as well: the commitment decides.
  if (keyUsage.includes('nonRepudiation') || extendedKeyUsage.includes(KP.documentSigning)) return 'signing';
  if (!extendedKeyUsage.includes(KP.clientAuth)) return 'other';
  return PERSONAL_ATTRIBUTES.some((type) => attributeOf(certificate.subject, type) !== undefined)
    ? 'authentication'
    : 'officer';
}

/** An officer's certificate names the office and the person, but not by these. */
const PERSONAL_ATTRIBUTES = [AT.surname, AT.givenName, AT.pseudonym, AT.serialNumber];
