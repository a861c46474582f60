import * as asn1 from '../der/encode.ts';
import { TAG, context } from '../der/tag.ts';
import { numberOf } from '../der/values.ts';
import { CMS, PKIX } from '../oid.ts';
import type { CmsAttribute } from './attribute.ts';
import { BerReader } from './ber-reader.ts';
import { parseSignedData, withoutPem } from './signed-data.ts';
import type { SignedData } from './signed-data.ts';

/** A signer, of which only the unsigned attributes may change. */
export interface SignerParts {
  /** From version to signature, as they stand. */
  signedFields: Buffer;
  unsignedAttributes: CmsAttribute[];
}

/**
 * A SignedData taken apart to have something added to it. What is signed, or was hashed by an archive time stamp, keeps its octets,
 * BER or not, and its place.
 */
export interface SignedDataParts {
  version: number;
  /** Whole elements. */
  digestAlgorithms: Buffer;
  encapContentInfo: Buffer;
  certificates: Buffer[];
  /** Members of `crls`, whole. */
  revocationChoices: Buffer[];
  signers: SignerParts[];
}

/** Takes a SignedData apart; throws PkiError `cms-malformed`. */
export function takeApart(input: Uint8Array): { parts: SignedDataParts; signedData: SignedData } {
  // Reads everything with its bounds; below only places are looked for.
  const signedData = parseSignedData(input);
  const reader = new BerReader(withoutPem(input));
  reader.enter(TAG.sequence);
  reader.read(TAG.oid);
  reader.enter(context(0));
  reader.enter(TAG.sequence);
  const version = numberOf(reader.read(TAG.integer));
  const digestAlgorithms = reader.read(TAG.set).bytes;
  const encapContentInfo = reader.read(TAG.sequence).bytes;
  const certificates = reader.enterOptional(context(0)) ? membersOf(reader) : [];
  const parts = {
    version,
    digestAlgorithms,
    encapContentInfo,
    certificates,
    revocationChoices: [...signedData.revocationChoices],
    signers: signedData.signerInfos.map(({ signedFields, unsignedAttributes }) => ({
      signedFields,
      unsignedAttributes: [...unsignedAttributes],
    })),
  };
  return { parts, signedData };
}

/** A ContentInfo around the parts. Sets stay in the order in which they are: old archive time stamps depend on it. */
export function putTogether(parts: SignedDataParts): Buffer {
  const { certificates, revocationChoices, signers } = parts;
  const signedData = asn1.sequence(
    asn1.integer(versionOf(parts)),
    parts.digestAlgorithms,
    parts.encapContentInfo,
    ...(certificates.length > 0 ? [asn1.element(context(0), ...certificates)] : []),
    ...(revocationChoices.length > 0 ? [asn1.element(context(1), ...revocationChoices)] : []),
    asn1.element(TAG.set, ...signers.map(encodeSigner)),
  );
  return asn1.sequence(asn1.oid(CMS.signedData), asn1.explicit(0, signedData));
}

/** RevocationInfoChoice of an OCSPResponse (RFC 5940 §2.1); a CertificateList stands as it is. */
export function ocspRevocationChoice(ocspResponse: Uint8Array): Buffer {
  return asn1.implicit(1, asn1.sequence(asn1.oid(PKIX.otherRevocationInfoOcsp), ocspResponse));
}

function encodeSigner({ signedFields, unsignedAttributes }: SignerParts): Buffer {
  const attributes = unsignedAttributes.map(({ type, values }) =>
    asn1.sequence(asn1.oid(type), asn1.element(TAG.set, ...values)),
  );
  const unsigned = attributes.length > 0 ? [asn1.element(context(1), ...attributes)] : [];
  return asn1.sequence(signedFields, ...unsigned);
}

/** Revocation information that is no CRL makes it version 5 (RFC 5652 §5.1); nothing that is added lowers it. */
function versionOf({ version, revocationChoices }: SignedDataParts): number {
  return revocationChoices.some(([tag]) => tag === context(1)) ? Math.max(version, 5) : version;
}

function membersOf(reader: BerReader): Buffer[] {
  const members: Buffer[] = [];
  while (reader.peek() !== -1) members.push(reader.next().bytes);
  reader.leave();
  return members;
}
