import { DomainError } from '../../core/errors.ts';
import type { Transaction } from '../../core/transaction.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCertificationRequest } from '../../pki/certification-request.ts';
import { readSingleSigner } from '../../pki/cms/single-signer.ts';
import { parseRenewalDocument } from '../../pki/renewal/renewal-document.ts';
import { CaError } from '../ca-error.ts';
import type { IssuanceRequest } from '../issue/issuance-request.ts';
import type { ReplacedCertificate } from '../issue/renewal-window.ts';
import type { CertificateId } from '../status/status-store.ts';
import type { HolderSession, HolderSignature } from './issuance-authorization.ts';

/**
 * Keys on phones may sign digests that others hand in: a renewal that was got so is not the holder's. Looked up by the CA itself.
 */
export interface ReadyDigests {
  isSigner(tx: Transaction, certificate: CertificateId): Promise<boolean>;
  wasHandedIn(tx: Transaction, certificate: CertificateId, readyDigest: Buffer): Promise<boolean>;
}

/**
 * Refuses the signature over a digest that a relying party has handed in, and every handshake of a key that signs such digests, for of
 * that nobody sees the digest. Throws CaError `approval-signature`.
 */
export async function assertNotHandedIn(
  tx: Transaction,
  readyDigests: ReadyDigests,
  replaces: CertificateId,
  { bytes }: ReplacedCertificate,
  authorization: HolderSignature | HolderSession,
): Promise<void> {
  if (authorization.kind === 'holder-session') {
    if (!(await readyDigests.isSigner(tx, replaces))) return;
    throw new CaError('approval-signature', 'the key signs digests of others, perhaps that of a handshake');
  }
  const signer = readSingleSigner(authorization.signature);
  for (const readyDigest of signer.readyDigests(parseCertificate(bytes)))
    if (await readyDigests.wasHandedIn(tx, replaces, readyDigest))
      throw new CaError('approval-signature', 'its digest was handed in by a relying party');
}

/** What a holder's signature is compared with. */
export type SignedFor = Pick<IssuanceRequest, 'origin' | 'replaces' | 'subjectPublicKeyInfo'>;

/**
 * Verifies a renewal by what the CA has itself: the key of the replaced certificate, which `replaced` is from the CA's own
 * records, signed a document that names that certificate and holds exactly the key that is to be certified. That both are of one
 * holder and key store is what found `replaced`. Throws CaError `approval-differs` or `approval-signature`.
 */
export function assertHolderSigned(
  request: SignedFor,
  replaced: ReplacedCertificate,
  authorization: HolderSignature,
): void {
  try {
    const differing = differingFacts(request, authorization);
    if (differing.length > 0)
      throw new CaError('approval-differs', `not what the holder signed for: ${differing.join(', ')}`);
    const fault = signatureFault(replaced, authorization);
    if (fault !== undefined)
      throw new CaError('approval-signature', `the holder's signature does not hold: ${fault}`);
  } catch (cause) {
    if (cause instanceof CaError || !(cause instanceof DomainError)) throw cause;
    throw new CaError('approval-differs', cause.detail, { cause });
  }
}

/**
 * The same for a renewal that was asked for over TLS, as far as the CA can know: the document names the replaced certificate and
 * holds the key, which its request proves. Throws CaError `authorization-missing` where the deployment does not allow it, or
 * `approval-differs`.
 */
export function assertHolderSession(
  { believesHolderSessions }: { believesHolderSessions?: boolean },
  request: SignedFor,
  authorization: HolderSession,
): void {
  if (!believesHolderSessions)
    throw new CaError(
      'authorization-missing',
      'a renewal without a signature of the holder is not believed here',
    );
  try {
    const differing = differingFacts(request, authorization);
    if (differing.length > 0)
      throw new CaError('approval-differs', `not what the holder asked for: ${differing.join(', ')}`);
  } catch (cause) {
    if (cause instanceof CaError || !(cause instanceof DomainError)) throw cause;
    throw new CaError('approval-differs', cause.detail, { cause });
  }
}

function differingFacts(
  { origin, replaces, subjectPublicKeyInfo }: SignedFor,
  { renewalId, document }: HolderSignature | HolderSession,
): string[] {
  const { certificate, certificationRequest } = parseRenewalDocument(document);
  const signedFor = parseCertificationRequest(Buffer.from(certificationRequest, 'base64'));
  const facts: Record<string, boolean> = {
    renewal: origin === `renewal:${renewalId}`,
    authority: certificate.authority === replaces?.authorityId,
    'serial number': certificate.serialNumber === replaces?.serialNumber.toString('hex'),
    key: signedFor.subjectPublicKeyInfo.equals(subjectPublicKeyInfo),
  };
  return Object.keys(facts).filter((name) => !facts[name]);
}

function signatureFault({ bytes }: ReplacedCertificate, { document, signature }: HolderSignature) {
  const signer = readSingleSigner(signature);
  if (!signer.content.equals(document)) return 'it is over another document';
  return signer.faultWith(parseCertificate(bytes));
}
