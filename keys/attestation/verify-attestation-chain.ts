import { isSignedBy, parseCertificate, publicKeyOf } from '../../pki/certificate.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { parseBasicConstraints } from '../../pki/extensions/basic-constraints.ts';
import { parseKeyUsage } from '../../pki/extensions/key-usage.ts';
import { sameName } from '../../pki/name.ts';
import { CE } from '../../pki/oid.ts';
import { parseSignatureAlgorithm } from '../../pki/signature-algorithm.ts';
import { AttestationError } from './attestation-error.ts';

/**
 * Verifies certificates, the attested key's own first, up to a root of the deployment, which may end the chain or be left out
 * (RFC 5280 §6.1). Returns those below the root. A root is its key and its name: manufacturers issue the same one anew.
 * Throws AttestationError `attestation-chain`, `attestation-root` or `attestation-expired`.
 */
export function verifyAttestationChain(
  statement: readonly Buffer[],
  roots: readonly Certificate[],
  now: Date,
): readonly [Certificate, ...Certificate[]] {
  const shown = statement.map((der) => parseCertificate(der));
  const last = shown[shown.length - 1];
  const isRootShown = shown.length > 1 && roots.some((root) => isSameAuthority(root, last));
  const [leaf, ...others] = isRootShown ? shown.slice(0, -1) : shown;
  const below: [Certificate, ...Certificate[]] = [leaf, ...others];
  const top = below[below.length - 1];
  const root = roots.find((one) => sameName(top.issuer, one.subject) && isSigned(top, one));
  if (!root) throw new AttestationError('attestation-root', 'no root of this deployment stands above it');
  for (const [index, certificate] of below.entries()) {
    if (index > 0) assertIssues(certificate, index - 1);
    assertInForce(certificate, now);
    assertUnderstood(certificate);
    const issuer = below[index + 1];
    if (issuer && !(sameName(certificate.issuer, issuer.subject) && isSigned(certificate, issuer)))
      throw chainFault(`certificate ${index} is not signed by the next one`);
  }
  return below;
}

function isSameAuthority(root: Certificate, shown: Certificate): boolean {
  return (
    root.subjectPublicKeyInfo.equals(shown.subjectPublicKeyInfo) && sameName(root.subject, shown.subject)
  );
}

/** With a digest that holds: SHA-1 is refused, for the root could not tell what it has signed. */
function isSigned(certificate: Certificate, issuer: Certificate): boolean {
  const { digest } = parseSignatureAlgorithm(certificate.signatureAlgorithm);
  if (digest === 'sha1') throw chainFault('a certificate is signed with SHA-1');
  return isSignedBy(certificate, publicKeyOf(issuer));
}

/** RFC 5280 §6.1.4 (k) to (n). An attested key that attests others is no CA, and is refused. */
function assertIssues({ extensions }: Certificate, below: number): void {
  const basic = extensions.get(CE.basicConstraints);
  const { ca, pathLength } = basic ? parseBasicConstraints(basic.value) : { ca: false };
  if (!ca) throw chainFault('a certificate that is no CA has issued another');
  if (pathLength !== undefined && below > pathLength) throw chainFault('it is longer than a CA allows');
  const usage = extensions.get(CE.keyUsage);
  if (usage && !parseKeyUsage(usage.value).includes('keyCertSign'))
    throw chainFault('the key usage of a CA says that it issues nothing');
}

function assertInForce({ notBefore, notAfter }: Certificate, now: Date): void {
  if (now < notBefore || now > notAfter)
    throw new AttestationError('attestation-expired', 'a certificate of it is not in force now');
}

/** RFC 5280 §4.2: what is critical and not known here may say that all else means nothing. */
function assertUnderstood({ extensions }: Certificate): void {
  for (const { critical, oid } of extensions.values())
    if (critical && !UNDERSTOOD.includes(oid))
      throw chainFault(`critical extension ${oid} is not known here`);
}

const UNDERSTOOD: readonly string[] = [CE.basicConstraints, CE.keyUsage];

function chainFault(detail: string): AttestationError {
  return new AttestationError('attestation-chain', `its certificates are no chain: ${detail}`);
}
