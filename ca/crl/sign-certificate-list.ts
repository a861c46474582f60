import type { Signer } from '../../keys/signer.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { publicKeyOf } from '../../pki/certificate.ts';
import { encodeCrlEntry } from '../../pki/crl-entry.ts';
import type { RevokedCertificate } from '../../pki/crl-entry.ts';
import { certificateListParts, octetsOf, tbsCertListParts } from '../../pki/crl-encode.ts';
import type { DerParts, TbsCertListFields } from '../../pki/crl-encode.ts';
import type { Extension } from '../../pki/extension.ts';
import { crlNumberExtension } from '../../pki/extensions/crl-number.ts';
import {
  authorityKeyIdentifierExtension,
  parseSubjectKeyIdentifier,
} from '../../pki/extensions/key-identifiers.ts';
import { CE } from '../../pki/oid.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import {
  SIGNATURE_SCHEMES,
  signatureAlgorithmIdentifier,
  verifySignature,
} from '../../pki/signature-algorithm.ts';
import { CaError } from '../ca-error.ts';
import { lintCrlBeforeSigning } from './lint-crl-before-signing.ts';

export interface CertificateListFields {
  /** Certificate of the CA whose CRL this is; its subject becomes the issuer. */
  issuer: Certificate;
  /** Holds the key of that certificate. */
  signer: Signer;
  crlNumber: number;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Besides AuthorityKeyIdentifier and CRLNumber, which every CRL has (RFC 5280 §5.2.1, §5.2.3). */
  extensions: readonly Extension[];
}

/**
 * Larger signed parts are not verified after signing: hashing them again would take longer than all the rest. Each signer
 * has proved at opening that it holds the key.
 */
const VERIFIED_OCTETS_MAX = 1_048_576;

/** Builds, lints and signs a CRL over encoded entries; throws CaError `lint-failed`, or `signature-wrong` for a foreign key. */
export async function signCertificateList(
  fields: CertificateListFields,
  entries: DerParts,
): Promise<DerParts> {
  const { issuer, signer } = fields;
  if (!signer.subjectPublicKeyInfo.equals(issuer.subjectPublicKeyInfo)) {
    throw new CaError('signature-wrong', `${signer.label} does not hold the key of the issuer's certificate`);
  }
  const signatureAlgorithm = signatureAlgorithmIdentifier(signer.algorithm);
  const tbsFields: TbsCertListFields = {
    signatureAlgorithm,
    issuer: issuer.subject.bytes,
    thisUpdate: fields.thisUpdate,
    nextUpdate: fields.nextUpdate,
    entries,
    extensions: [
      authorityKeyIdentifierExtension(keyIdentifierOf(issuer)),
      crlNumberExtension(fields.crlNumber),
      ...fields.extensions,
    ],
  };
  lintCrlBeforeSigning(tbsFields, issuer);
  const tbs = tbsCertListParts(tbsFields);
  const signature = await sign(signer, tbs);
  if (octetsOf(tbs) <= VERIFIED_OCTETS_MAX) assertSignature(issuer, signer, tbs, signature);
  return certificateListParts(tbs, signatureAlgorithm, signature);
}

/**
 * Builds and signs a whole CRL at once, DER: what a ceremony makes for an offline root. Throws CaError `signature-wrong`
 * when the signer's key is not that of the issuer's certificate.
 */
export async function buildCertificateList(
  fields: CertificateListFields & { entries: readonly RevokedCertificate[] },
): Promise<Buffer> {
  return Buffer.concat(await signCertificateList(fields, fields.entries.map(encodeCrlEntry)));
}

function sign(signer: Signer, tbs: DerParts): Promise<Buffer> {
  if (signer.signParts && octetsOf(tbs) > VERIFIED_OCTETS_MAX) return signer.signParts(tbs);
  return signer.sign(Buffer.concat(tbs));
}

function assertSignature(issuer: Certificate, signer: Signer, tbs: DerParts, signature: Buffer): void {
  const scheme = SIGNATURE_SCHEMES[signer.algorithm];
  if (verifySignature(scheme, publicKeyOf(issuer), Buffer.concat(tbs), signature)) return;
  throw new CaError('signature-wrong', `${signer.label} did not sign the CRL that it was given`);
}

/** The issuer's own SubjectKeyIdentifier, which validators compare; computed where the certificate has none. */
function keyIdentifierOf(issuer: Certificate): Buffer {
  const own = issuer.extensions.get(CE.subjectKeyIdentifier);
  return own ? parseSubjectKeyIdentifier(own.value) : keyIdentifier(issuer.subjectPublicKeyInfo);
}
