import type { CertificateFacts } from './certificate-facts.ts';
import { TAG, concatenated, context, element, octetsOf, sequence } from './der-octets.ts';
import { ECDSA_WITH_SHA256, ecdsaSignatureValue } from './ecdsa-signature-value.ts';
import { cadesAttributes } from './signed-octets.ts';
import type { SignedFacts } from './signed-octets.ts';

export interface HolderSignature {
  /** The octets that are signed; they stand inside. */
  content: Uint8Array;
  facts: SignedFacts;
  certificate: Pick<CertificateFacts, 'bytes' | 'issuer' | 'serialNumber'>;
  /** ECDSA with SHA-256 over `cadesSignedOctets(facts)`, as WebCrypto gives it. */
  value: Uint8Array;
}

/**
 * A CMS SignedData with one signer around what it signs, which a phone assembles by itself: its holder's word to the registration
 * authority. Documents of relying parties are assembled by the service.
 * @see RFC 5652 §5.1, §5.3
 */
export function holderSignature({ content, facts, certificate, value }: HolderSignature): Uint8Array {
  const signerInfo = sequence(
    VERSION_1,
    sequence(certificate.issuer, certificate.serialNumber),
    SHA256,
    element(context(0), ...cadesAttributes(facts)),
    sequence(ECDSA_WITH_SHA256),
    element(TAG.octetString, ecdsaSignatureValue(value)),
  );
  const signedData = sequence(
    VERSION_1,
    element(TAG.set, SHA256),
    sequence(DATA, element(context(0), element(TAG.octetString, content))),
    element(context(0), certificate.bytes),
    element(TAG.set, signerInfo),
  );
  return concatenated([sequence(SIGNED_DATA, element(context(0), signedData))]);
}

const VERSION_1 = octetsOf('020101');
const DATA = octetsOf('06092a864886f70d010701');
const SIGNED_DATA = octetsOf('06092a864886f70d010702');
/** RFC 5754 §2: no parameters. */
const SHA256 = sequence(octetsOf('0609608648016503040201'));
